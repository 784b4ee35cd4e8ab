"""Audiences, and recommendations with what they rest on."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, select, update

from app.domain.recommendation import Audience, Basis, Recommendation
from app.storage.tables.coding import theme
from app.storage.tables.material import (
    audience,
    audience_text,
    recommendation,
    recommendation_basis,
    recommendation_text,
)
from app.storage.tables.statement import evidence, statement


@dataclass(frozen=True)
class BasisIds:
    """The internal ids of what recommendations can rest on, by the codes that people read."""

    statements: Mapping[str, int]
    evidence: Mapping[str, int]


def read_audiences(connection: Connection, study_id: int) -> tuple[Audience, ...]:
    """The study's audiences in their order."""
    names: dict[int, dict[str, str]] = defaultdict(dict)
    for row in connection.execute(select(audience_text).where(audience_text.c.study_id == study_id)):
        names[row.audience_id][row.language] = row.name
    rows = connection.execute(
        select(audience.c.id, audience.c.code)
        .where(audience.c.study_id == study_id)
        .order_by(audience.c.position)
    )
    return tuple(Audience(row.code, names[row.id]) for row in rows)


def replace_audiences(connection: Connection, study_id: int, audiences: Sequence[Audience]) -> None:
    """Store the audiences in this order, in place of those that are there."""
    for table in (audience_text, audience):
        connection.execute(delete(table).where(table.c.study_id == study_id))
    numbered = list(enumerate(audiences, start=1))
    if not numbered:
        return
    connection.execute(
        insert(audience),
        [{"study_id": study_id, "id": n, "code": one.code, "position": n} for n, one in numbered],
    )
    connection.execute(
        insert(audience_text),
        [
            {"study_id": study_id, "audience_id": n, "language": language, "name": name}
            for n, one in numbered
            for language, name in one.name.items()
        ],
    )


def read_recommendations(connection: Connection, study_id: int) -> tuple[Recommendation, ...]:
    """The study's recommendations, by audience in their order."""
    texts: dict[int, dict[str, str]] = defaultdict(dict)
    reservations: dict[int, dict[str, str]] = defaultdict(dict)
    for row in connection.execute(
        select(recommendation_text).where(recommendation_text.c.study_id == study_id)
    ):
        if row.text:
            texts[row.recommendation_id][row.language] = row.text
        if row.reservation:
            reservations[row.recommendation_id][row.language] = row.reservation
    bases = _read_bases(connection, study_id)
    rows = connection.execute(
        select(recommendation.c.id, recommendation.c.audience)
        .join(
            audience,
            and_(
                audience.c.study_id == recommendation.c.study_id, audience.c.code == recommendation.c.audience
            ),
        )
        .where(recommendation.c.study_id == study_id)
        .order_by(audience.c.position, recommendation.c.position, recommendation.c.id)
    )
    return tuple(
        Recommendation(row.id, row.audience, texts[row.id], bases.get(row.id, Basis()), reservations[row.id])
        for row in rows
    )


def read_themes(connection: Connection, study_id: int) -> dict[int, str]:
    """The names of the study's themes by their numbers, in their order."""
    rows = connection.execute(
        select(theme.c.id, theme.c.name)
        .where(theme.c.study_id == study_id)
        .order_by(theme.c.position, theme.c.id)
    )
    return {row.id: row.name for row in rows}


def read_basis_ids(connection: Connection, study_id: int) -> BasisIds:
    """The internal ids of the study's statements and evidence cards."""
    found = (
        {
            row.code: row.id
            for row in connection.execute(select(t.c.code, t.c.id).where(t.c.study_id == study_id))
        }
        for t in (statement, evidence)
    )
    return BasisIds(*found)


def insert_recommendation(
    connection: Connection, study_id: int, wanted: Recommendation, ids: BasisIds, at: datetime
) -> int:
    """Store a new recommendation behind the others of its audience; return its number."""
    newest = connection.scalar(
        select(func.max(recommendation.c.id)).where(recommendation.c.study_id == study_id)
    )
    number = (newest or 0) + 1
    connection.execute(
        insert(recommendation),
        {
            "study_id": study_id,
            "id": number,
            "audience": wanted.audience,
            "position": _last_position(connection, study_id, wanted.audience) + 1,
            "written_at": at,
        },
    )
    _insert_parts(connection, study_id, number, wanted, ids)
    return number


