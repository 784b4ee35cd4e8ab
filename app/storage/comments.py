"""Comments of a round: what was written, what was decided on each, and what of it the panel is shown."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, Select, and_, bindparam, exists, func, literal, select, update

from app.domain.moderation import SHOWN, Moderation
from app.domain.study import Texts
from app.storage.prepared import Prepared, listed, rows_as_text
from app.storage.tables.coding import coding, material, theme, theme_text
from app.storage.tables.rating import comment
from app.storage.tables.statement import statement


@dataclass(frozen=True)
class StoredComment:
    """A comment with its author, who is known to the storage alone, and what was decided on it."""

    panelist_id: int
    statement_id: int
    statement: str
    text: str
    language: str
    moderation: Moderation
    released_text: str


@dataclass(frozen=True)
class ShownComment:
    """What the panel is shown of a comment on a statement, under a theme when it has one.

    ``headings`` are what the panel reads above comments of the theme, by language.
    """

    statement: str
    text: str
    language: str
    theme: int | None
    headings: Texts


@dataclass(frozen=True)
class CommentCount:
    """How many comments on a statement are in one state."""

    statement: str
    moderation: Moderation
    n: int


_WRITTEN = (
    and_(statement.c.study_id == comment.c.study_id, statement.c.id == comment.c.statement_id),
    and_(
        comment.c.study_id == bindparam("study"),
        comment.c.round_number == bindparam("round"),
        comment.c.text != "",
    ),
)
_ALL = select(comment, statement.c.code).join(statement, _WRITTEN[0]).where(_WRITTEN[1])
_COUNTS = (
    select(statement.c.code, comment.c.moderation, func.count().label("n"))
    .select_from(comment)
    .join(statement, _WRITTEN[0])
    .where(_WRITTEN[1])
    .group_by(statement.c.position, statement.c.code, comment.c.moderation)
    .order_by(statement.c.position, comment.c.moderation)
)
_WRITERS = (
    select(comment.c.language, func.count(comment.c.panelist_id.distinct()).label("n"))
    .where(_WRITTEN[1])
    .group_by(comment.c.language)
)
_IS_SHOWN = comment.c.moderation.in_([literal(state) for state in SHOWN])
# A comment stands under the theme that most coders gave it; of several the first in the study's order.
_THEME = (
    select(coding.c.theme_id)
    .select_from(material)
    .join(coding, and_(coding.c.study_id == material.c.study_id, coding.c.material_id == material.c.id))
    .join(theme, and_(theme.c.study_id == coding.c.study_id, theme.c.id == coding.c.theme_id))
    .where(
        material.c.study_id == comment.c.study_id,
        material.c.round_number == comment.c.round_number,
        material.c.panelist_id == comment.c.panelist_id,
        material.c.statement_id == comment.c.statement_id,
        exists().where(theme_text.c.study_id == theme.c.study_id, theme_text.c.theme_id == theme.c.id),
    )
    .group_by(coding.c.theme_id, theme.c.position)
    .order_by(func.count().desc(), theme.c.position, coding.c.theme_id)
    .limit(1)
    .correlate(comment)
    .scalar_subquery()
)
_given = theme.alias("given")
_SHOWN = (
    select(statement.c.code, comment.c.released_text, comment.c.language, _given.c.id.label("theme"))
    .select_from(comment)
    .join(statement, _WRITTEN[0])
    .outerjoin(_given, and_(_given.c.study_id == comment.c.study_id, _given.c.id == _THEME))
    .where(
        _WRITTEN[1],
        _IS_SHOWN,
    )
    .order_by(_given.c.position, _given.c.id)
)
_HEADINGS = Prepared(select(theme_text).where(theme_text.c.study_id == bindparam("study")))
_SHOWN_ON = Prepared(
    {name: _SHOWN.where(statement.c.code.in_(codes)) for name, codes in listed([statement.c.code]).items()}
)
_LANGUAGES = Prepared(
    select(comment.c.language)
    .where(_WRITTEN[1], _IS_SHOWN)
    .group_by(comment.c.language)
    .having(func.count(comment.c.panelist_id.distinct()) >= bindparam("k"))
)


def read_comments(
    connection: Connection,
    study_id: int,
    round_number: int,
    *,
    on_statements: Collection[str] | None = None,
    moderation: Moderation | None = None,
) -> tuple[StoredComment, ...]:
    """The comments of a round in the statements' order, on some of them or in one state if asked."""
    query: Select[*tuple[object, ...]] = _ALL.order_by(statement.c.position)
    if on_statements is not None:
        query = query.where(statement.c.code.in_(on_statements))
    if moderation is not None:
        query = query.where(comment.c.moderation == moderation)
    return tuple(
        StoredComment(
            row.panelist_id,
            row.statement_id,
            row.code,
            row.text,
            row.language,
            Moderation(row.moderation),
            row.released_text,
        )
        for row in connection.execute(query, {"study": study_id, "round": round_number})
    )


def count_comments_by_state(
    connection: Connection, study_id: int, round_number: int
) -> tuple[CommentCount, ...]:
    """How many comments of a round are in which state, statement by statement in the study's order."""
    rows = connection.execute(_COUNTS, {"study": study_id, "round": round_number})
    return tuple(CommentCount(row.code, Moderation(row.moderation), row.n) for row in rows)


def count_writers(connection: Connection, study_id: int, round_number: int) -> dict[str, int]:
    """How many people wrote the comments of a round in each language, by language."""
    rows = connection.execute(_WRITERS, {"study": study_id, "round": round_number})
    return {row.language: row.n for row in rows}


def store_moderation(
    connection: Connection,
    study_id: int,
    round_number: int,
    decided: Iterable[tuple[StoredComment, str]],
    to: Moderation,
) -> None:
    """Keep what was decided on comments, each with the text that is shown of it; the original stays."""
    rows = [
        {"panelist": one.panelist_id, "on": one.statement_id, "state": to, "shown": text}
        for one, text in decided
    ]
    if rows:
        connection.execute(
            update(comment)
            .where(
                comment.c.study_id == study_id,
                comment.c.round_number == round_number,
                comment.c.panelist_id == bindparam("panelist"),
                comment.c.statement_id == bindparam("on"),
            )
            .values(moderation=bindparam("state"), released_text=bindparam("shown")),
            rows,
        )


def read_shown_comments(
    connection: Connection, study_id: int, round_number: int, statements: Collection[str]
) -> tuple[ShownComment, ...]:
    """What the panel is shown of a round's comments on some statements, comments with a theme by theme."""
    codes = rows_as_text([{"code": code} for code in statements])
    rows = _SHOWN_ON.all(connection, study=study_id, round=round_number, rows=codes)
    headings: dict[int | None, dict[str, str]] = defaultdict(dict)
    if any(row.theme for row in rows):
        for row in _HEADINGS.all(connection, study=study_id):
            headings[row.theme_id][row.language] = row.heading
    return tuple(
        ShownComment(row.code, row.released_text, row.language, row.theme, headings[row.theme])
        for row in rows
    )


def languages_of_many(connection: Connection, study_id: int, round_number: int, k: int) -> frozenset[str]:
    """The languages in which at least ``k`` people wrote comments that are shown."""
    rows = _LANGUAGES.all(connection, study=study_id, round=round_number, k=k)
    return frozenset(row.language for row in rows)
