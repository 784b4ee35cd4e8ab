"""Studies played at random through the services, step by step beside a study on paper; the two must agree."""

import shutil
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from analysis.rules import Decision
from analysis.study_analysis import analyse_round
from app.clock import FixedClock
from app.domain.errors import (
    ActionBlocked,
    ConsentMissing,
    DomainError,
    PanelistHasLeft,
    PointOffScale,
    QuestionnaireIncomplete,
    RepeatedRequestDiffers,
    RoundNotFound,
    RoundNotOpen,
    RoundTransitionError,
    StaleComment,
    StaleRating,
    UnknownQuestion,
    UnknownStatement,
)
from app.domain.event import first_broken_link
from app.domain.open_question import AnswerChange
from app.services.consent import decline_consent, decline_for_good, give_consent, withdraw
from app.services.open_answers import save_open_answers
from app.services.overview import read_overview
from app.services.questionnaire import read_questionnaire
from app.services.ratings import save_answers
from app.services.rounds import close_round, conclude_study, open_round, release_feedback
from app.services.submitting import submit_questionnaire
from app.storage.database import Database
from app.storage.events import read_chain_head, read_events
from tests.conftest import Run
from tests.property.lifecycle.drawing import (
    GROUP_SIZE,
    PEOPLE,
    Answers,
    Line,
    Note,
    everybodys_answers,
    notes,
    pages,
    people,
    plans,
    request_keys,
    rounds_away,
    texts,
)
from tests.property.lifecycle.holding import Holding
from tests.property.lifecycle.model import MINIMUM_RATINGS, PaperStudy, Part, Plan, Refused
from tests.property.lifecycle.settling import CRITERION
from tests.running_study import STATEMENTS, RunningStudy

MOST_ROUNDS = 4
SYSTEM = "system"
TOO_LATE = "a rating after the deadline of an open round"
BEGINNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CONSENSUS = {"preset": "percent_agreement", "threshold": 70, "minimum_ratings": MINIMUM_RATINGS}


