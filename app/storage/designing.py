"""A study's design put in place of the one before, while nobody has answered anything."""

from collections.abc import Sequence

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from app.domain.design import STUDY_TEXTS, StudyDesign
from app.domain.event import canonical_json
from app.domain.protocol import protocol_sha256
from app.storage.tables.panel import panelist
from app.storage.tables.study import criterion, protocol_version, stakeholder_group, study, study_text


def replace_design(connection: Connection, study_id: int, version: int, design: StudyDesign) -> None:
    """Store a design in place of the one that was there; ``version`` is that of the protocol not yet frozen.

    Groups and criteria that keep their code keep what refers to them.
    """
    facts = ("time_zone", "synthetic", "contact", "minutes_per_round")
    connection.execute(
        update(study).where(study.c.id == study_id).values({name: getattr(design, name) for name in facts})
    )
    connection.execute(delete(study_text).where(study_text.c.study_id == study_id))
    connection.execute(
        insert(study_text),
        [
            {"study_id": study_id, "language": language, "position": position}
            | {name: getattr(design.texts, name)[language] for name in STUDY_TEXTS}
            for position, language in enumerate(design.languages, start=1)
        ],
    )
    connection.execute(
        update(protocol_version)
        .where(protocol_version.c.study_id == study_id, protocol_version.c.version == version)
        .values(tables=canonical_json(design.tables), sha256=protocol_sha256(design.tables))
    )
    _replace_codes(connection, stakeholder_group, study_id, design.protocol.group_codes)
    _replace_codes(connection, criterion, study_id, design.protocol.criterion_codes)


def replace_contact(connection: Connection, study_id: int, contact: str) -> None:
    """Where panelists can write to is this."""
    connection.execute(update(study).where(study.c.id == study_id).values(contact=contact))


def count_panelists_by_group(connection: Connection, study_id: int) -> dict[str, int]:
    """How many panelists each stakeholder group has, by its code; groups without any are left out."""
    rows = connection.execute(
        select(stakeholder_group.c.code, func.count())
        .join(
            panelist,
            (panelist.c.study_id == stakeholder_group.c.study_id)
            & (panelist.c.group_id == stakeholder_group.c.id),
        )
        .where(stakeholder_group.c.study_id == study_id)
        .group_by(stakeholder_group.c.code)
    )
    return {row[0]: row[1] for row in rows}


def count_panelists_by_language(connection: Connection, study_id: int) -> dict[str, int]:
    """How many panelists read each language."""
    rows = connection.execute(
        select(panelist.c.language, func.count())
        .where(panelist.c.study_id == study_id)
        .group_by(panelist.c.language)
    )
    return {row[0]: row[1] for row in rows}


def _replace_codes(connection: Connection, table: Table, study_id: int, codes: Sequence[str]) -> None:
    own = table.c.study_id == study_id
    connection.execute(delete(table).where(own, table.c.code.not_in(codes)))
    known = {row.code: row.id for row in connection.execute(select(table.c.code, table.c.id).where(own))}
    following = max(known.values(), default=0)
    for position, code in enumerate(codes, start=1):
        if code in known:
            moved = update(table).where(own, table.c.code == code)
            connection.execute(moved.values(position=position))
        else:
            following += 1
            added = {"study_id": study_id, "id": following, "code": code, "position": position}
            connection.execute(insert(table), added)