def update_recommendation(
    connection: Connection, study_id: int, stored: Recommendation, wanted: Recommendation, ids: BasisIds
) -> None:
    """Store what a recommendation is to say; for another audience it stands behind the others."""
    if wanted.audience != stored.audience:
        position = _last_position(connection, study_id, wanted.audience) + 1
        connection.execute(
            update(recommendation)
            .where(recommendation.c.study_id == study_id, recommendation.c.id == stored.number)
            .values(audience=wanted.audience, position=position)
        )
    _forget_parts(connection, study_id, stored.number)
    _insert_parts(connection, study_id, stored.number, wanted, ids)


def remove_recommendation(connection: Connection, study_id: int, number: int) -> None:
    """Remove a recommendation with all that it says."""
    _forget_parts(connection, study_id, number)
    connection.execute(
        delete(recommendation).where(recommendation.c.study_id == study_id, recommendation.c.id == number)
    )


def order_recommendations(connection: Connection, study_id: int, numbers: Sequence[int]) -> None:
    """Put recommendations of one audience in this order."""
    connection.execute(
        update(recommendation)
        .where(recommendation.c.study_id == study_id, recommendation.c.id == bindparam("number"))
        .values(position=bindparam("place")),
        [{"number": number, "place": place} for place, number in enumerate(numbers, start=1)],
    )


def _read_bases(connection: Connection, study_id: int) -> dict[int, Basis]:
    rows = connection.execute(
        select(
            recommendation_basis.c.recommendation_id,
            recommendation_basis.c.theme_id,
            statement.c.code.label("statement"),
            evidence.c.code.label("evidence"),
        )
        .outerjoin(
            statement,
            and_(
                statement.c.study_id == recommendation_basis.c.study_id,
                statement.c.id == recommendation_basis.c.statement_id,
            ),
        )
        .outerjoin(
            evidence,
            and_(
                evidence.c.study_id == recommendation_basis.c.study_id,
                evidence.c.id == recommendation_basis.c.evidence_id,
            ),
        )
        .where(recommendation_basis.c.study_id == study_id)
        .order_by(recommendation_basis.c.recommendation_id, recommendation_basis.c.position)
    ).all()
    of_one: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        of_one[row.recommendation_id].append(row)
    return {number: _basis(parts) for number, parts in of_one.items()}


def _basis(rows: Sequence[Any]) -> Basis:
    """What rows say, once each: two themes that were merged leave the one that stands there twice."""
    statements, themes, cards = (
        dict.fromkeys(getattr(row, name) for row in rows if getattr(row, name) is not None)
        for name in ("statement", "theme_id", "evidence")
    )
    return Basis(tuple(statements), tuple(themes), tuple(cards))


def _last_position(connection: Connection, study_id: int, of_audience: str) -> int:
    last = connection.scalar(
        select(func.max(recommendation.c.position)).where(
            recommendation.c.study_id == study_id, recommendation.c.audience == of_audience
        )
    )
    return last or 0


def _insert_parts(
    connection: Connection, study_id: int, number: int, wanted: Recommendation, ids: BasisIds
) -> None:
    key = {"study_id": study_id, "recommendation_id": number}
    languages = [*dict.fromkeys([*wanted.text, *wanted.reservation])]
    connection.execute(
        insert(recommendation_text),
        [
            {
                **key,
                "language": language,
                "text": wanted.text.get(language, ""),
                "reservation": wanted.reservation.get(language, ""),
            }
            for language in languages
        ],
    )
    none: dict[str, int | None] = {"statement_id": None, "theme_id": None, "evidence_id": None}
    basis = [
        *(none | {"statement_id": ids.statements[code]} for code in wanted.basis.statements),
        *(none | {"theme_id": one} for one in wanted.basis.themes),
        *(none | {"evidence_id": ids.evidence[code]} for code in wanted.basis.evidence),
    ]
    connection.execute(
        insert(recommendation_basis),
        [{**key, "position": place, **part} for place, part in enumerate(basis, start=1)],
    )


def _forget_parts(connection: Connection, study_id: int, number: int) -> None:
    for table in (recommendation_basis, recommendation_text):
        connection.execute(
            delete(table).where(table.c.study_id == study_id, table.c.recommendation_id == number)
        )
