"""Themes: their hierarchy, what the panel reads of them, and the statements with which they are matched."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from app.domain.theme import Colour, Theme, ThemeDraft
from app.storage.tables.coding import (
    coding,
    theme,
    theme_statement,
    theme_text,
)
from app.storage.tables.material import recommendation_basis
from app.storage.tables.statement import statement


@dataclass(frozen=True)
class ThemeUse:
    """How often a theme is given: to how many pieces, by how many coders."""

    n_pieces: int = 0
    n_coders: int = 0
    n_codings: int = 0


def read_themes(connection: Connection, study_id: int) -> tuple[Theme, ...]:
    """All themes of a study, in the order of their places."""
    headings: dict[int, dict[str, str]] = defaultdict(dict)
    for row in connection.execute(select(theme_text).where(theme_text.c.study_id == study_id)):
        headings[row.theme_id][row.language] = row.heading
    rows = connection.execute(
        select(theme).where(theme.c.study_id == study_id).order_by(theme.c.position, theme.c.id)
    )
    return tuple(
        Theme(
            row.id,
            row.name,
            row.description,
            Colour(row.colour),
            row.parent_id,
            row.position,
            headings[row.id],
        )
        for row in rows
    )


def count_uses(connection: Connection, study_id: int) -> dict[int, ThemeUse]:
    """How often each theme is given; themes that nobody has given are absent."""
    rows = connection.execute(
        select(
            coding.c.theme_id,
            func.count(coding.c.material_id.distinct()).label("n_pieces"),
            func.count(coding.c.researcher_id.distinct()).label("n_coders"),
            func.count().label("n_codings"),
        )
        .where(coding.c.study_id == study_id)
        .group_by(coding.c.theme_id)
    )
    return {row.theme_id: ThemeUse(row.n_pieces, row.n_coders, row.n_codings) for row in rows}


def insert_theme(connection: Connection, study_id: int, draft: ThemeDraft, position: int) -> int:
    """Store a new theme and return its number."""
    newest = connection.scalar(select(func.max(theme.c.id)).where(theme.c.study_id == study_id))
    number = (newest or 0) + 1
    row = {"study_id": study_id, "id": number, "position": position, **_columns(draft)}
    connection.execute(insert(theme), row)
    _insert_headings(connection, study_id, number, draft)
    return number


def update_theme(
    connection: Connection, study_id: int, theme_id: int, draft: ThemeDraft, position: int
) -> None:
    """Store what a theme is to be, and its place."""
    connection.execute(
        update(theme)
        .where(theme.c.study_id == study_id, theme.c.id == theme_id)
        .values(position=position, **_columns(draft))
    )
    connection.execute(
        delete(theme_text).where(theme_text.c.study_id == study_id, theme_text.c.theme_id == theme_id)
    )
    _insert_headings(connection, study_id, theme_id, draft)


def store_places(connection: Connection, study_id: int, places: Mapping[int, int]) -> None:
    """Put themes in their places."""
    for theme_id, position in places.items():
        connection.execute(
            update(theme)
            .where(theme.c.study_id == study_id, theme.c.id == theme_id)
            .values(position=position)
        )


def remove_theme(connection: Connection, study_id: int, theme_id: int, parts_go_to: int | None) -> None:
    """Remove a theme with its codings and matches; what stood under it goes to another place."""
    connection.execute(
        update(theme)
        .where(theme.c.study_id == study_id, theme.c.parent_id == theme_id)
        .values(parent_id=parts_go_to)
    )
    for table in (coding, theme_statement, theme_text):
        connection.execute(delete(table).where(table.c.study_id == study_id, table.c.theme_id == theme_id))
    connection.execute(delete(theme).where(theme.c.study_id == study_id, theme.c.id == theme_id))


def hand_over(connection: Connection, study_id: int, theme_id: int, into_id: int) -> None:
    """Give to one theme what another has: codings, matched statements and recommendations."""
    for table, others in ((coding, ("material_id", "researcher_id")), (theme_statement, ("statement_id",))):
        held = table.alias("held")
        is_there = select(held.c.theme_id).where(
            held.c.study_id == study_id,
            held.c.theme_id == into_id,
            *(held.c[name] == table.c[name] for name in others),
        )
        connection.execute(
            update(table)
            .where(table.c.study_id == study_id, table.c.theme_id == theme_id, ~is_there.exists())
            .values(theme_id=into_id)
        )
    connection.execute(
        update(recommendation_basis)
        .where(recommendation_basis.c.study_id == study_id, recommendation_basis.c.theme_id == theme_id)
        .values(theme_id=into_id)
    )


def is_theme_in_use(connection: Connection, study_id: int, theme_id: int) -> bool:
    """Whether a recommendation rests on a theme."""
    resting = select(recommendation_basis.c.theme_id).where(
        recommendation_basis.c.study_id == study_id, recommendation_basis.c.theme_id == theme_id
    )
    return connection.execute(resting.limit(1)).first() is not None


def read_matches(connection: Connection, study_id: int) -> dict[int, tuple[str, ...]]:
    """The codes of the statements with which each theme is matched, in the order of the statements."""
    rows = connection.execute(
        select(theme_statement.c.theme_id, statement.c.code)
        .join(
            statement,
            and_(
                statement.c.study_id == theme_statement.c.study_id,
                statement.c.id == theme_statement.c.statement_id,
            ),
        )
        .where(theme_statement.c.study_id == study_id)
        .order_by(statement.c.position, statement.c.id)
    )
    found: dict[int, tuple[str, ...]] = {}
    for row in rows:
        found[row.theme_id] = (*found.get(row.theme_id, ()), row.code)
    return found


def match_statements(
    connection: Connection, study_id: int, theme_id: int, given: Collection[str], taken: Collection[str]
) -> None:
    """Match a theme with statements, and part it from others."""
    named = select(statement.c.id, statement.c.code).where(
        statement.c.study_id == study_id, or_(statement.c.code.in_(given), statement.c.code.in_(taken))
    )
    ids = {row.code: row.id for row in connection.execute(named)}
    parted = [ids[code] for code in taken if code in ids]
    connection.execute(
        delete(theme_statement).where(
            theme_statement.c.study_id == study_id,
            theme_statement.c.theme_id == theme_id,
            theme_statement.c.statement_id.in_(parted),
        )
    )
    key = {"study_id": study_id, "theme_id": theme_id}
    rows = [{**key, "statement_id": ids[code]} for code in given if code in ids]
    if rows:
        connection.execute(insert(theme_statement), rows)


def _columns(draft: ThemeDraft) -> dict[str, object]:
    return {
        "name": draft.name,
        "description": draft.description,
        "colour": draft.colour,
        "parent_id": draft.parent_id,
    }


def _insert_headings(connection: Connection, study_id: int, theme_id: int, draft: ThemeDraft) -> None:
    key = {"study_id": study_id, "theme_id": theme_id}
    rows = [{**key, "language": code, "heading": text} for code, text in draft.heading.items()]
    if rows:
        connection.execute(insert(theme_text), rows)
