"""The model study played through the services alone: once to its end, once to the middle of round 3."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from app.clock import Clock, FixedClock
from app.demo.chance import chance
from app.demo.coding import CodingPlan, CodingPlay, find_coders, read_coding_plan
from app.demo.profiles import profile_answers
from app.demo.script import Script, read_script
from app.demo.simulator import (
    SimulatedQuestionnaire,
    SimulatedRating,
    SimulatedRound,
    half_way,
    newcomers,
    simulate_round,
)
from app.demo.timetable import (
    LIVE_DAYS_GONE,
    RoundDates,
    Timetable,
    finished_timetable,
    live_timetable,
    visit_moments,
)
from app.domain.panel import Participation
from app.domain.rating import CommentChange, RatingChange
from app.domain.recommendation import Audience, Basis, Recommendation, audiences_fingerprint
from app.domain.statement import Statement
from app.domain.study_definition import StudyDefinition
from app.interchange.study_folder import read_study_folder
from app.services.coding import Coder
from app.services.consent import give_consent
from app.services.entering import Visitor, enter_by_link, find_panelist
from app.services.importing import import_study
from app.services.links import IssuedLink, issue_links, read_links
from app.services.moderating import release_pending_comments
from app.services.profile import save_profile
from app.services.questionnaire import read_questionnaire
from app.services.ratings import save_answers
from app.services.recommending import add_recommendation, save_audiences
from app.services.rounds import close_round, conclude_study, open_round, release_feedback
from app.services.submitting import submit_questionnaire
from app.storage.database import Database

FOLDER = Path(__file__).parent / "peer_support"
SESSION_HOURS = 12
DAYS_OF_WRITING = 14


@dataclass(frozen=True)
class LoadedDemo:
    """What the demo put into the database.

    ``links`` holds for every group of the live study the personal link of a panelist who can still rate.
    """

    finished: str
    live: str
    links: tuple[IssuedLink, ...]


def load_demo(database: Database, clock: Clock, secret: bytes, owner_id: int | None = None) -> LoadedDemo:
    """Import the model study twice and play both; the database must hold neither yet.

    Parameters
    ----------
    clock
        What time it is; the live study's dates are counted back from it, those of the finished one are fixed.
    secret
        What personal links are derived from.
    owner_id
        The researcher who is to own both studies.

    Raises
    ------
    StudyAlreadyImported
        A study of one of the two names is there already.
    """
    definition = read_study_folder(FOLDER)
    zone = ZoneInfo(definition.time_zone)
    plan = read_coding_plan(FOLDER)
    finished = _Play(database, definition, finished_timetable(zone), secret, owner_id, plan)
    finished.begin()
    coders = [
        Coder(one, sees_originals=True, secret=secret) for one in find_coders(database, clock, plan, owner_id)
    ]
    finished.begin_coding(coders)
    for dates in finished.timetable.rounds:
        finished.open_round(dates)
        finished.hold_round(dates)
        finished.end_round(dates)
    finished.match_themes()
    finished.conclude()
    finished.recommend()

    live = _Play(database, _live_copy(definition), live_timetable(zone, clock.now()), secret, owner_id, plan)
    live.begin()
    live.begin_coding(coders)
    *held, standing = live.timetable.rounds
    for dates in held:
        live.open_round(dates)
        live.hold_round(dates)
        live.end_round(dates, is_coded=False)
    live.open_round(standing)
    live.hold_half_a_round(standing)
    return LoadedDemo(finished.slug, live.slug, live.newcomers_links())


def read_demo_links(database: Database, secret: bytes) -> tuple[IssuedLink, ...]:
    """The same links as :func:`load_demo` gave, of a demo that was loaded before.

    Raises
    ------
    StudyNotFound
        The live study is not there.
    """
    definition = _live_copy(read_study_folder(FOLDER))
    links = read_links(database, definition.slug, secret)
    chosen = newcomers(read_script(FOLDER), definition.panel).values()
    found = (links[definition.panel.index(one)] for one in chosen)
    return tuple(link for link in found if link is not None)


def _read_recommendations(themes: Mapping[str, int]) -> tuple[list[Audience], list[Recommendation]]:
    with (FOLDER / "recommendations.toml").open("rb") as file:
        written = tomllib.load(file)
    return (
        [Audience(one["code"], one["name"]) for one in written["audience"]],
        [
            Recommendation(
                number=0,
                audience=one["audience"],
                text=one["text"],
                basis=Basis(
                    tuple(one["statements"]),
                    tuple(themes[code] for code in one.get("themes", ())),
                    tuple(one.get("evidence", ())),
                ),
                reservation=one.get("reservation", {}),
            )
            for one in written["recommendation"]
        ],
    )


def _live_copy(definition: StudyDefinition) -> StudyDefinition:
    with (FOLDER / "live.toml").open("rb") as file:
        live = tomllib.load(file)
    return replace(definition, slug=live["slug"], texts=replace(definition.texts, title=live["title"]))


class _Play:
    """One study on its way through the services, with the clock set to when each step is said to happen."""

    def __init__(
        self,
        database: Database,
        definition: StudyDefinition,
        timetable: Timetable,
        secret: bytes,
        owner_id: int | None,
        plan: CodingPlan,
    ) -> None:
        self.slug = definition.slug
        self.timetable = timetable
        self._database = database
        self._definition = definition
        self._secret = secret
        self._owner_id = owner_id
        self._actor = "system" if owner_id is None else f"researcher:{owner_id}"
        self._clock = FixedClock(timetable.imported_at)
        self._zone = ZoneInfo(definition.time_zone)
        self._script: Script = read_script(FOLDER)
        self._links: dict[str, IssuedLink] = {}
        self._statements: Sequence[Statement] = definition.statements
        self._played: SimulatedRound | None = None
        self._witness: Visitor | None = None
        self._born = next(one for one in definition.statements if one.code == plan.born)
        self._coding = CodingPlay(database, self._clock, self.slug, plan)

    def begin(self) -> None:
        """Import the study and issue everybody's personal link."""
        imported = tuple(one for one in self._statements if one is not self._born)
        definition = replace(self._definition, statements=imported)
        import_study(self._database, self._clock, definition, owner_id=self._owner_id)
        issued = issue_links(self._database, self._clock, self.slug, self._secret, self._actor)
        addresses = (one.email for one in self._definition.panel)
        self._links = dict(zip(addresses, issued, strict=True))

    def begin_coding(self, coders: Sequence[Coder]) -> None:
        """Code what interviews have said, and write the one statement that comes from them."""
        self._coding.begin(coders, self._actor, self._born)

    def open_round(self, dates: RoundDates) -> None:
        """Open the next round and see which statements it asks."""
        self._clock.set(dates.opens_at)
        open_round(self._database, self._clock, self.slug, self._actor, closes_at=dates.closes_at)
        if self._witness is None:
            return
        seen = read_questionnaire(self._database, self._clock, self._witness)
        if seen is not None:
            self._statements = [one.statement for one in seen.statements]

    def hold_round(self, dates: RoundDates) -> None:
        """Let the panel fill the open round to its end."""
        self._played = self._simulated()
        self._visit(self._played, dates, dates.n_days)

    def hold_half_a_round(self, dates: RoundDates) -> None:
        """Let some of the panel fill the open round, and leave it open."""
        self._played = half_way(self._script, self._simulated(), self._statements)
        self._visit(self._played, dates, LIVE_DAYS_GONE)

    def end_round(self, dates: RoundDates, *, is_coded: bool = True) -> None:
        """Close the open round at its deadline, code its comments, and release them and feedback later."""
        self._clock.set(dates.closes_at)
        held = close_round(self._database, self._clock, self.slug, self._actor)
        if is_coded:
            self._coding.code_round(held.number)
        self._clock.set(dates.fed_back_at)
        release_pending_comments(self._database, self._clock, self.slug, self._actor, held.number)
        release_feedback(self._database, self._clock, self.slug, self._actor)

    def match_themes(self) -> None:
        """Match the themes with the statements that they are about."""
        self._coding.match()

    def conclude(self) -> None:
        """End the study."""
        self._clock.set(self.timetable.concluded_at)
        conclude_study(self._database, self._clock, self.slug, self._actor)

    def recommend(self) -> None:
        """Say some days after the end what the study recommends, and to whom."""
        self._clock.advance(timedelta(days=DAYS_OF_WRITING))
        here = (self._database, self._clock, self.slug, self._actor)
        audiences, recommendations = _read_recommendations(self._coding.themes)
        save_audiences(*here, audiences, known=audiences_fingerprint(()))
        for one in recommendations:
            add_recommendation(*here, one)

    def newcomers_links(self) -> tuple[IssuedLink, ...]:
        """The links of those who have entered nothing yet in the open round, one a group."""
        chosen = newcomers(self._script, self._definition.panel)
        return tuple(self._links[one.email] for one in chosen.values())

    def _simulated(self) -> SimulatedRound:
        (criterion,) = self._definition.protocol.criteria
        return simulate_round(
            self._script, criterion.scale, self._definition.panel, self._statements, self._played
        )

    def _visit(self, played: SimulatedRound, dates: RoundDates, n_days: int) -> None:
        comers = sorted(
            (one for one in played.questionnaires if one.participation is not Participation.INVITED),
            key=lambda one: chance(self._script, "arrival", played.number, one.panelist.email).random(),
        )
        for one, at in zip(comers, visit_moments(dates, self._zone, len(comers), n_days), strict=True):
            self._fill(one, played.number, at)

    def _fill(self, questionnaire: SimulatedQuestionnaire, number: int, at: datetime) -> None:
        """One visit: enter, on the first time consent and describe oneself, rate by topic, submit."""
        self._clock.set(at)
        email = questionnaire.panelist.email
        entered = enter_by_link(
            self._database, self._clock, self._links[email].token, session_hours=SESSION_HOURS
        )
        visitor = find_panelist(self._database, self._clock, self.slug, entered.session_token)
        pause = chance(self._script, "pace of reading", number, email)
        if visitor.panelist.consented_at is None:
            self._introduce(visitor, questionnaire)
        topic_of = {statement.code: statement.topic for statement in self._statements}
        for _, page in groupby(questionnaire.ratings, key=lambda rating: topic_of[rating.statement]):
            self._clock.advance(timedelta(seconds=pause.randint(60, 240)))
            self._save(visitor, number, list(page), questionnaire)
        if questionnaire.participation is Participation.SUBMITTED:
            self._clock.advance(timedelta(seconds=pause.randint(20, 90)))
            submit_questionnaire(self._database, self._clock, visitor, number, f"demo-{number}-{email}")
        self._witness = visitor

    def _introduce(self, visitor: Visitor, questionnaire: SimulatedQuestionnaire) -> None:
        give_consent(self._database, self._clock, visitor)
        self._clock.advance(timedelta(minutes=2))
        answers = profile_answers(self._script, self._definition.profile_questions, questionnaire.panelist)
        typed = {one.question: one.options or (one.text,) for one in answers}
        for _, refusal in save_profile(self._database, self._clock, visitor, typed):
            raise refusal

    def _save(
        self,
        visitor: Visitor,
        number: int,
        page: Sequence[SimulatedRating],
        questionnaire: SimulatedQuestionnaire,
    ) -> None:
        (criterion,) = self._definition.protocol.criteria
        changes = [
            RatingChange(
                statement=rating.statement,
                criterion=criterion.code,
                point=rating.point,
                abstained=rating.point is None,
                known_version=0,
                reason=rating.reason or "",
            )
            for rating in page
        ]
        comments = [
            CommentChange(rating.statement, questionnaire.comments[rating.statement], known_version=0)
            for rating in page
            if rating.statement in questionnaire.comments
        ]
        saved = save_answers(self._database, self._clock, visitor, number, changes, comments)
        for refusal in saved.refusals:
            raise refusal.error
