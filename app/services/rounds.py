"""Running rounds: open, close, feed back, conclude; each one transaction with its event."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from analysis.results import RoundAnalysis
from app.clock import Clock
from app.domain.concluding import checked_conclusion
from app.domain.errors import ActionBlocked, RoundNotFound
from app.domain.event import EventKind
from app.domain.launch import RoundFacts, refuse_if_blocked
from app.domain.messages import N_, Sentence
from app.domain.protocol import ProtocolVersion
from app.domain.round import Round, RoundAction, RoundStatus, next_status, planned_round
from app.domain.schedule import refuse_closing_without_deadline
from app.domain.study import Study, StudyStatus
from app.services.analysing import analyse_closed_round
from app.services.finding import get_study_of, hold_study_of
from app.services.live_feedback import begin_live_figures, live_content, take_in_the_last
from app.services.mail_queue import queue_invitations
from app.services.round_contents import (
    choose_statements,
    feedback_content,
    opening_facts,
    panelists_to_ask,
)
from app.services.snapshots import closing_counts, counts_sha256
from app.services.stopping import read_stopping
from app.storage import carry_overrides, feedback, open_answers, planned_openings, rounds, studies
from app.storage.database import Connection, Database
from app.storage.events import append_event
from app.storage.rounds import StoredAnalysis


def open_round(
    database: Database,
    clock: Clock,
    slug: str,
    actor: str,
    *,
    closes_at: datetime | None = None,
    closes_itself: bool = False,
) -> Round:
    """Open the next round: choose its statements, freeze the protocol with round 1, invite the panel.

    Parameters
    ----------
    closes_at
        The deadline told to the panel; ratings after it are refused. None: open until closed by hand.
    closes_itself
        Whether the round is then closed without anybody doing so.

    Raises
    ------
    StudyNotFound
    RoundTransitionError
        The round before is still open, or closed without feedback.
    ActionBlocked
        Something is missing; the error lists all of it.
    ClosingNeedsDeadline
    """
    refuse_closing_without_deadline(closes_at, closes_itself=closes_itself)
    with database.writing() as connection:
        study = hold_study_of(connection, slug)
        return open_next_round(
            connection, study, actor, clock.now(), closes_at=closes_at, closes_itself=closes_itself
        )


def open_next_round(
    connection: Connection,
    study: Study,
    actor: str,
    now: datetime,
    *,
    closes_at: datetime | None,
    closes_itself: bool,
    planned_by: str = "",
) -> Round:
    """Do so in a transaction that holds the study; ``planned_by`` says who fixed the moment before.

    Raises
    ------
    RoundTransitionError, ActionBlocked
    """
    version = studies.protocol_in_force(connection, study.id)
    round_ = next_round(rounds.read_rounds(connection, study.id), version)
    status = next_status(round_, RoundAction.OPEN)
    chosen = choose_statements(connection, study, version.protocol, round_)
    facts = opening_facts(
        connection, study, version.protocol, round_, chosen.statements, closes_at=closes_at, now=now
    )
    refuse_if_blocked(RoundAction.OPEN, facts)
    asked_about = [(stored.id, stored.statement.version) for stored in chosen.statements]
    rounds.insert_round(connection, study.id, round_, asked_about)
    if round_.asks_open_questions:
        open_answers.freeze_questions(connection, study.id, round_.number)
    else:
        carry_overrides.apply_overrides(connection, study.id, round_.number, chosen.overrides)
    if round_.is_real_time:
        ids = [statement_id for statement_id, _ in asked_about]
        begin_live_figures(connection, study.id, version.protocol, round_.number, ids)
    rounds.update_round(
        connection,
        study.id,
        round_.number,
        status=status,
        opened_at=now,
        closes_at=closes_at,
        closes_itself=closes_itself,
    )
    planned_openings.cancel_opening(connection, study.id)
    asked = [panelist.id for panelist in panelists_to_ask(connection, study)]
    rounds.invite(connection, study.id, round_.number, asked, now)
    queue_invitations(connection, study, round_.number, asked, now)
    _start_study(connection, study, version, actor, now)
    payload = {
        "round": round_.number,
        "kind": round_.kind,
        "mode": round_.mode,
        "statements": [[one.statement.code, one.statement.version] for one in chosen.statements],
        "overrides": [[one.statement, one.asks, one.reason] for _, one in chosen.overrides],
        "questions": _questions(connection, study, round_),
        "protocol_sha256": version.sha256,
        "closes_at": None if closes_at is None else closes_at.isoformat(),
        "closes_itself": closes_itself,
    }
    if planned_by:
        payload["planned_by"] = planned_by
    append_event(connection, study.id, EventKind.ROUND_OPENED, actor, now, payload)
    return _get_round(connection, study, round_.number)


def close_round(
    database: Database, clock: Clock, slug: str, actor: str, *, number: int | None = None
) -> Round:
    """Close the open round and keep its counts in one transaction; then analyse it in a second one.

    Answers to open questions are counted, and there is nothing in them to analyse.
    Whoever is saving a rating finishes first; whoever comes later is refused. ``number`` is the round that
    is meant, so that an old page cannot close a later one; None: the newest.

    Raises
    ------
    StudyNotFound, RoundNotFound, RoundTransitionError
    """
    with database.writing() as connection:
        study = get_study_of(connection, slug)
        closed = close_held_round(
            connection, study, _hold_round(connection, study, number), actor, clock.now()
        )
    if not closed.asks_open_questions:
        analyse_closed_round(database, clock, slug, actor)
    return closed


def close_held_round(connection: Connection, study: Study, round_: Round, actor: str, now: datetime) -> Round:
    """Close a round that this transaction holds alone, and keep its counts; its figures come afterwards.

    Raises
    ------
    RoundTransitionError
    """
    status = next_status(round_, RoundAction.CLOSE)
    rounds.update_round(connection, study.id, round_.number, status=status, closed_at=now)
    if round_.is_real_time:
        protocol = studies.protocol_in_force(connection, study.id).protocol
        take_in_the_last(connection, study.id, protocol, round_.number)
    content = closing_counts(connection, study.id, round_)
    sha256 = counts_sha256(content)
    rounds.insert_snapshot(connection, study.id, round_.number, content, sha256, now)
    payload = {"round": round_.number, "counts_sha256": sha256}
    append_event(connection, study.id, EventKind.ROUND_CLOSED, actor, now, payload)
    return _get_round(connection, study, round_.number)


def release_feedback(
    database: Database, clock: Clock, slug: str, actor: str, *, number: int | None = None
) -> Round:
    """Freeze the closed round's distributions for the panel; from now on they are shown.

    Of a real-time round they are those the panel has seen last: others would reveal who was not in them yet.
    A round of open questions has none to show: it is finished, and the next one can be opened.
    ``number`` is the round that is meant; None: the newest.

    Raises
    ------
    StudyNotFound, RoundNotFound, RoundTransitionError, ActionBlocked
    """
    with database.writing() as connection:
        study = get_study_of(connection, slug)
        round_ = _hold_round(connection, study, number)
        now = clock.now()
        status = next_status(round_, RoundAction.RELEASE_FEEDBACK)
        stored = rounds.find_analysis(connection, study.id, round_.number)
        facts = RoundFacts(n_statements=1, n_invited=1, kind=round_.kind, is_analysed=stored is not None)
        refuse_if_blocked(RoundAction.RELEASE_FEEDBACK, facts)
        if stored is not None:
            content = _feedback_content(connection, study, round_, stored)
            feedback.insert_released_feedback(connection, study.id, round_.number, content, now)
        rounds.update_round(connection, study.id, round_.number, status=status, fed_back_at=now)
        done = EventKind.ROUND_FINISHED if round_.asks_open_questions else EventKind.FEEDBACK_RELEASED
        append_event(connection, study.id, done, actor, now, {"round": round_.number})
        return _get_round(connection, study, round_.number)


def conclude_study(database: Database, clock: Clock, slug: str, actor: str, *, reason: str = "") -> Study:
    """End the study after its last analysed round; nothing is asked of the panel any more.

    Concluding twice changes nothing.

    Parameters
    ----------
    reason
        Why it ends although the stopping rule advises to go on; needed only then.

    Raises
    ------
    StudyNotFound, ActionBlocked
    FieldsRefused
        The ``reason`` is needed and missing, or cannot be kept.
    """
    with database.writing() as connection:
        study = hold_study_of(connection, slug)
        if study.status is StudyStatus.CONCLUDED:
            return study
        blockers = conclusion_blockers(rounds.read_rounds(connection, study.id))
        if blockers:
            raise ActionBlocked(blockers)
        protocol = studies.protocol_in_force(connection, study.id).protocol
        stopping = read_stopping(connection, study, protocol)
        why = checked_conclusion(stopping.advice if stopping else None, reason)
        now = clock.now()
        studies.set_study_status(
            connection, study.id, StudyStatus.CONCLUDED, concluded_at=now, conclusion_reason=why
        )
        payload = {"reason": why} if why else {}
        append_event(connection, study.id, EventKind.STUDY_CONCLUDED, actor, now, payload)
        return studies.get_study(connection, study.id)


def conclusion_blockers(all_rounds: Sequence[Round]) -> tuple[Sentence, ...]:
    """Why a study cannot be concluded yet; empty when it can."""
    if not all_rounds:
        return (Sentence(N_("No round has been held yet.")),)
    if all(round_.asks_open_questions for round_ in all_rounds):
        return (Sentence(N_("No statement has been rated yet.")),)
    if all_rounds[-1].status is not RoundStatus.FED_BACK:
        return (
            Sentence(
                N_("Close round %(round)s and release its feedback first."), {"round": all_rounds[-1].number}
            ),
        )
    return ()


def next_round(all_rounds: Sequence[Round], version: ProtocolVersion) -> Round:
    """The round that would be opened next: a new one after a fed-back one, else the one still in hand."""
    if all_rounds and all_rounds[-1].status is not RoundStatus.FED_BACK:
        return all_rounds[-1]
    number = len(all_rounds) + 1
    planned = planned_round(version.protocol.plan, number)
    return Round(
        number=number,
        kind=planned.kind,
        mode=planned.mode,
        status=RoundStatus.DRAFT,
        protocol_version=version.version,
    )


def _start_study(
    connection: Connection, study: Study, version: ProtocolVersion, actor: str, now: datetime
) -> None:
    if version.frozen_at is None:
        studies.freeze_protocol(connection, study.id, version.version, now)
        payload = {"version": version.version, "sha256": version.sha256}
        append_event(connection, study.id, EventKind.PROTOCOL_FROZEN, actor, now, payload)
    if study.status is StudyStatus.DRAFT:
        studies.set_study_status(connection, study.id, StudyStatus.RUNNING)


def _questions(connection: Connection, study: Study, round_: Round) -> list[str]:
    stored = open_answers.read_round_questions(connection, study.id, round_.number)
    return [one.question.code for one in stored]


def _feedback_content(
    connection: Connection, study: Study, round_: Round, stored: StoredAnalysis
) -> dict[str, Any]:
    if round_.is_real_time:
        protocol = studies.protocol_in_force(connection, study.id).protocol
        return live_content(connection, study.id, protocol, round_.number)
    return feedback_content(RoundAnalysis.from_dict(stored.result))


def _hold_round(connection: Connection, study: Study, number: int | None) -> Round:
    newest = max((round_.number for round_ in rounds.read_rounds(connection, study.id)), default=1)
    meant = newest if number is None else number
    held = rounds.hold_round(connection, study.id, meant)
    if held is None:
        raise RoundNotFound(slug=study.slug, round=meant)
    return held


def _get_round(connection: Connection, study: Study, number: int) -> Round:
    found = rounds.find_round(connection, study.id, number)
    if found is None:
        raise RoundNotFound(slug=study.slug, round=number)
    return found
