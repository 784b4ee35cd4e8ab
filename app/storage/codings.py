"""Codings: which coder gave which piece which theme, and who found that none fits."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from app.domain.material import PieceKey, PieceKind, TextFromElsewhere
from app.storage.tables.account import researcher
from app.storage.tables.coding import coding, fits_no_theme, material, statement_source


@dataclass(frozen=True)
class StoredCoding:
    """What one coder said of one piece; ``theme_id`` None: that no theme fits."""

    material_id: int
    theme_id: int | None
    researcher_id: int


def find_material(connection: Connection, study_id: int, key: PieceKey) -> int | None:
    """The number under which a piece is coded; None as long as nobody has."""
    return connection.scalar(select(material.c.id).filter_by(study_id=study_id, **_place(key)))


def hold_material(connection: Connection, study_id: int, key: PieceKey) -> int:
    """The number under which a piece is coded, a new one where nobody has; call it with the study held."""
    found = find_material(connection, study_id, key)
    if found is not None:
        return found
    number = _next_number(connection, study_id)
    pointing = {"study_id": study_id, "id": number, "kind": key.kind, "text": "", "source": ""}
    connection.execute(insert(material), {**pointing, **_place(key)})
    return number


def insert_experiences(connection: Connection, study_id: int, texts: Iterable[TextFromElsewhere]) -> None:
    """Store texts that were brought in from elsewhere, one piece each."""
    rows = [
        {
            "study_id": study_id,
            "id": number,
            "kind": PieceKind.EXPERIENCE,
            "text": one.text,
            "language": one.language,
            "source": one.source,
        }
        for number, one in enumerate(texts, start=_next_number(connection, study_id))
    ]
    connection.execute(insert(material), rows)


def read_experiences(connection: Connection, study_id: int) -> frozenset[TextFromElsewhere]:
    """All texts that were brought in from elsewhere."""
    rows = connection.execute(
        select(material.c.text, material.c.source, material.c.language).where(
            material.c.study_id == study_id, material.c.kind == PieceKind.EXPERIENCE
        )
    )
    return frozenset(TextFromElsewhere(row.text, row.source, row.language) for row in rows)


def remove_experience(connection: Connection, study_id: int, number: int) -> None:
    """Remove a text that was brought in, with all that was coded of it."""
    for table in (coding, fits_no_theme, statement_source):
        connection.execute(delete(table).where(table.c.study_id == study_id, table.c.material_id == number))
    connection.execute(delete(material).where(material.c.study_id == study_id, material.c.id == number))


def read_codings(
    connection: Connection, study_id: int, material_ids: Collection[int] | None = None
) -> tuple[StoredCoding, ...]:
    """What coders said of some pieces, or of all."""
    found: list[StoredCoding] = []
    for table, theme_id in ((coding, coding.c.theme_id), (fits_no_theme, None)):
        columns = [table.c.material_id, table.c.researcher_id]
        query = select(*columns, *([theme_id] if theme_id is not None else [])).where(
            table.c.study_id == study_id
        )
        if material_ids is not None:
            query = query.where(table.c.material_id.in_(material_ids))
        found += [
            StoredCoding(row.material_id, row.theme_id if theme_id is not None else None, row.researcher_id)
            for row in connection.execute(query.order_by(*columns))
        ]
    return tuple(found)


def read_own_themes(
    connection: Connection, study_id: int, material_id: int, researcher_id: int
) -> frozenset[int]:
    """The themes that a coder has given a piece."""
    query = select(coding.c.theme_id).filter_by(
        study_id=study_id, material_id=material_id, researcher_id=researcher_id
    )
    return frozenset(connection.scalars(query))


def says_no_theme(connection: Connection, study_id: int, material_id: int, researcher_id: int) -> bool:
    """Whether a coder has found that no theme fits a piece."""
    query = select(fits_no_theme.c.material_id).filter_by(
        study_id=study_id, material_id=material_id, researcher_id=researcher_id
    )
    return connection.execute(query).first() is not None


def store_codes(
    connection: Connection,
    study_id: int,
    material_id: int,
    researcher_id: int,
    *,
    given: Collection[int],
    taken: Collection[int],
    fits_none: bool,
    at: datetime,
) -> None:
    """Give themes to a piece and take others away; ``fits_none`` is what then holds of no theme."""
    key = {"study_id": study_id, "material_id": material_id, "researcher_id": researcher_id}
    connection.execute(delete(coding).filter_by(**key).where(coding.c.theme_id.in_(taken)))
    if given:
        connection.execute(
            insert(coding), [{**key, "theme_id": theme_id, "coded_at": at} for theme_id in sorted(given)]
        )
    connection.execute(delete(fits_no_theme).filter_by(**key))
    if fits_none:
        connection.execute(insert(fits_no_theme), {**key, "said_at": at})


def read_coders(connection: Connection, study_id: int) -> dict[int, str]:
    """The names of all who have coded something, by number, in the order of the alphabet."""
    numbers = (
        select(coding.c.researcher_id)
        .where(coding.c.study_id == study_id)
        .union(select(fits_no_theme.c.researcher_id).where(fits_no_theme.c.study_id == study_id))
    )
    rows = connection.execute(
        select(researcher.c.id, researcher.c.name)
        .where(researcher.c.id.in_(numbers))
        .order_by(func.lower(researcher.c.name), researcher.c.id)
    )
    return {row.id: row.name for row in rows}


def insert_sources(
    connection: Connection, study_id: int, statement_id: int, material_ids: Collection[int]
) -> None:
    """Keep out of which pieces a statement was written."""
    rows = [
        {"study_id": study_id, "statement_id": statement_id, "material_id": number}
        for number in sorted(material_ids)
    ]
    connection.execute(insert(statement_source), rows)


def count_sources(connection: Connection, study_id: int) -> dict[int, int]:
    """Out of how many pieces each statement was written, by its number; others are absent."""
    rows = connection.execute(
        select(statement_source.c.statement_id, func.count().label("n"))
        .where(statement_source.c.study_id == study_id)
        .group_by(statement_source.c.statement_id)
    )
    return {row.statement_id: row.n for row in rows}


def _next_number(connection: Connection, study_id: int) -> int:
    newest = connection.scalar(select(func.max(material.c.id)).where(material.c.study_id == study_id))
    return (newest or 0) + 1


def _place(key: PieceKey) -> dict[str, int]:
    if key.kind is PieceKind.EXPERIENCE:
        return {"id": key.place}
    place = {"round_number": key.round_number, "panelist_id": key.panelist_id}
    if key.kind is PieceKind.COMMENT:
        return {**place, "statement_id": key.place}
    return {**place, "question_id": key.place, "position": key.position}
