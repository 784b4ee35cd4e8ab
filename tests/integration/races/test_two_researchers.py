"""Two researchers act at once, or while the panel does: one step is taken once, and nothing deadlocks."""

from functools import partial

import pytest

from app.domain.errors import ActionBlocked
from app.domain.round import Round
from app.domain.study import Study, StudyStatus
from app.services.analysing import analyse_closed_round
from app.services.consent import choose_language, give_consent
from app.services.entering import enter_by_link
from app.services.links import issue_links, read_links
from app.services.rounds import close_round, conclude_study, open_round, release_feedback
from app.services.stored_analyses import read_round_analyses
from app.storage.database import Database
from tests.integration.races.racing import Crossing, count_events, read_log, study_id, together
from tests.running_study import SECRET, SESSION_HOURS, RunningStudy

SYSTEM = "system"


def one_did_it_and_one_was_refused(outcomes: list[object]) -> bool:
    return sorted(type(outcome).__name__ for outcome in outcomes) == ["Round", "RoundTransitionError"]


def test_every_step_of_a_round_is_taken_once(study: RunningStudy, elsewhere: Database) -> None:
    for number in range(1, 4):
        for step in (open_round, close_round, release_feedback):
            outcomes = together(
                partial(step, study.database, study.clock, study.slug, SYSTEM),
                partial(step, elsewhere, study.clock, study.slug, SYSTEM),
            )
            assert one_did_it_and_one_was_refused(outcomes)
        for kind in ("RoundOpened", "RoundClosed", "RoundAnalysed", "FeedbackReleased"):
            assert count_events(study, kind) == number


def test_two_analyses_at_once_are_both_kept(open_study: RunningStudy, elsewhere: Database) -> None:
    open_study.close()
    outcomes = together(
        *(
            partial(analyse_closed_round, database, open_study.clock, open_study.slug, SYSTEM)
            for database in (open_study.database, elsewhere) * 3
        )
    )
    assert outcomes == [None] * 6
    assert count_events(open_study, "RoundAnalysed") == 7
    with open_study.database.reading() as connection:
        assert len(read_round_analyses(connection, study_id(connection, open_study))) == 1


def fed_back(study: RunningStudy) -> RunningStudy:
    study.close()
    study.release()
    return study


def test_a_study_concluded_meanwhile_opens_no_round(
    open_study: RunningStudy, elsewhere: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = fed_back(open_study)
    crossing = Crossing(monkeypatch, "app.services.rounds.conclusion_blockers")
    concluded, opened = crossing.run(
        lambda: conclude_study(study.database, study.clock, study.slug, SYSTEM, reason="Enough."),
        lambda: open_round(elsewhere, study.clock, study.slug, SYSTEM),
    )
    assert isinstance(concluded, Study)
    assert isinstance(opened, ActionBlocked)


def test_a_study_with_a_round_opened_meanwhile_is_not_concluded(
    open_study: RunningStudy, elsewhere: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = fed_back(open_study)
    crossing = Crossing(monkeypatch, "app.services.rounds.opening_facts")
    opened, concluded = crossing.run(
        lambda: open_round(study.database, study.clock, study.slug, SYSTEM),
        lambda: conclude_study(elsewhere, study.clock, study.slug, SYSTEM, reason="Enough."),
    )
    assert isinstance(opened, Round)
    assert isinstance(concluded, ActionBlocked)


def test_a_study_is_concluded_once(open_study: RunningStudy, elsewhere: Database) -> None:
    study = fed_back(open_study)
    outcomes = together(
        *(
            partial(conclude_study, database, study.clock, study.slug, SYSTEM, reason="Enough.")
            for database in (study.database, elsewhere) * 3
        )
    )
    assert {outcome.status for outcome in outcomes} == {StudyStatus.CONCLUDED}
    assert count_events(study, "StudyConcluded") == 1


def test_links_issued_twice_at_once_leave_each_panelist_one_that_opens(
    study: RunningStudy, elsewhere: Database
) -> None:
    for _ in range(3):
        batches = together(
            *(
                partial(issue_links, database, study.clock, study.slug, SECRET, SYSTEM)
                for database in (study.database, elsewhere)
            )
        )
        in_force = read_links(study.database, study.slug, SECRET)
        assert in_force in batches
        for link in in_force:
            assert link is not None
            enter_by_link(study.database, study.clock, link.token, session_hours=SESSION_HOURS)


def test_people_come_in_while_a_round_is_being_opened(
    study: RunningStudy, elsewhere: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Both write to the log; whoever holds it must not wait for the study, or each waits for the other.
    crossing = Crossing(monkeypatch, "app.services.rounds.choose_statements")
    opened, entered = crossing.run(
        lambda: open_round(study.database, study.clock, study.slug, SYSTEM),
        lambda: enter_by_link(elsewhere, study.clock, study.link(0).token, session_hours=SESSION_HOURS),
    )
    assert isinstance(opened, Round)
    assert entered.slug == study.slug


def test_a_study_comes_to_life_with_everybody_at_once(study: RunningStudy, elsewhere: Database) -> None:
    clock, visitors = study.clock, [study.enter(n) for n in range(12)]
    before = len(read_log(study))

    def arrive(n: int) -> None:
        database = (study.database, elsewhere)[n % 2]
        enter_by_link(database, clock, study.link(n).token, session_hours=SESSION_HOURS)
        give_consent(database, clock, visitors[n])
        choose_language(database, clock, visitors[n], "nl")

    *arrivals, opened = together(*(partial(arrive, n) for n in range(12)), study.open)
    assert [*arrivals, opened] == [None] * 13
    n_written = 3 * 12 + len(("ProtocolFrozen", "RoundOpened"))
    assert len(read_log(study)) == before + n_written
