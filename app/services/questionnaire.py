"""What a panelist sees of a round: statements, own answers of now and before, and the group's view."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.clock import Clock
from app.domain.rating import Comment, Rating, unanswered
from app.domain.round import Round, RoundStatus, accepts_ratings, last_rating_round
from app.domain.statement import Evidence, Statement, Topic
from app.services.comments import ReleasedComment, released_comments
from app.services.entering import Visitor
from app.services.feedback import CriterionFeedback, FeedbackOn, feedback_on, statement_feedback
from app.services.live_feedback import live_content
from app.services.open_answers import QuestionAnswers, missing_answers, read_question_answers
from app.storage import profiles, ratings, rounds
from app.storage.asked import Asked, read_asked
from app.storage.database import Connection, Database
from app.storage.feedback import find_released_feedback
from app.storage.live_figures import read_shown_points
from app.storage.prepared import ask_together
from app.storage.statements import StoredStatement

_OwnRatings = Mapping[tuple[str, str], Rating]


@dataclass(frozen=True)
class _OwnAnswers:
    """A panelist's ratings of the statements shown, of now and of the round before, and what else has any."""

    ratings: _OwnRatings
    previous: _OwnRatings
    comments: Mapping[str, Comment]
    answered: Collection[tuple[str, str]]


@dataclass(frozen=True)
class _ViewOfPanel:
    """What the panelist may see of the panel, by the codes of statements."""

    feedback: FeedbackOn
    comments: Mapping[str, tuple[ReleasedComment, ...]]


_NOTHING_OF_PANEL = _ViewOfPanel(lambda _: (), {})


@dataclass(frozen=True)
class QuestionnaireStatement:
    """A statement as this panelist meets it: own ratings now and in the round before, by criterion code."""

    statement: Statement
    evidence: tuple[Evidence, ...]
    ratings: Mapping[str, Rating]
    previous: Mapping[str, Rating]
    comment: Comment
    feedback: tuple[CriterionFeedback, ...]
    released_comments: tuple[ReleasedComment, ...] = ()


@dataclass(frozen=True)
class TopicProgress:
    """A topic of the questionnaire and how much of it is answered."""

    topic: Topic
    n_answered: int
    n_statements: int


@dataclass(frozen=True)
class Questionnaire:
    """One panelist's questionnaire in the newest round.

    ``statements`` are those asked for; ``order`` has the codes of all, topic by topic. An open round has
    ``questions`` instead, which are then what is counted. ``looks_back_on`` is the number of the round whose
    answers stand beside the present ones, None where there is none.
    """

    round: Round
    accepts_ratings: bool
    is_invited: bool
    topics: tuple[TopicProgress, ...]
    statements: tuple[QuestionnaireStatement, ...]
    questions: tuple[QuestionAnswers, ...]
    order: tuple[str, ...]
    unanswered: tuple[str, ...]
    n_statements: int
    submitted_at: datetime | None
    receipt_code: str | None
    profile_complete: bool
    looks_back_on: int | None

    @property
    def n_answered(self) -> int:
        """How many statements have an answer on every criterion, or how many open questions have one."""
        return self.n_statements - len(self.unanswered)


def read_questionnaire(database: Database, clock: Clock, visitor: Visitor) -> Questionnaire | None:
    """The whole questionnaire of the newest round that was ever opened, or None before round 1."""
    return _read(database, clock, visitor, lambda _: True)


def read_topic(
    database: Database, clock: Clock, visitor: Visitor, topic: str, *, to_save: bool = False
) -> Questionnaire | None:
    """The same with the statements of one topic only; progress still counts all topics.

    ``to_save``: only what a form is held against, as if nothing were answered yet.
    """
    return _read(database, clock, visitor, lambda statement: statement.topic == topic, to_save=to_save)


def read_statement(
    database: Database, clock: Clock, visitor: Visitor, code: str, *, to_save: bool = False
) -> Questionnaire | None:
    """The same with one statement only."""
    return _read(database, clock, visitor, lambda statement: statement.code == code, to_save=to_save)


