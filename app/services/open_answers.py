"""Answering open questions: several answers each, saved one by one with versions, or nothing to add."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from app.clock import Clock
from app.domain.errors import DomainError, RoundNotFound, StaleAnswer
from app.domain.event import EventKind
from app.domain.open_question import (
    AnswerChange,
    NothingToAdd,
    OpenAnswer,
    OpenQuestion,
    checked_answer_text,
    unanswered_questions,
)
from app.domain.protocol import Protocol
from app.domain.round import Round
from app.domain.study import Study
from app.services.entering import Visitor
from app.services.finding import get_study_of
from app.services.paging import page_within
from app.services.ratings import open_participation
from app.storage import open_answers, rounds, studies
from app.storage.database import Connection, Database
from app.storage.events import append_event
from app.storage.open_answers import AnswerCount, AnswerToStore, GivenAnswer
from app.storage.response import Step


@dataclass(frozen=True)
class QuestionAnswers:
    """A question as this panelist meets it, own answers by their places, and "nothing to add"."""

    question: OpenQuestion
    answers: Mapping[int, OpenAnswer]
    nothing_to_add: bool

    @property
    def given(self) -> tuple[OpenAnswer, ...]:
        """The answers in words, in their order."""
        return tuple(answer for answer in self.answers.values() if answer.text)


@dataclass(frozen=True)
class AnswerRefusal:
    """One answer that was not stored, why, and what is stored in its place."""

    question: str
    position: int
    error: DomainError
    current: OpenAnswer


@dataclass(frozen=True)
class SavedAnswers:
    """What is committed now; ``versions`` are those of everything that was sent and is stored."""

    saved_at: datetime
    versions: Mapping[tuple[str, int], int]
    n_answered: int
    n_questions: int
    refusals: tuple[AnswerRefusal, ...]


@dataclass(frozen=True)
class RoundAnswers:
    """The answers to a round's open questions as researchers read them; nothing tells whose they are.

    ``names_groups``: of every group that answered so many did that its name points at nobody. Leaving the
    name of a single group away would tell it all the same. ``answers`` are those of one ``page``.
    """

    study: Study
    protocol: Protocol
    round: Round
    questions: tuple[OpenQuestion, ...]
    counts: tuple[AnswerCount, ...]
    names_groups: bool
    answers: tuple[GivenAnswer, ...] = ()
    page: int = 1

    @property
    def n_answers(self) -> int:
        """How many answers there are, on all pages."""
        return sum(row.n_answers for row in self.counts)


def save_open_answers(
    database: Database,
    clock: Clock,
    visitor: Visitor,
    round_number: int,
    changes: Sequence[AnswerChange],
    said: Sequence[NothingToAdd] = (),
) -> SavedAnswers:
    """Store answers to open questions, and to which there is nothing to add.

    A text that is stored already is no change, an empty one takes an answer back. Good changes are stored
    even when others of the same page are refused. Words always count more than "nothing to add".

    Raises
    ------
    RoundNotFound, RoundNotOpen, NotInvited, ConsentMissing, PanelistHasLeft
        Nothing was stored.
    """
    study_id, panelist_id = visitor.study.id, visitor.panelist.id
    with database.writing() as connection:
        _, part = open_participation(connection, clock, visitor, round_number)
        now = clock.now()
        stored = open_answers.read_round_questions(connection, study_id, round_number)
        ids = {one.question.code: one.id for one in stored}
        own = open_answers.read_own_answers(connection, study_id, round_number, panelist_id)
        to_store, refusals = _sort(changes, {one.question.code: one.question for one in stored}, own)
        kept = {**own, **to_store}
        if to_store:
            open_answers.store_answers(
                connection,
                study_id,
                round_number,
                panelist_id,
                [AnswerToStore(ids[a.question], a.position, a.text, a.version) for a in to_store.values()],
                language=visitor.panelist.language,
                at=now,
            )
        before = open_answers.read_nothing_to_add(connection, study_id, round_number, panelist_id)
        silent = _silent_questions(before, said, ids, kept.values())
        _store_silence(connection, visitor, round_number, before, silent, ids, now)
        if to_store or silent != before:
            if part.started_at is None:
                rounds.note_step(connection, study_id, round_number, panelist_id, Step.STARTED, now)
            payload = {
                "round": round_number,
                "answers": [[a.question, a.position, a.version] for a in to_store.values()],
                "nothing_to_add": sorted(silent),
            }
            append_event(connection, study_id, EventKind.OPEN_ANSWERS_SAVED, visitor.actor, now, payload)
    missing = unanswered_questions(ids, kept.values(), silent)
    return SavedAnswers(
        saved_at=now,
        versions={
            key: kept[key].version for key in ((c.question, c.position) for c in changes) if key in kept
        },
        n_answered=len(ids) - len(missing),
        n_questions=len(ids),
        refusals=refusals,
    )


def read_question_answers(
    connection: Connection, visitor: Visitor, round_number: int
) -> tuple[QuestionAnswers, ...]:
    """The questions of a round with what this panelist has answered; a rating round has none."""
    study_id, panelist_id = visitor.study.id, visitor.panelist.id
    stored = open_answers.read_round_questions(connection, study_id, round_number)
    if not stored:
        return ()
    own = open_answers.read_own_answers(connection, study_id, round_number, panelist_id)
    silent = open_answers.read_nothing_to_add(connection, study_id, round_number, panelist_id)
    return tuple(
        QuestionAnswers(
            one.question,
            {position: answer for (code, position), answer in own.items() if code == one.question.code},
            one.question.code in silent,
        )
        for one in stored
    )


def missing_answers(asked: Iterable[QuestionAnswers]) -> tuple[str, ...]:
    """The questions that still wait for an answer, in their order."""
    return tuple(one.question.code for one in asked if not one.given and not one.nothing_to_add)


def read_round_answers(
    database: Database, slug: str, number: int, *, page: int = 1, page_size: int
) -> RoundAnswers:
    """A page of the answers to a round's open questions, without a trace of who gave them.

    Raises
    ------
    StudyNotFound
    RoundNotFound
        There is no such round, or it asks no open questions.
    """
    with database.reading() as connection:
        read = _round_answers(connection, slug, number)
        shown = page_within(page, read.n_answers, page_size)
        first = (shown - 1) * page_size
        answers = open_answers.read_given_answers(
            connection, read.study.id, number, first=first, most=page_size
        )
        return replace(read, answers=tuple(answers), page=shown)


@contextmanager
def all_round_answers(
    database: Database, slug: str, number: int
) -> Iterator[tuple[RoundAnswers, Iterator[GivenAnswer]]]:
    """The same, with every answer, one after the other, for as long as the block runs.

    Raises
    ------
    StudyNotFound, RoundNotFound
    """
    with database.reading() as connection:
        read = _round_answers(connection, slug, number)
        yield read, open_answers.read_given_answers(connection, read.study.id, number)


def _round_answers(connection: Connection, slug: str, number: int) -> RoundAnswers:
    study = get_study_of(connection, slug)
    round_ = rounds.find_round(connection, study.id, number)
    if round_ is None or not round_.asks_open_questions:
        raise RoundNotFound(slug=slug, round=number)
    protocol = studies.protocol_in_force(connection, study.id).protocol
    stored = open_answers.read_round_questions(connection, study.id, number)
    writers = open_answers.count_writers(connection, study.id, number)
    return RoundAnswers(
        study=study,
        protocol=protocol,
        round=round_,
        questions=tuple(one.question for one in stored),
        counts=open_answers.count_by_group(connection, study.id, number),
        names_groups=all(n >= protocol.minimum_group_size for n in writers.values()),
    )


def _sort(
    changes: Sequence[AnswerChange],
    questions: Mapping[str, OpenQuestion],
    own: Mapping[tuple[str, int], OpenAnswer],
) -> tuple[dict[tuple[str, int], OpenAnswer], tuple[AnswerRefusal, ...]]:
    """Answers to store with their new version, and refusals; what is stored already is neither."""
    to_store: dict[tuple[str, int], OpenAnswer] = {}
    refusals: list[AnswerRefusal] = []
    for change in changes:
        key = (change.question, change.position)
        current = own.get(key, OpenAnswer(*key))
        try:
            text = checked_answer_text(change, questions)
            if text == current.text:
                continue
            if change.known_version != current.version:
                raise StaleAnswer(question=change.question)
        except DomainError as error:
            refusals.append(AnswerRefusal(*key, error, current))
        else:
            to_store[key] = OpenAnswer(*key, text, current.version + 1)
    return to_store, tuple(refusals)


def _silent_questions(
    before: frozenset[str],
    said: Iterable[NothingToAdd],
    known: Iterable[str],
    answers: Iterable[OpenAnswer],
) -> frozenset[str]:
    """The questions to which there is nothing to add now."""
    in_words = {answer.question for answer in answers if answer.text}
    now = {*before, *(one.question for one in said if one.is_said)}
    unsaid = {one.question for one in said if not one.is_said}
    return frozenset(now - unsaid - in_words) & frozenset(known)


def _store_silence(
    connection: Connection,
    visitor: Visitor,
    round_number: int,
    before: frozenset[str],
    silent: frozenset[str],
    ids: Mapping[str, int],
    now: datetime,
) -> None:
    key = (connection, visitor.study.id, round_number, visitor.panelist.id)
    if new := silent - before:
        open_answers.say_nothing_to_add(*key, [ids[code] for code in new], now)
    if gone := before - silent:
        open_answers.unsay_nothing_to_add(*key, [ids[code] for code in gone])
