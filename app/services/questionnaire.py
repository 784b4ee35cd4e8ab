"""What a panelist sees of a round: statements, own answers of now and before, and the group's view."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
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
        own, previous, comments = _own_answers(connection, visitor, round_, before, to_save=to_save)
        statements = [_statement(asked, s, own, previous, comments) for s in shown]
        if not to_save:
            statements = _with_panel(connection, visitor, round_, before, statements, own, previous)
        codes = tuple(s.statement.code for s in stored)
        missing = (*unanswered(own, codes, visitor.protocol.criterion_codes), *missing_answers(questions))
        return Questionnaire(
            round=round_,
            accepts_ratings=part is not None and accepts_ratings(round_, clock.now()),
            is_invited=part is not None,
            topics=_progress(asked.topics, stored, missing),
            statements=tuple(statements),
            questions=questions,
            order=tuple(
                s.statement.code for topic in asked.topics for s in stored if s.statement.topic == topic.code
            ),
            unanswered=missing,
            n_statements=len(stored) + len(questions),
            submitted_at=part.submitted_at if part else None,
            receipt_code=part.receipt_code if part else None,
            profile_complete=_is_profile_complete(connection, visitor, asked),
            looks_back_on=before.number if before else None,
        )


def _own_answers(
    connection: Connection, visitor: Visitor, round_: Round, before: Round | None, *, to_save: bool
) -> tuple[_OwnRatings, _OwnRatings, Mapping[str, Comment]]:
    """The ratings of now and of the round before, and the comments of now."""
    study_id, panelist_id = visitor.study.id, visitor.panelist.id
    number_before = before.number if before else 0
    if to_save:
        return {}, ratings.read_own_ratings(connection, study_id, number_before, panelist_id), {}
    (own, previous), comments = ask_together(
        connection,
        ratings.to_read_own_ratings(study_id, (round_.number, number_before), panelist_id),
        ratings.to_read_own_comments(study_id, round_.number, panelist_id),
    )
    return own, previous, comments


def _is_profile_complete(connection: Connection, visitor: Visitor, asked: Asked) -> bool:
    required = {question.code for question in asked.profile_questions if question.required}
    if not required:
        return True
    return required <= profiles.read_profile_answers(connection, visitor.study.id, visitor.panelist.id).keys()


def _progress(
    topics: Sequence[Topic], stored: Sequence[StoredStatement], missing: Sequence[str]
) -> tuple[TopicProgress, ...]:
    lines = []
    for topic in topics:
        codes = [s.statement.code for s in stored if s.statement.topic == topic.code]
        if codes:
            lines.append(TopicProgress(topic, sum(code not in missing for code in codes), len(codes)))
    return tuple(lines)


def _statement(
    asked: Asked,
    stored: StoredStatement,
    own: _OwnRatings,
    previous: _OwnRatings,
    comments: Mapping[str, Comment],
) -> QuestionnaireStatement:
    code = stored.statement.code
    return QuestionnaireStatement(
        statement=stored.statement,
        evidence=asked.evidence[code],
        ratings={c: own[code, c] for c in asked.criterion_ids if (code, c) in own},
        previous={c: previous[code, c] for c in asked.criterion_ids if (code, c) in previous},
        comment=comments.get(code, Comment()),
        feedback=(),
    )


def _with_panel(
    connection: Connection,
    visitor: Visitor,
    round_: Round,
    before: Round | None,
    statements: Sequence[QuestionnaireStatement],
    own: _OwnRatings,
    previous: _OwnRatings,
) -> list[QuestionnaireStatement]:
    """The statements with what the panelist may see of the panel."""
    study_id = visitor.study.id
    released = find_released_feedback(connection, study_id, before)
    comments_before = released_comments(
        connection, study_id, released, [item.statement.code for item in statements]
    )
    if round_.is_real_time:
        feedback = _live_feedback(connection, visitor, round_, own)
    else:
        feedback = feedback_on(connection, visitor, before, released, previous)
    return [
        replace(
            item,
            feedback=feedback(item.statement.code),
            released_comments=comments_before.get(item.statement.code, ()),
        )
        for item in statements
    ]


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
