"""Taking part, not taking part, and leaving; each is the panelist's own decision and takes effect at once."""

from app.clock import Clock
from app.domain.errors import ConsentMissing, NotFound, PanelistHasLeft, TakesPartAlready
from app.domain.event import EventKind
from app.domain.messages import N_
from app.domain.panel import Membership, Panelist, WithdrawalMode
from app.services.entering import Visitor
from app.storage import panel, ratings
from app.storage.database import Database
from app.storage.events import append_event


class LanguageNotOffered(NotFound):
    """The study is not offered in this language."""

    message = N_("This study is not offered in “%(language)s”.")


def refuse_unless_taking_part(panelist: Panelist) -> None:
    """Raise unless the panelist has consented and is still part of the panel.

    Raises
    ------
    ConsentMissing, PanelistHasLeft
    """
    if panelist.membership is Membership.UNDECIDED:
        raise ConsentMissing
    if panelist.membership is not Membership.CONSENTED:
        raise PanelistHasLeft


def give_consent(database: Database, clock: Clock, visitor: Visitor) -> None:
    """Note that the panelist takes part; saying it twice changes nothing.

    Raises
    ------
    PanelistHasLeft
        The panelist declined or withdrew before; that is final.
    """
    now, study_id = clock.now(), visitor.study.id
    with database.writing() as connection:
        panelist = panel.hold_panelist(connection, study_id, visitor.panelist.id)
        if panelist.membership is Membership.CONSENTED:
            return
        if panelist.membership is not Membership.UNDECIDED:
            raise PanelistHasLeft
        panel.mark_consent(connection, study_id, panelist.id, now)
        mode = {"withdrawal": visitor.protocol.withdrawal}
        append_event(connection, study_id, EventKind.CONSENT_GIVEN, visitor.actor, now, mode)


def decline_consent(database: Database, clock: Clock, visitor: Visitor) -> None:
    """Note that the panelist does not take part; nothing more is asked of them.

    Raises
    ------
    TakesPartAlready
        The panelist has consented; leaving is another step.
    PanelistHasLeft
        The panelist already left.
    """
    now, study_id = clock.now(), visitor.study.id
    with database.writing() as connection:
        panelist = panel.hold_panelist(connection, study_id, visitor.panelist.id)
        if panelist.membership is Membership.DECLINED:
            return
        if panelist.membership is Membership.CONSENTED:
            raise TakesPartAlready
        if panelist.membership is not Membership.UNDECIDED:
            raise PanelistHasLeft
        panel.mark_declined(connection, study_id, panelist.id, now)
        append_event(connection, study_id, EventKind.CONSENT_DECLINED, visitor.actor, now, {})


def withdraw(database: Database, clock: Clock, visitor: Visitor) -> None:
    """Take the panelist out by the mode declared at consent: ratings stay under the pseudonym, or are erased.

    What was already released as an aggregate stays. Saying it twice, or after declining, changes nothing.
    """
    now, study_id = clock.now(), visitor.study.id
    mode = visitor.protocol.withdrawal
    with database.writing() as connection:
        panelist = panel.hold_panelist(connection, study_id, visitor.panelist.id)
        if panelist.membership in (Membership.DECLINED, Membership.WITHDRAWN):
            return
        if mode is WithdrawalMode.ERASE:
            ratings.erase_ratings(connection, study_id, panelist.id)
        panel.mark_withdrawn(connection, study_id, panelist.id, now, mode)
        append_event(connection, study_id, EventKind.PANELIST_WITHDREW, visitor.actor, now, {"mode": mode})


def choose_language(database: Database, clock: Clock, visitor: Visitor, language: str) -> None:
    """Keep the language in which the panelist wants to read.

    Raises
    ------
    LanguageNotOffered
        The study has no texts in it.
    """
    if language not in visitor.study.languages:
        raise LanguageNotOffered(language=language)
    now, study_id = clock.now(), visitor.study.id
    with database.writing() as connection:
        panel.set_panelist_language(connection, study_id, visitor.panelist.id, language)
        append_event(
            connection, study_id, EventKind.LANGUAGE_CHOSEN, visitor.actor, now, {"language": language}
        )
