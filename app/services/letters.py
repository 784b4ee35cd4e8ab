"""What a message of the outbox says, decided when it is sent: to whom, in which language, with which link."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from app.domain.link import invitation_address, invitation_token, link_address, must_open_until
from app.domain.mail import MessageKind
from app.domain.panel import Panelist, is_address
from app.domain.round import Round, accepts_ratings
from app.domain.study import Study, in_language
from app.mail.colleague_invitation import ColleagueInvited, write_colleague_invitation
from app.mail.disowned_link import DisownedLink, write_disowned_link
from app.mail.hindered_opening import HinderedOpening, write_hindered_opening
from app.mail.invitation import Invitation, write_invitation
from app.mail.letter import Envelope, Letter
from app.mail.link_again import LinkAgain, write_link_again
from app.mail.still_open import StillOpen, write_extension, write_reminder
from app.services.links import hold_links
from app.storage import colleagues, identities, panel, rounds, studies
from app.storage.database import Connection
from app.storage.identities import Identity
from app.storage.outbox import ClaimedMessage

ACTOR: Final = "system"
"""Who issues a link, in a study's log, when a message needs one."""

_TO_THE_UNFINISHED: Final = {
    MessageKind.REMINDER: write_reminder,
    MessageKind.EXTENSION: write_extension,
}
_ABOUT_A_ROUND: Final = {MessageKind.INVITATION, *_TO_THE_UNFINISHED}


@dataclass(frozen=True)
class Sender:
    """What messages need from the installation: who writes, where links lead, what they are derived from."""

    mail_from: str
    base_url: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True)
class WrittenLetter:
    """A letter in its envelope."""

    letter: Letter
    envelope: Envelope


def write_letter(
    connection: Connection, message: ClaimedMessage, sender: Sender, now: datetime
) -> WrittenLetter | str:
    """Write what a claimed message says now, or say why it need not be sent any more.

    A link that a letter needs is issued here, unless one is in force.
    """
    study = studies.get_study(connection, message.study_id)
    if message.invitation_id is not None:
        return _to_a_colleague(connection, study, message, message.invitation_id, sender, now)
    if message.panelist_id is None:
        return _to_the_team(study, message, sender)
    panelist = panel.read_panelist(connection, study.id, message.panelist_id)
    if panelist.has_left:
        return "The panelist has left the study."
    identity = identities.read_identity(connection, study.id, panelist.id)
    if identity.is_disowned:
        return "The address is somebody else's."
    round_ = _round_of(connection, study, message)
    needless = _needless(connection, message, round_, now)
    if needless:
        return needless
    link = link_address(sender.base_url, _token_of(connection, study, round_, panelist, sender.secret, now))
    if round_ is None:
        was_asked_for = message.kind is MessageKind.LINK
        letter = _link_again(study, panelist, identity, link, was_asked_for=was_asked_for)
    elif message.kind in _TO_THE_UNFINISHED:
        letter = _TO_THE_UNFINISHED[message.kind](_still_open(study, round_, panelist, identity, link))
    else:
        letter = _invitation(study, round_, panelist, identity, link)
    return WrittenLetter(letter, _envelope(study, message, sender, identity.name, identity.email))


def _to_the_team(study: Study, message: ClaimedMessage, sender: Sender) -> WrittenLetter | str:
    if not is_address(study.contact):
        return "The study has no address to write to."
    language = study.languages[0]
    title, address = in_language(study.texts.title, language), f"{sender.base_url}/research/{study.slug}"
    if message.kind is MessageKind.OPENING_HINDERED and message.round_number is not None:
        letter = write_hindered_opening(
            HinderedOpening(language, title, message.round_number, f"{address}/rounds")
        )
    else:
        letter = write_disowned_link(DisownedLink(language, title, f"{address}/panel/people"))
    return WrittenLetter(letter, _envelope(study, message, sender, "", study.contact))


def _to_a_colleague(
    connection: Connection,
    study: Study,
    message: ClaimedMessage,
    invitation_id: int,
    sender: Sender,
    now: datetime,
) -> WrittenLetter | str:
    invitation = colleagues.find_invitation(connection, study.id, invitation_id)
    if invitation is None or not invitation.waits(now):
        return "The invitation does not wait any more."
    letter = write_colleague_invitation(
        ColleagueInvited(
            language=invitation.language,
            inviter=invitation.invited_by,
            title=in_language(study.texts.title, invitation.language),
            days=(invitation.expires_at - invitation.invited_at).days,
            link=invitation_address(
                sender.base_url, invitation_token(sender.secret, study.id, invitation.id)
            ),
        )
    )
    return WrittenLetter(letter, _envelope(study, message, sender, "", invitation.email))


def _invitation(study: Study, round_: Round, panelist: Panelist, identity: Identity, link: str) -> Letter:
    return write_invitation(
        Invitation(
            language=panelist.language,
            name=identity.name,
            title=in_language(study.texts.title, panelist.language),
            round_number=round_.number,
            asks=round_.in_one_word,
            minutes_per_round=study.minutes_per_round,
            closes_at=round_.closes_at,
            time_zone=study.time_zone,
            contact=study.contact,
            link=link,
        )
    )


def _still_open(study: Study, round_: Round, panelist: Panelist, identity: Identity, link: str) -> StillOpen:
    return StillOpen(
        language=panelist.language,
        name=identity.name,
        title=in_language(study.texts.title, panelist.language),
        round_number=round_.number,
        closes_at=round_.closes_at,
        time_zone=study.time_zone,
        contact=study.contact,
        link=link,
    )


def _link_again(
    study: Study, panelist: Panelist, identity: Identity, link: str, *, was_asked_for: bool
) -> Letter:
    return write_link_again(
        LinkAgain(
            language=panelist.language,
            name=identity.name,
            title=in_language(study.texts.title, panelist.language),
            contact=study.contact,
            link=link,
            was_asked_for=was_asked_for,
        )
    )


def _envelope(study: Study, message: ClaimedMessage, sender: Sender, name: str, email: str) -> Envelope:
    return Envelope(
        sender=sender.mail_from,
        name=name,
        email=email,
        reply_to=study.contact if is_address(study.contact) else None,
        message_id=message.message_id,
    )


def _round_of(connection: Connection, study: Study, message: ClaimedMessage) -> Round | None:
    if message.round_number is None:
        return None
    return rounds.find_round(connection, study.id, message.round_number)


def _needless(connection: Connection, message: ClaimedMessage, round_: Round | None, now: datetime) -> str:
    """Why a message about a round is not sent any more; empty where it is."""
    if message.kind not in _ABOUT_A_ROUND:
        return ""
    if round_ is None or not accepts_ratings(round_, now):
        return "The round is closed."
    if message.kind in _TO_THE_UNFINISHED and message.panelist_id is not None:
        key = message.study_id, round_.number, message.panelist_id
        part = rounds.find_participation(connection, *key)
        if part is not None and part.submitted_at is not None:
            return "The panelist has handed in."
    return ""


def _token_of(
    connection: Connection,
    study: Study,
    round_: Round | None,
    panelist: Panelist,
    secret: bytes,
    now: datetime,
) -> str:
    link = panel.find_newest_link(connection, study.id, panelist.id)
    newest = {} if link is None else {panelist.id: link}
    until = must_open_until(now, None if round_ is None else round_.closes_at)
    tokens = hold_links(connection, study, [panelist], newest, secret, ACTOR, now=now, until=until)
    return tokens[panelist.id]
