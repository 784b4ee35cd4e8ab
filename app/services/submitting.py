"""Handing in a questionnaire, and the receipt for it."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime

from app.clock import Clock
from app.domain.errors import QuestionnaireIncomplete, RepeatedRequestDiffers
from app.domain.event import EventKind, canonical_json
from app.domain.rating import unanswered
from app.services.entering import Visitor
from app.services.open_answers import missing_answers, read_question_answers
from app.services.ratings import open_participation
from app.storage import open_answers, ratings, requests, rounds, statements, studies
from app.storage.database import Connection, Database
from app.storage.events import append_event
from app.storage.response import Step

_RECEIPT_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True)
class Receipt:
    """The proof that a questionnaire was handed in."""

    code: str
    submitted_at: datetime
    round_number: int
    n_answered: int


def submit_questionnaire(
    database: Database, clock: Clock, visitor: Visitor, round_number: int, request_key: str
) -> Receipt:
    """Hand in the questionnaire of a round; answers can still be changed until the round closes.

    Handing in again gives the same receipt. The same ``request_key`` with another round is refused.

    Raises
    ------
    QuestionnaireIncomplete
        Some statement has neither a rating nor an abstention, or some open question neither an answer nor
        "nothing to add".
    RepeatedRequestDiffers
        The request key was used for another round.
    RoundNotFound, RoundNotOpen, NotInvited, ConsentMissing, PanelistHasLeft
    """
    study_id, panelist_id = visitor.study.id, visitor.panelist.id
    body = hashlib.sha256(canonical_json({"submit": round_number}).encode()).hexdigest()
    with database.writing() as connection:
        answered = requests.find_answer(connection, study_id, panelist_id, request_key)
        if answered is None:
            open_participation(connection, clock, visitor, round_number)
            # A twin of this request may have been answered while this one waited for its turn.
            answered = requests.find_answer(connection, study_id, panelist_id, request_key)
        if answered is not None:
            return _receipt_again(answered, body)
        now = clock.now()
        codes = tuple(statements.round_statement_ids(connection, study_id, round_number))
        own = ratings.read_own_ratings(connection, study_id, round_number, panelist_id)
        asked = read_question_answers(connection, visitor, round_number)
        criteria = tuple(studies.criterion_ids(connection, study_id))
        missing = (*unanswered(own, codes, criteria), *missing_answers(asked))
        if missing:
            raise QuestionnaireIncomplete(missing=len(missing), statements=", ".join(missing))
        receipt = _keep_receipt(connection, visitor, round_number, len(codes) + len(asked), now)
        requests.keep_answer(
            connection, study_id, panelist_id, request_key, body_sha256=body, answer=_as_json(receipt), at=now
        )
    return receipt


def read_receipt(database: Database, visitor: Visitor) -> Receipt | None:
    """The receipt of the newest round, when the panelist has handed it in."""
    with database.reading() as connection:
        numbers = [round_.number for round_ in rounds.read_rounds(connection, visitor.study.id)]
        if not numbers:
            return None
        return _find_receipt(connection, visitor, numbers[-1])


def _keep_receipt(
    connection: Connection, visitor: Visitor, round_number: int, n_answered: int, now: datetime
) -> Receipt:
    earlier = _find_receipt(connection, visitor, round_number)
    if earlier is not None:
        return earlier
    code = "-".join("".join(secrets.choice(_RECEIPT_ALPHABET) for _ in range(4)) for _ in range(2))
    key = visitor.study.id, round_number, visitor.panelist.id
    rounds.note_step(connection, *key, Step.SUBMITTED, now, receipt_code=code)
    append_event(
        connection,
        visitor.study.id,
        EventKind.QUESTIONNAIRE_SUBMITTED,
        visitor.actor,
        now,
        {"round": round_number, "n_answered": n_answered},
    )
    return Receipt(code, now, round_number, n_answered)


def _find_receipt(connection: Connection, visitor: Visitor, round_number: int) -> Receipt | None:
    part = rounds.find_participation(connection, visitor.study.id, round_number, visitor.panelist.id)
    if part is None or part.submitted_at is None or part.receipt_code is None:
        return None
    n_asked = len(statements.round_statement_ids(connection, visitor.study.id, round_number))
    n_asked += len(open_answers.read_round_questions(connection, visitor.study.id, round_number))
    return Receipt(part.receipt_code, part.submitted_at, round_number, n_asked)


def _receipt_again(answered: requests.AnsweredRequest, body_sha256: str) -> Receipt:
    if answered.body_sha256 != body_sha256:
        raise RepeatedRequestDiffers
    kept = json.loads(answered.answer)
    return Receipt(
        kept["code"], datetime.fromisoformat(kept["submitted_at"]), kept["round_number"], kept["n_answered"]
    )


def _as_json(receipt: Receipt) -> str:
    return canonical_json(
        {
            "code": receipt.code,
            "submitted_at": receipt.submitted_at.isoformat(),
            "round_number": receipt.round_number,
            "n_answered": receipt.n_answered,
        }
    )