class PlayedStudy(Holding, RuleBasedStateMachine):
    """A study in the database, the same study on paper, and everything anybody may do with it."""

    template: Path
    place: Path
    numbers: ClassVar = count()
    met: ClassVar[Counter[object]] = Counter()

    @initialize(
        carry_forward=st.sampled_from(["undecided", "not_in", "all"]),
        withdrawal=st.sampled_from(["stop", "erase"]),
        taking_part=st.sets(people, min_size=4),
        is_open=st.sampled_from([True, True, True, False]),
        plan=plans,
    )
    def begin(
        self,
        carry_forward: str,
        withdrawal: str,
        taking_part: set[int],
        is_open: bool,
        plan: Plan,
    ) -> None:
        folder = self.place / str(next(self.numbers))
        folder.mkdir()
        self.database = Database(f"sqlite:///{shutil.copy(self.template, folder / 'castalia.db')}")
        self.clock = FixedClock(BEGINNING)
        study = RunningStudy(
            self.database,
            self.clock,
            folder,
            group_size=GROUP_SIZE,
            carry_forward={"policy": carry_forward},
            withdrawal=withdrawal,
            consensus=CONSENSUS,
            rounds=list(plan),
            minimum_group_size=1,
        )
        self.slug = study.slug
        self.visitors = [study.enter(n) for n in PEOPLE]
        self.study_id = self.visitors[0].study.id
        self.person_of = {visitor.panelist.id: n for n, visitor in enumerate(self.visitors)}
        with self.database.reading() as connection:
            self.n_events, _ = read_chain_head(connection, self.study_id)
        self.paper = PaperStudy(
            STATEMENTS,
            {n: visitor.panelist.group for n, visitor in enumerate(self.visitors)},
            carry_forward,
            erases=withdrawal == "erase",
            plan=plan,
        )
        for person in sorted(taking_part):
            self.consent(person)
        if is_open:
            self.open(days=1)

    def teardown(self) -> None:
        if not hasattr(self, "database"):
            return
        with self.database.reading() as connection:
            n_events, head = read_chain_head(connection, self.study_id)
            assert first_broken_link(read_events(connection, self.study_id), head, n_events) is None
        self.database.close()

    def attempt(
        self, expected: Refused | None, step: Callable[..., Any], *arguments: Any, **named: Any
    ) -> Any:
        """Do something through the services; it must be refused exactly when, and as, the paper says."""
        result, refusal = None, None
        try:
            result = step(self.database, self.clock, *arguments, **named)
        except DomainError as error:
            refusal = type(error)
        assert refusal is expected
        self.met[refusal] += 1
        return result

    # Researchers

    @precondition(lambda self: len(self.paper.rounds) < MOST_ROUNDS)
    @rule(days=st.sampled_from([None, 1, 2, 0]))
    def open(self, days: int | None) -> None:
        closes_at = None if days is None else self.clock.now() + timedelta(days=days)
        refusal = self.paper.refusal_to_open(closes_at, self.clock.now())
        self.attempt(refusal, open_round, self.slug, SYSTEM, closes_at=closes_at)
        if refusal is None:
            self.paper.open(closes_at)
            self.n_events += 1 if len(self.paper.rounds) > 1 else len(("ProtocolFrozen", "RoundOpened"))

    @rule()
    def close(self) -> None:
        refusal = self.paper.refusal_to_step("open")
        self.attempt(refusal, close_round, self.slug, SYSTEM)
        if refusal is None:
            self.paper.close()
            is_rated = not self.paper.rounds[-1].questions
            self.n_events += len(("RoundClosed", "RoundAnalysed")) if is_rated else 1
            self.met.update(self.paper.decided.values())
            self.assert_the_close_counted_and_decided_as_on_paper(self.paper.rounds[-1])

    @rule()
    def release(self) -> None:
        refusal = self.paper.refusal_to_step("closed")
        self.attempt(refusal, release_feedback, self.slug, SYSTEM)
        if refusal is None:
            self.paper.rounds[-1].status = "fed_back"
            self.n_events += 1

    @rule(sure=st.integers(0, 4))
    def conclude(self, sure: int) -> None:
        if sure and self.paper.refusal_to_conclude() is None:
            return  # Seldom: nothing more happens to a study that is over.
        refusal = self.paper.refusal_to_conclude()
        self.attempt(refusal, conclude_study, self.slug, SYSTEM, reason="Enough.")
        if refusal is None and not self.paper.is_concluded:
            self.paper.is_concluded = True
            self.n_events += 1

    @rule()
    def a_day_passes(self) -> None:
        self.clock.advance(timedelta(days=1))

    # Panelists

    @rule(person=people)
    def consent(self, person: int) -> None:
        part = self.paper.parts[person]
        refusal = PanelistHasLeft if part is Part.LEFT else None
        self.attempt(refusal, give_consent, self.visitors[person])
        if part in (Part.UNDECIDED, Part.DECLINED):
            self.paper.consent(person, self.clock.now())
            self.n_events += 1

    @rule(person=people, sure=st.integers(0, 3))
    def leave(self, person: int, sure: int) -> None:
        if sure:
            return  # Most who think of leaving stay; otherwise nobody would be left to play with.
        part = self.paper.parts[person]
        steps = {Part.UNDECIDED: decline_consent, Part.TAKES_PART: withdraw, Part.DECLINED: decline_for_good}
        steps.get(part, withdraw)(self.database, self.clock, self.visitors[person])
        if part is Part.UNDECIDED:
            self.paper.parts[person] = Part.DECLINED
        elif part is not Part.LEFT:
            self.paper.leave(person)
        self.n_events += part is not Part.LEFT

    @rule(person=people, page=pages, notes=notes, away=rounds_away)
    def save(self, person: int, page: list[Line], notes: list[Note], away: int) -> None:
        number = max(len(self.paper.rounds) + away, 1)
        refusal = self.paper.refusal_to_answer(person, number, self.clock.now())
        changes = [self.rating_change(person, number, line) for line in page]
        comments = [self.comment_change(person, number, note) for note in notes]
        saved = self.attempt(refusal, save_answers, self.visitors[person], number, changes, comments)
        if refusal is RoundNotOpen and self.paper.rounds[number - 1].status == "open":
            self.met[TOO_LATE] += 1
        if saved is not None:
            stored = [
                *self.settle_ratings(person, number, changes, saved),
                *self.settle_comments(person, number, comments, saved),
            ]
            self.n_events += any(stored)

    @rule(person=people, texts=texts, away=rounds_away)
    def answer(self, person: int, texts: dict[str, str], away: int) -> None:
        number = max(len(self.paper.rounds) + away, 1)
        refusal = self.paper.refusal_to_answer(person, number, self.clock.now())
        known = self.paper.rounds[number - 1].texts if 1 <= number <= len(self.paper.rounds) else {}
        changes = [
            AnswerChange(code, 1, said, known.get((person, code), ("", 0))[1]) for code, said in texts.items()
        ]
        saved = self.attempt(refusal, save_open_answers, self.visitors[person], number, changes)
        if saved is not None:
            asked = self.paper.rounds[number - 1].questions
            assert [type(one.error) for one in saved.refusals] == [
                UnknownQuestion for code in texts if code not in asked
            ]
            self.met.update(type(one.error) for one in saved.refusals)
            stored = [self.paper.write(person, number, code, said) for code, said in texts.items()]
            self.n_events += any(stored)

    @rule(answers=everybodys_answers)
    def everybody_rates_everything(self, answers: Answers) -> None:
        number = max(len(self.paper.rounds), 1)
        for person, given in zip(PEOPLE, answers, strict=True):
            if self.paper.refusal_to_answer(person, number, self.clock.now()) is None:
                asked = self.paper.rounds[-1].asked
                page = [Line(s, p, 0) for s, p in zip(STATEMENTS, given, strict=True) if s in asked]
                self.save(person, page, notes=[], away=0)

    @rule(person=people, key=request_keys, away=rounds_away)
    def submit(self, person: int, key: str, away: int) -> None:
        number = max(len(self.paper.rounds) + away, 1)
        refusal = self.paper.refusal_to_submit(person, number, key, self.clock.now())
        receipt = self.attempt(refusal, submit_questionnaire, self.visitors[person], number, key)
        if refusal is not None:
            return
        receipts = self.paper.rounds[number - 1].receipts
        self.n_events += person not in receipts
        assert receipts.setdefault(person, receipt.code) == receipt.code
        self.paper.requests[person, key] = number

    # All together

    @precondition(lambda self: len(self.paper.rounds) < MOST_ROUNDS)
    @rule(
        days=st.sampled_from([None, 1]),
        answers=everybodys_answers,
        page=pages,
        notes=notes,
        handing_in=st.sets(people),
        key=request_keys,
        person=people,
    )
    def a_whole_round_is_held(
        self,
        days: int | None,
        answers: Answers,
        page: list[Line],
        notes: list[Note],
        handing_in: set[int],
        key: str,
        person: int,
    ) -> None:
        self.open(days)
        self.everybody_rates_everything(answers)
        for one in sorted(handing_in):
            self.answer(one, {"Q1": "Time", "Q2": "Money"}, away=0)
        self.save(person, page, notes, away=0)
        for one in sorted(handing_in):
            self.submit(one, key, away=0)
        self.a_day_passes()
        self.save(person, [Line(STATEMENTS[0], 2, 0)], notes=[], away=0)
        self.close()
        self.release()

    # What people see

    @rule()
    def look_at_the_study(self) -> None:
        overview = read_overview(self.database, self.clock, self.slug)
        assert Counter(self.paper.decided.values()) == +Counter(overview.decisions)
        for line, on_paper in zip(overview.rounds, self.paper.rounds, strict=True):
            assert line.n_invited == len(on_paper.invited)
            assert line.n_submitted == len(on_paper.receipts)
            assert line.n_statements == len(on_paper.asked)
            assert line.n_questions == len(on_paper.questions)

    @rule(person=people)
    def look_at_the_questionnaire(self, person: int) -> None:
        seen = read_questionnaire(self.database, self.clock, self.visitors[person])
        if not self.paper.rounds:
            assert seen is None
            return
        assert seen is not None
        round_ = self.paper.rounds[-1]
        assert tuple(shown.statement.code for shown in seen.statements) == round_.asked
        assert tuple(shown.question.code for shown in seen.questions) == round_.questions
        assert seen.receipt_code == round_.receipts.get(person)
        for shown in seen.statements:
            code = shown.statement.code
            on_paper = round_.answers.get((person, code))
            assert {c: (r.point, r.version) for c, r in shown.ratings.items()} == (
                {CRITERION: (on_paper.point, on_paper.version)} if on_paper else {}
            )
            assert (shown.comment.text, shown.comment.version) == round_.comments.get((person, code), ("", 0))


EVERY_REFUSAL = {
    ActionBlocked,
    ConsentMissing,
    PanelistHasLeft,
    PointOffScale,
    QuestionnaireIncomplete,
    RepeatedRequestDiffers,
    RoundNotFound,
    RoundNotOpen,
    RoundTransitionError,
    StaleComment,
    StaleRating,
    UnknownQuestion,
    UnknownStatement,
}


def test_a_study_played_through_the_services_goes_as_it_goes_on_paper(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class HerePlayed(PlayedStudy):
        template, place = run.migrated_sqlite(), tmp_path
        met: ClassVar[Counter[object]] = Counter()

    # What the permutations say about differences decides nothing, and takes most of the time.
    monkeypatch.setattr("analysis.study_analysis.analyse_round", partial(analyse_round, n_permutations=9))
    # Without shrinking: each try plays a whole study. A failure lists every step that led to it.
    run_state_machine_as_test(
        HerePlayed,
        settings=settings(
            max_examples=18,
            stateful_step_count=80,
            phases=[Phase.generate],
            deadline=None,
            derandomize=True,
            database=None,
        ),
    )
    # A play in which nothing happened would prove nothing.
    assert HerePlayed.met.keys() >= {*EVERY_REFUSAL, *Decision, TOO_LATE}