def _read(
    database: Database,
    clock: Clock,
    visitor: Visitor,
    is_asked_for: Callable[[Statement], bool],
    *,
    to_save: bool = False,
) -> Questionnaire | None:
    study_id, panelist = visitor.study.id, visitor.panelist
    with database.glancing() if to_save else database.reading() as connection:
        held = rounds.read_rounds_of(connection, study_id, panelist.id)
        opened = [(r, part) for r, part in held if r.status is not RoundStatus.DRAFT]
        if not opened:
            return None
        round_, part = opened[-1]
        before = last_rating_round([r for r, _ in held], before=round_.number)
        questions = (
            read_question_answers(connection, visitor, round_.number) if round_.asks_open_questions else ()
        )
        asked = read_asked(connection, visitor.study, round_)
        stored = asked.statements
        shown = [s for s in stored if is_asked_for(s.statement)]
        own = _own_answers(connection, visitor, round_, before, [s.id for s in shown], to_save=to_save)
        panel = _NOTHING_OF_PANEL
        if not to_save:
            codes_shown = [s.statement.code for s in shown]
            panel = _view_of_panel(connection, visitor, round_, before, codes_shown, own)
        missing = (
            *unanswered(own.answered, tuple(asked.statement_ids), visitor.protocol.criterion_codes),
            *missing_answers(questions),
        )
        return Questionnaire(
            round=round_,
            accepts_ratings=part is not None and accepts_ratings(round_, clock.now()),
            is_invited=part is not None,
            topics=_progress(asked, frozenset(missing)),
            statements=tuple(_statement(asked, s, own, panel) for s in shown),
            questions=questions,
            order=tuple(code for _, codes in asked.topics for code in codes),
            unanswered=missing,
            n_statements=len(stored) + len(questions),
            submitted_at=part.submitted_at if part else None,
            receipt_code=part.receipt_code if part else None,
            profile_complete=_is_profile_complete(connection, visitor, asked),
            looks_back_on=before.number if before else None,
        )


def _own_answers(
    connection: Connection,
    visitor: Visitor,
    round_: Round,
    before: Round | None,
    statement_ids: Collection[int],
    *,
    to_save: bool,
) -> _OwnAnswers:
    study_id, panelist_id = visitor.study.id, visitor.panelist.id
    number, number_before = round_.number, before.number if before else 0
    on_shown = ratings.to_read_own_ratings(study_id, (number, number_before), panelist_id, statement_ids)
    if to_save:
        return _OwnAnswers({}, on_shown.ask(connection)[1], {}, ())
    (own, previous), answered, comments = ask_together(
        connection,
        on_shown,
        ratings.to_read_answered(study_id, number, panelist_id),
        ratings.to_read_own_comments(study_id, number, panelist_id),
    )
    return _OwnAnswers(own, previous, comments, answered)


def _is_profile_complete(connection: Connection, visitor: Visitor, asked: Asked) -> bool:
    required = {question.code for question in asked.profile_questions if question.required}
    if not required:
        return True
    return required <= profiles.read_profile_answers(connection, visitor.study.id, visitor.panelist.id).keys()


def _progress(asked: Asked, missing: frozenset[str]) -> tuple[TopicProgress, ...]:
    return tuple(
        TopicProgress(topic, sum(code not in missing for code in codes), len(codes))
        for topic, codes in asked.topics
    )


def _statement(
    asked: Asked, stored: StoredStatement, own: _OwnAnswers, panel: _ViewOfPanel
) -> QuestionnaireStatement:
    code = stored.statement.code
    return QuestionnaireStatement(
        statement=stored.statement,
        evidence=asked.evidence[code],
        ratings=_by_criterion(asked, own.ratings, code),
        previous=_by_criterion(asked, own.previous, code),
        comment=own.comments.get(code, Comment()),
        feedback=panel.feedback(code),
        released_comments=panel.comments.get(code, ()),
    )


def _by_criterion(asked: Asked, of_panelist: _OwnRatings, code: str) -> dict[str, Rating]:
    return {c: of_panelist[code, c] for c in asked.criterion_ids if (code, c) in of_panelist}


def _view_of_panel(
    connection: Connection,
    visitor: Visitor,
    round_: Round,
    before: Round | None,
    codes: Collection[str],
    own: _OwnAnswers,
) -> _ViewOfPanel:
    """What the panelist may see of the panel on some statements."""
    study_id = visitor.study.id
    released = find_released_feedback(connection, study_id, before)
    comments = released_comments(connection, study_id, released, codes)
    if round_.is_real_time:
        return _ViewOfPanel(_live_feedback(connection, visitor, round_, own.ratings), comments)
    return _ViewOfPanel(feedback_on(connection, visitor, before, released, own.previous), comments)


def _live_feedback(connection: Connection, visitor: Visitor, round_: Round, own: _OwnRatings) -> FeedbackOn:
    """By a statement's code what the panelist may see at this moment: nothing before an own answer."""
    study_id, protocol = visitor.study.id, visitor.protocol
    content = live_content(connection, study_id, protocol, round_.number, sorted({s for s, _ in own}))
    counted = read_shown_points(connection, study_id, round_.number, visitor.panelist.id)

    def on_statement(code: str) -> tuple[CriterionFeedback, ...]:
        found = statement_feedback(
            content, code, protocol=protocol, group=visitor.panelist.group, own=_of_statement(counted, code)
        )
        return tuple(figures for figures in found if (code, figures.criterion) in own)

    return on_statement


def _of_statement(by_key: Mapping[tuple[str, str], int], code: str) -> dict[str, int]:
    return {criterion: value for (statement, criterion), value in by_key.items() if statement == code}
