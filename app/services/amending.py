"""Amending the protocol of a running study: a new version with its reason; the earlier ones stay."""

from app.clock import Clock
from app.domain.amendment import checked_amendment, refuse_amendment_now
from app.domain.design import StudyDesign
from app.domain.event import EventKind
from app.domain.protocol import ProtocolVersion, protocol_sha256
from app.domain.study import Study
from app.domain.study_definition import StudyDefinition
from app.services.finding import hold_study_of
from app.storage import rounds, studies
from app.storage.database import Connection, Database
from app.storage.events import append_event
from app.storage.planned_questions import replace_planned_questions


def amend_protocol(
    database: Database, clock: Clock, slug: str, definition: StudyDefinition, reason: str, actor: str
) -> ProtocolVersion:
    """Put the protocol of a study's edited files in force from the next round on.

    The same protocol again changes nothing. The report lists every amendment with its reason. The files' open
    questions go with it: rounds that are still to come ask those.

    Raises
    ------
    StudyNotFound
    ActionBlocked
        A round is in hand, or the study is concluded.
    AmendmentNeedsReason, AmendmentTouchesRatings, TextTooLong, TextNotReadable
    """
    with database.writing() as connection:
        study = hold_study_of(connection, slug)
        before = studies.protocol_in_force(connection, study.id)
        amended = store_amendment(connection, clock, study, definition, reason, actor)
        if amended != before:
            replace_planned_questions(connection, study.id, definition.open_questions)
        return amended


def store_amendment(
    connection: Connection, clock: Clock, study: Study, design: StudyDesign, reason: str, actor: str
) -> ProtocolVersion:
    """Store a new version of the protocol within a transaction that holds the study, and log it.

    Raises
    ------
    ActionBlocked, AmendmentNeedsReason, AmendmentTouchesRatings, TextTooLong, TextNotReadable
    """
    now = clock.now()
    current = studies.protocol_in_force(connection, study.id)
    held = rounds.read_rounds(connection, study.id)
    refuse_amendment_now(study.status, held)
    kept_reason = checked_amendment(current.protocol, design.protocol, reason, n_held=len(held))
    sha256 = protocol_sha256(design.tables)
    if sha256 == current.sha256:
        return current
    amended = ProtocolVersion(
        version=current.version + 1,
        protocol=design.protocol,
        sha256=sha256,
        created_at=now,
        frozen_at=now if current.frozen_at is not None else None,
        amendment_reason=kept_reason,
    )
    studies.insert_protocol_version(connection, study.id, amended, design.tables)
    payload = {"version": amended.version, "sha256": sha256, "reason": kept_reason}
    append_event(connection, study.id, EventKind.PROTOCOL_AMENDED, actor, now, payload)
    return amended
