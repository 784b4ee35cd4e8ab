"""Taking part, not taking part, and leaving; each is the panelist's own decision and takes effect at once."""

from collections.abc import Mapping
from datetime import datetime

from app.clock import Clock
from app.domain.errors import ConsentMissing, NotFound, PanelistHasLeft, TakesPartAlready
from app.domain.event import EventKind
from app.domain.messages import N_
from app.domain.panel import Membership, Panelist, WithdrawalMode
from app.domain.panel_editing import was_opened_for
from app.domain.round import Round, accepts_ratings
from app.services.entering import Visitor
from app.services.snapshots import retake_counts
from app.storage import panel, panel_changes, rounds, studies
from app.storage.database import Connection, Database
from app.storage.erasing import erase_person
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

    Who declined before is asked in the open round after all.

    Raises
    ------
    PanelistHasLeft
        The panelist withdrew before, or declined for good.
    """
    study_id = visitor.study.id
    with database.writing() as connection:
        if visitor.panelist.may_return:
            # A round that is being opened meanwhile passes over who has declined.
            studies.lock_study(connection, study_id)
        panelist = panel.hold_panelist(connection, study_id, visitor.panelist.id)
        now = clock.now()
        if panelist.membership is Membership.CONSENTED:
            return
        if panelist.has_left and not panelist.may_return:
            raise PanelistHasLeft
        panel.mark_consent(connection, study_id, panelist.id, now)
        if panelist.may_return:
            _ask_in_open_round(connection, study_id, panelist, now)
        mode = {"withdrawal": visitor.protocol.withdrawal}
        append_event(connection, study_id, EventKind.CONSENT_GIVEN, visitor.actor, now, mode)


def decline_consent(database: Database, clock: Clock, visitor: Visitor) -> None:
    """Note that the panelist does not take part; nothing more is asked of them, but they may come back.

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


def decline_for_good(database: Database, clock: Clock, visitor: Visitor) -> None:
    """Make a declining final, because the panelist asks for it; saying it twice changes nothing.

    Raises
    ------
    TakesPartAlready
        The panelist has consented; leaving is another step.
    """
    now, study_id = clock.now(), visitor.study.id
    with database.writing() as connection:
        panelist = panel.hold_panelist(connection, study_id, visitor.panelist.id)
        if panelist.membership is Membership.CONSENTED:
            raise TakesPartAlready
        if panelist.has_left and not panelist.may_return:
            return
        if panelist.membership is Membership.UNDECIDED:
            panel.mark_declined(connection, study_id, panelist.id, now)
        panel.mark_declined_for_good(connection, study_id, panelist.id, now)
        append_event(connection, study_id, EventKind.DECLINED_FOR_GOOD, visitor.actor, now, {})


def withdraw(database: Database, clock: Clock, visitor: Visitor) -> None:
    """Take the panelist out by the mode declared at consent: answers stay under the pseudonym, or are erased.

    Erasing takes name and address too. What was already computed of a whole group stays. Saying it twice, or
    after declining, changes nothing.
    """
    now, study_id = clock.now(), visitor.study.id
    mode = visitor.protocol.withdrawal
    with database.writing() as connection:
        # Rating asks for the round first and for the panelist second; whoever came the other way would block.
        newest = _hold_newest_round(connection, study_id) if mode is WithdrawalMode.ERASE else None
        panelist = panel.hold_panelist(connection, study_id, visitor.panelist.id)
        if panelist.membership in (Membership.DECLINED, Membership.WITHDRAWN):
            return
        payload: Mapping[str, object] = {"mode": mode}
        if mode is WithdrawalMode.ERASE:
            erase_person(connection, study_id, panelist.id)
            payload = {**payload, **retake_counts(connection, study_id, newest, now)}
        panel.mark_withdrawn(connection, study_id, panelist.id, now, mode)
        append_event(connection, study_id, EventKind.PANELIST_WITHDREW, visitor.actor, now, payload)


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


def _ask_in_open_round(connection: Connection, study_id: int, panelist: Panelist, now: datetime) -> None:
    held = rounds.read_rounds(connection, study_id)
    if not held or not accepts_ratings(held[-1], now):
        return
    # Until a round is opened for somebody their group can be corrected, and what they rate would move along.
    if not was_opened_for(panel_changes.joined_at(connection, study_id, panelist.id), held[-1]):
        return
    if rounds.find_participation(connection, study_id, held[-1].number, panelist.id) is None:
        rounds.invite(connection, study_id, held[-1].number, [panelist.id], now)


def _hold_newest_round(connection: Connection, study_id: int) -> Round | None:
    numbers = [round_.number for round_ in rounds.read_rounds(connection, study_id)]
    return rounds.hold_round(connection, study_id, numbers[-1]) if numbers else None
