"""Correcting somebody on the mail list, and their personal link: found by name, never by pseudonym.

Neither the log nor an answer says which panelist it was: beside the name it would lift the pseudonym.
"""

import hmac
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Final

from app.clock import Clock
from app.domain.errors import ActionBlocked, DomainError
from app.domain.event import EventKind
from app.domain.link import person_sign
from app.domain.messages import N_, Sentence
from app.domain.panel import Invitee
from app.domain.panel_editing import (
    GroupStays,
    PersonChangedMeanwhile,
    PersonNotFound,
    checked_invitee,
    group_stays,
    person_fingerprint,
    refuse_panel_changes,
)
from app.domain.protocol import Protocol
from app.domain.round import accepts_ratings
from app.domain.statement_editing import FieldsRefused
from app.domain.study import Study
from app.services.finding import get_study_of, hold_study_of
from app.services.mail_queue import queue_invitations, queue_renewed_link
from app.storage import identities, panel, panel_changes, rounds, studies
from app.storage.database import Connection, Database
from app.storage.events import append_event
from app.storage.panel import StoredLink

NO_LINK_YET: Final = Sentence(
    N_("No personal link has been issued yet. It goes out with the first invitation.")
)

_NOTHING_REFUSED: Final = Sentence(
    N_("No e-mail to this address was refused, so there is nothing to send again.")
)


@dataclass(frozen=True)
class KnownPerson:
    """Somebody on the mail list, with the state of the personal link; ``link`` is the newest one."""

    study: Study
    protocol: Protocol
    panelist_id: int
    invitee: Invitee
    is_disowned: bool
    bounced_at: datetime | None
    group_stays: bool
    link: StoredLink | None


def read_person(database: Database, slug: str, secret: bytes, sign: str) -> KnownPerson:
    """Who is meant by a sign.

    Raises
    ------
    StudyNotFound, PersonNotFound
    """
    with database.reading() as connection:
        return _known(connection, get_study_of(connection, slug), secret, sign)


def correct_person(
    database: Database,
    clock: Clock,
    slug: str,
    secret: bytes,
    sign: str,
    actor: str,
    typed: Invitee,
    *,
    known: str,
) -> bool:
    """Store what somebody is called, where they are written to, their group and language.

    With another address the links issued so far are closed, and one is mailed to the new address; return
    whether that was so. Who has had no link yet gets it with the first invitation.

    Parameters
    ----------
    known
        The sign of what was seen of the person (``person_fingerprint``).

    Raises
    ------
    StudyNotFound, PersonNotFound, ActionBlocked, PersonChangedMeanwhile, FieldsRefused
    """
    now = clock.now()
    with database.writing() as connection:
        person = _hold(connection, slug, secret, sign)
        study, before = person.study, person.invitee
        if person_fingerprint(before) != known:
            raise PersonChangedMeanwhile
        everybody = panel_changes.read_invitees(connection, study.id)
        taken = {one.email for one in everybody if one.email != before.email}
        kept = _checked(person, typed, taken)
        stored = asdict(before)
        changed = [field for field, text in asdict(kept).items() if text != stored[field]]
        if not changed:
            return False
        identities.replace_identity(connection, study.id, person.panelist_id, kept.name, kept.email)
        panel.set_panelist_language(connection, study.id, person.panelist_id, kept.language)
        panel_changes.set_group(connection, study.id, person.panelist_id, kept.group)
        is_sent = "email" in changed and person.link is not None
        if "email" in changed:
            identities.own_address(connection, study.id, person.panelist_id)
        if is_sent:
            panel.revoke_links(connection, study.id, person.panelist_id, now)
            _write_to_new_address(connection, person, now)
        append_event(connection, study.id, EventKind.PANELIST_CORRECTED, actor, now, {"changed": changed})
        return is_sent


def renew_link(database: Database, clock: Clock, slug: str, secret: bytes, sign: str, actor: str) -> None:
    """Close somebody's links and mail them a new one; their address counts as theirs from now on.

    Raises
    ------
    StudyNotFound, PersonNotFound, ActionBlocked
    """
    now = clock.now()
    with database.writing() as connection:
        known = _hold_with_link(connection, slug, secret, sign)
        panel.revoke_links(connection, known.study.id, known.panelist_id, now)
        identities.own_address(connection, known.study.id, known.panelist_id)
        queue_renewed_link(connection, known.study, known.panelist_id, now)
        append_event(connection, known.study.id, EventKind.LINK_RENEWED, actor, now, {})


