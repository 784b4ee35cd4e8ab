"""Writing cards of evidence one by one."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, insert, select, update

from app.domain.statement import Evidence
from app.storage.tables.material import recommendation_basis
from app.storage.tables.statement import evidence, evidence_text, statement, statement_evidence


def store_card(connection: Connection, study_id: int, code: str | None, card: Evidence) -> None:
    """Store a card in place of the one of this code, or (None) behind all others."""
    number = None if code is None else find_card_id(connection, study_id, code)
    values = {"code": card.code, "kind": card.kind, "country": card.country, "source": card.source}
    if number is None:
        last = connection.execute(
            select(func.max(evidence.c.id), func.max(evidence.c.position)).where(
                evidence.c.study_id == study_id
            )
        ).one()
        number = (last[0] or 0) + 1
        connection.execute(
            insert(evidence),
            {"study_id": study_id, "id": number, "position": (last[1] or 0) + 1, **values},
        )
    else:
        connection.execute(
            update(evidence).where(evidence.c.study_id == study_id, evidence.c.id == number).values(**values)
        )
        _forget_parts(connection, study_id, number)
    languages = [*dict.fromkeys([*card.title, *card.what, *card.why])]
    connection.execute(
        insert(evidence_text),
        [
            {
                "study_id": study_id,
                "evidence_id": number,
                "language": language,
                "title": card.title.get(language, ""),
                "what": card.what.get(language, ""),
                "why": card.why.get(language, ""),
            }
            for language in languages
        ],
    )
    _connect(connection, study_id, number, card.statements)


def remove_card(connection: Connection, study_id: int, code: str) -> None:
    """Remove a card, and take it from everything that it stands beside."""
    number = find_card_id(connection, study_id, code)
    if number is None:
        return
    _forget_parts(connection, study_id, number)
    connection.execute(delete(evidence).where(evidence.c.study_id == study_id, evidence.c.id == number))


def is_card_in_use(connection: Connection, study_id: int, code: str) -> bool:
    """Whether a recommendation rests on the card."""
    number = find_card_id(connection, study_id, code)
    return (
        connection.scalar(
            select(recommendation_basis.c.position)
            .where(recommendation_basis.c.study_id == study_id, recommendation_basis.c.evidence_id == number)
            .limit(1)
        )
        is not None
    )


def find_card_id(connection: Connection, study_id: int, code: str) -> int | None:
    """The internal id of the card of this code."""
    return connection.scalar(
        select(evidence.c.id).where(evidence.c.study_id == study_id, evidence.c.code == code)
    )


def read_card_codes(connection: Connection, study_id: int) -> tuple[str, ...]:
    """The codes of all cards, in their order."""
    return tuple(
        connection.scalars(
            select(evidence.c.code).where(evidence.c.study_id == study_id).order_by(evidence.c.position)
        )
    )


def _forget_parts(connection: Connection, study_id: int, number: int) -> None:
    for table in (statement_evidence, evidence_text):
        connection.execute(delete(table).where(table.c.study_id == study_id, table.c.evidence_id == number))


def _connect(connection: Connection, study_id: int, number: int, codes: Sequence[str]) -> None:
    ids = connection.scalars(
        select(statement.c.id).where(statement.c.study_id == study_id, statement.c.code.in_(codes))
    ).all()
    if ids:
        connection.execute(
            insert(statement_evidence),
            [{"study_id": study_id, "statement_id": one, "evidence_id": number} for one in ids],
        )
