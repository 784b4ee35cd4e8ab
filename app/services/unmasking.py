"""Looking up who is behind a pseudonym: an owner's act, with a reason, that the log keeps."""

from typing import Final

from app.clock import Clock
from app.domain.errors import LiftingNeedsReason, NobodyBehindPseudonym, PanelistNotFound
from app.domain.event import EventKind
from app.domain.rating import checked_text
from app.services.finding import hold_study_of
from app.storage import identities, panel
from app.storage.database import Database
from app.storage.events import append_event
from app.storage.identities import Identity

REASON_LIMIT: Final = 1000


def lift_pseudonym(
    database: Database, clock: Clock, slug: str, pseudonym: str, actor: str, reason: str
) -> Identity:
    """Say who a panelist is; that somebody asked, and why, is in the log before the answer is given.

    Raises
    ------
    StudyNotFound
    PanelistNotFound
        The study has no panelist of this pseudonym.
    NobodyBehindPseudonym
        The panelist had the name erased.
    LiftingNeedsReason, TextTooLong, TextNotReadable
        No reason was given, or none that can be kept.
    """
    kept_reason = checked_text(reason, REASON_LIMIT)
    if not kept_reason:
        raise LiftingNeedsReason
    with database.writing() as connection:
        study = hold_study_of(connection, slug)
        panelist = panel.find_panelist_by_pseudonym(connection, study.id, pseudonym)
        if panelist is None:
            raise PanelistNotFound(name=pseudonym)
        identity = identities.find_identity(connection, study.id, panelist.id)
        if identity is None:
            raise NobodyBehindPseudonym(name=pseudonym)
        payload = {"panelist": pseudonym, "reason": kept_reason}
        append_event(connection, study.id, EventKind.PSEUDONYM_LIFTED, actor, clock.now(), payload)
    return identity