def send_again(database: Database, clock: Clock, slug: str, secret: bytes, sign: str, actor: str) -> None:
    """Write once more to an address that refused mail: the invitation that waits, or else a new link.

    Raises
    ------
    StudyNotFound, PersonNotFound, ActionBlocked
    """
    now = clock.now()
    with database.writing() as connection:
        known = _hold_with_link(connection, slug, secret, sign)
        if known.bounced_at is None or known.is_disowned:
            raise ActionBlocked([_NOTHING_REFUSED])
        identities.own_address(connection, known.study.id, known.panelist_id)
        if not _invite_again(connection, known, now):
            panel.revoke_links(connection, known.study.id, known.panelist_id, now)
            queue_renewed_link(connection, known.study, known.panelist_id, now)
        append_event(connection, known.study.id, EventKind.MAIL_SENT_AGAIN, actor, now, {})


def close_link(database: Database, clock: Clock, slug: str, secret: bytes, sign: str, actor: str) -> None:
    """Close somebody's links, and every session entered by them, at once; nothing is mailed.

    Raises
    ------
    StudyNotFound, PersonNotFound, ActionBlocked
    """
    now = clock.now()
    with database.writing() as connection:
        known = _hold_with_link(connection, slug, secret, sign)
        panel.revoke_links(connection, known.study.id, known.panelist_id, now)
        append_event(connection, known.study.id, EventKind.LINK_REVOKED, actor, now, {})


def _hold(connection: Connection, slug: str, secret: bytes, sign: str) -> KnownPerson:
    study = hold_study_of(connection, slug)
    refuse_panel_changes(study.status)
    known = _known(connection, study, secret, sign)
    panel.hold_panelist(connection, study.id, known.panelist_id)
    # They may have withdrawn and been erased while this transaction waited.
    return _known(connection, study, secret, sign)


def _hold_with_link(connection: Connection, slug: str, secret: bytes, sign: str) -> KnownPerson:
    known = _hold(connection, slug, secret, sign)
    if known.link is None:
        raise ActionBlocked([NO_LINK_YET])
    return known


def _known(connection: Connection, study: Study, secret: bytes, sign: str) -> KnownPerson:
    panelist_id, identity = next(
        (
            (number, one)
            for number, one in identities.read_identities(connection, study.id).items()
            if hmac.compare_digest(person_sign(secret, study.id, number).encode(), sign.encode())
        ),
        (0, None),
    )
    if identity is None:
        raise PersonNotFound
    panelist = panel.read_panelist(connection, study.id, panelist_id)
    joined_at = panel_changes.joined_at(connection, study.id, panelist_id)
    return KnownPerson(
        study=study,
        protocol=studies.protocol_in_force(connection, study.id).protocol,
        panelist_id=panelist_id,
        invitee=Invitee(identity.name, identity.email, panelist.group, panelist.language),
        is_disowned=identity.is_disowned,
        bounced_at=identity.bounced_at,
        group_stays=group_stays(joined_at, rounds.read_rounds(connection, study.id)),
        link=panel.find_newest_link(connection, study.id, panelist_id),
    )


def _checked(known: KnownPerson, typed: Invitee, taken: set[str]) -> Invitee:
    before, problems = known.invitee, dict[str, DomainError]()
    if known.group_stays and typed.group not in ("", before.group):
        problems["group"] = GroupStays()
    try:
        meant = replace(typed, group=before.group) if known.group_stays else typed
        kept = checked_invitee(meant, known.protocol.group_codes, known.study.languages, taken)
    except FieldsRefused as refusal:
        raise FieldsRefused(refusal.problems | problems) from None
    if problems:
        raise FieldsRefused(problems)
    return kept


def _write_to_new_address(connection: Connection, known: KnownPerson, now: datetime) -> None:
    if not _invite_again(connection, known, now):
        queue_renewed_link(connection, known.study, known.panelist_id, now)


def _invite_again(connection: Connection, known: KnownPerson, now: datetime) -> bool:
    """Whether somebody had still to answer in an open round, and gets its invitation."""
    for round_ in rounds.read_rounds(connection, known.study.id):
        part = rounds.find_participation(connection, known.study.id, round_.number, known.panelist_id)
        if accepts_ratings(round_, now) and part is not None and part.submitted_at is None:
            queue_invitations(connection, known.study, round_.number, [known.panelist_id], now)
            return True
    return False
