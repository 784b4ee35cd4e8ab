"""The log: what happened, in order, chained so that no change, gap or late entry stays unseen."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

EMPTY_CHAIN = "0" * 64
"""The head of a log in which nothing has happened yet."""


class EventKind(StrEnum):
    """What can happen in a study, in the past tense."""

    STUDY_IMPORTED = "StudyImported"
    PROTOCOL_FROZEN = "ProtocolFrozen"
    PROTOCOL_AMENDED = "ProtocolAmended"
    LINKS_ISSUED = "LinksIssued"
    LINK_REVOKED = "LinkRevoked"
    LINKS_HANDED_OUT = "LinksHandedOut"
    LINK_DISOWNED = "LinkDisowned"
    ROUND_OPENED = "RoundOpened"
    ROUND_CLOSED = "RoundClosed"
    ROUND_ANALYSED = "RoundAnalysed"
    ROUND_FINISHED = "RoundFinished"
    COMMENTS_MODERATED = "CommentsModerated"
    FEEDBACK_RELEASED = "FeedbackReleased"
    STUDY_CONCLUDED = "StudyConcluded"
    PANELIST_ENTERED = "PanelistEntered"
    CONSENT_GIVEN = "ConsentGiven"
    CONSENT_DECLINED = "ConsentDeclined"
    DECLINED_FOR_GOOD = "DeclinedForGood"
    PANELIST_WITHDREW = "PanelistWithdrew"
    PROFILE_ANSWERED = "ProfileAnswered"
    LANGUAGE_CHOSEN = "LanguageChosen"
    RATINGS_SAVED = "RatingsSaved"
    OPEN_ANSWERS_SAVED = "OpenAnswersSaved"
    QUESTIONNAIRE_SUBMITTED = "QuestionnaireSubmitted"
    RESEARCHER_JOINED = "ResearcherJoined"
    REPORT_DOWNLOADED = "ReportDownloaded"


@dataclass(frozen=True)
class Event:
    """One line of the log.

    ``actor`` is ``panelist:<pseudonym>``, ``researcher:<number>`` or ``system``: never a name, so that
    erasing a person keeps the chain valid.
    """

    sequence: int
    kind: str
    actor: str
    occurred_at: datetime
    payload: Mapping[str, object]
    previous_hash: str
    hash: str


def chain_hash(
    previous_hash: str,
    *,
    sequence: int,
    kind: str,
    actor: str,
    occurred_at: datetime,
    payload: Mapping[str, object],
) -> str:
    """SHA-256 over the previous hash and everything the event says."""
    content = [previous_hash, sequence, kind, actor, occurred_at.isoformat(), payload]
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def canonical_json(content: object) -> str:
    """The one way ``content`` is written for hashing: sorted keys, no spaces, plain UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def first_broken_link(events: Iterable[Event], head: str, n_events: int) -> int | None:
    """The sequence number at which the chain breaks, or None when it is whole.

    ``head`` and ``n_events`` are what the study last recorded of its own log, so that a log cut short at its
    end is found too (the number of the first missing event is given).
    """
    previous, sequence = EMPTY_CHAIN, 0
    for sequence, event in enumerate(events, start=1):
        expected = chain_hash(
            previous,
            sequence=sequence,
            kind=event.kind,
            actor=event.actor,
            occurred_at=event.occurred_at,
            payload=event.payload,
        )
        if event.sequence != sequence or event.previous_hash != previous or event.hash != expected:
            return sequence
        previous = event.hash
    if sequence != n_events:
        return min(sequence, n_events) + 1
    return None if previous == head else sequence
