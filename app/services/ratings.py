"""Saving answers: checked, versioned, committed before anybody is told that they are saved."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.clock import Clock
from app.domain.errors import (
    DomainError,
    NotInvited,
    RoundNotFound,
    RoundNotOpen,
    StaleComment,
    StaleRating,
    UnknownCriterion,
    UnknownStatement,
)
from app.domain.event import EventKind
from app.domain.protocol import Protocol
from app.domain.rating import (
    COMMENT_LIMIT,
    REASON_LIMIT,
    Comment,
    CommentChange,
    Rating,
    RatingChange,
    checked_text,
    n_answered,
    validate,
)
from app.domain.round import Round, accepts_ratings
from app.services.consent import refuse_unless_taking_part
from app.services.entering import Visitor
from app.services.live_feedback import follow_ratings
from app.storage import ratings, rounds
from app.storage.asked import read_asked
from app.storage.database import Connection, Database
from app.storage.events import append_event
from app.storage.prepared import ask_together
from app.storage.ratings import CommentToStore, RatingToStore
from app.storage.response import Step
from app.storage.rounds import StoredParticipation


@dataclass(frozen=True)
class Refusal:
    """One change that was not stored, why, and what is stored instead.

    ``criterion`` is None when a comment was refused; then ``current_comment`` is what is stored.
    """

    statement: str
    criterion: str | None
    error: DomainError
    current: Rating | None = None
    current_comment: Comment | None = None


@dataclass(frozen=True)
class Saved:
    """What is committed now.

    ``versions`` and ``comment_versions`` are those of everything that was sent and is stored, changed or not.
    """

    saved_at: datetime
    versions: Mapping[tuple[str, str], int]
    comment_versions: Mapping[str, int]
    n_answered: int
    n_statements: int
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True)
class _AnswerSheet:
    """What the panelist has stored so far, with the internal ids needed for storing more.

    ``ratings`` are those of the statements that are sent; ``answered`` is what has any at all.
    """

    protocol: Protocol
    statement_ids: Mapping[str, int]
    criterion_ids: Mapping[str, int]
    answered: frozenset[tuple[str, str]]
    ratings: Mapping[tuple[str, str], Rating]
    comments: Mapping[str, Comment]


def save_answers(
    database: Database,
    clock: Clock,
    visitor: Visitor,
    round_number: int,
    changes: Sequence[RatingChange],
    comments: Sequence[CommentChange] = (),
) -> Saved:
    """Store what a panelist answered on some statements of a round.

    A value that is stored already is no change. Good changes are stored even when others of the same page are
    refused: nothing that can be kept is lost.

    Raises
    ------
    RoundNotFound, RoundNotOpen, NotInvited, ConsentMissing, PanelistHasLeft
        Nothing was stored.
    """
    study_id, panelist_id = visitor.study.id, visitor.panelist.id
    with database.writing() as connection:
        round_, part = open_participation(connection, clock, visitor, round_number)
        now = clock.now()
        sheet = _read_sheet(connection, visitor, round_, {change.statement for change in changes})
        to_store, rating_refusals = _sort_ratings(sheet, changes)
        comments_to_store, comment_refusals = _sort_comments(sheet, comments)
        if to_store or comments_to_store:
            rows = [_row(sheet, change, version) for change, version in to_store.values()]
            ratings.store_answers(
                connection,
                study_id,
                round_number,
                panelist_id,
                rows,
                [
                    CommentToStore(sheet.statement_ids[code], one.text, one.version)
                    for code, one in comments_to_store.items()
                ],
                language=visitor.panelist.language,
                at=now,
            )
            if rows and round_.is_real_time:
                follow_ratings(connection, visitor, round_number, rows)
            if part.started_at is None:
                rounds.note_step(connection, study_id, round_number, panelist_id, Step.STARTED, now)
            _note(connection, visitor, round_number, now, to_store, comments_to_store)
    answered = {
        **sheet.ratings,
        **{key: _stored(change, version, now) for key, (change, version) in to_store.items()},
    }
    commented = {**sheet.comments, **comments_to_store}
    return Saved(
        saved_at=now,
        versions={
            key: answered[key].version
            for key in ((c.statement, c.criterion) for c in changes)
            if key in answered
        },
        comment_versions={
            c.statement: commented[c.statement].version for c in comments if c.statement in commented
        },
        n_answered=n_answered(
            sheet.answered | to_store.keys(), tuple(sheet.statement_ids), tuple(sheet.criterion_ids)
        ),
        n_statements=len(sheet.statement_ids),
        refusals=(*rating_refusals, *comment_refusals),
    )


def open_participation(
    connection: Connection, clock: Clock, visitor: Visitor, round_number: int
) -> tuple[Round, StoredParticipation]:
    """A round that is held open until the transaction ends and the visitor's part in it, or a refusal.

    Two requests of the same panelist take turns from here on; a closer waits for both.

    Raises
    ------
    RoundNotFound, RoundNotOpen, NotInvited, ConsentMissing, PanelistHasLeft
    """
    study_id = visitor.study.id
    round_, panelist, part = rounds.share_round(connection, study_id, round_number, visitor.panelist.id)
    if round_ is None:
        raise RoundNotFound(slug=visitor.study.slug, round=round_number)
    refuse_unless_taking_part(panelist)
    if not accepts_ratings(round_, clock.now()):
        raise RoundNotOpen(round=round_number)
    if part is None:
        raise NotInvited(round=round_number)
    return round_, part


def _read_sheet(
    connection: Connection, visitor: Visitor, round_: Round, sent: Collection[str]
) -> _AnswerSheet:
    study_id, panelist_id, number = visitor.study.id, visitor.panelist.id, round_.number
    asked = read_asked(connection, visitor.study, round_)
    sent_ids = [asked.statement_ids[code] for code in sent if code in asked.statement_ids]
    (own, _), answered, comments = ask_together(
        connection,
        ratings.to_read_own_ratings(study_id, (number, number), panelist_id, sent_ids),
        ratings.to_read_answered(study_id, number, panelist_id),
        ratings.to_read_own_comments(study_id, number, panelist_id),
    )
    return _AnswerSheet(
        protocol=visitor.protocol,
        statement_ids=asked.statement_ids,
        criterion_ids=asked.criterion_ids,
        answered=answered,
        ratings=own,
        comments=comments,
    )


def _sort_ratings(
    sheet: _AnswerSheet, changes: Sequence[RatingChange]
) -> tuple[dict[tuple[str, str], tuple[RatingChange, int]], list[Refusal]]:
    """Changes to store with their new version, and refusals; what is stored already is neither."""
    to_store: dict[tuple[str, str], tuple[RatingChange, int]] = {}
    refusals: list[Refusal] = []
    for change in changes:
        key = (change.statement, change.criterion)
        current = sheet.ratings.get(key)
        try:
            _check_rating(sheet, change)
            if current is not None and _says_the_same(current, change):
                continue
            if change.known_version != (current.version if current else 0):
                raise StaleRating(statement=change.statement)
        except DomainError as error:
            refusals.append(Refusal(change.statement, change.criterion, error, current=current))
        else:
            to_store[key] = (change, change.known_version + 1)
    return to_store, refusals


def _check_rating(sheet: _AnswerSheet, change: RatingChange) -> None:
    if change.statement not in sheet.statement_ids:
        raise UnknownStatement(statement=change.statement)
    if change.criterion not in sheet.criterion_ids:
        raise UnknownCriterion(criterion=change.criterion)
    validate(change, sheet.protocol.criterion(change.criterion).scale)


def _sort_comments(
    sheet: _AnswerSheet, changes: Sequence[CommentChange]
) -> tuple[dict[str, Comment], list[Refusal]]:
    to_store: dict[str, Comment] = {}
    refusals: list[Refusal] = []
    for change in changes:
        current = sheet.comments.get(change.statement, Comment())
        try:
            if change.statement not in sheet.statement_ids:
                raise UnknownStatement(statement=change.statement)
            text = checked_text(change.text, COMMENT_LIMIT)
            if text == current.text:
                continue
            if change.known_version != current.version:
                raise StaleComment(statement=change.statement)
        except DomainError as error:
            refusals.append(Refusal(change.statement, None, error, current_comment=current))
        else:
            to_store[change.statement] = Comment(text, current.version + 1)
    return to_store, refusals


def _says_the_same(current: Rating, change: RatingChange) -> bool:
    same_reason = (
        current.reason or ""
    ) == change.reason and current.reason_text == change.reason_text.strip()
    return (current.point, current.abstained) == (change.point, change.abstained) and same_reason


def _row(sheet: _AnswerSheet, change: RatingChange, version: int) -> RatingToStore:
    return RatingToStore(
        statement_id=sheet.statement_ids[change.statement],
        criterion_id=sheet.criterion_ids[change.criterion],
        point=change.point,
        abstained=change.abstained,
        version=version,
        reason=change.reason or None,
        reason_text=checked_text(change.reason_text, REASON_LIMIT),
    )


def _stored(change: RatingChange, version: int, at: datetime) -> Rating:
    return Rating(change.statement, change.criterion, change.point, change.abstained, version, at)


def _note(
    connection: Connection,
    visitor: Visitor,
    round_number: int,
    now: datetime,
    stored: Mapping[tuple[str, str], tuple[RatingChange, int]],
    comments: Mapping[str, Comment],
) -> None:
    payload = {
        "round": round_number,
        "ratings": [
            [statement, criterion, version] for (statement, criterion), (_, version) in stored.items()
        ],
        "comments": [[statement, comment.version] for statement, comment in comments.items()],
    }
    append_event(connection, visitor.study.id, EventKind.RATINGS_SAVED, visitor.actor, now, payload)
