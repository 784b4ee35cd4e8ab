"""The log: what happened, in order, chained so that no change, gap or late entry stays unseen."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

EMPTY_CHAIN = "0" * 64
"""The head of a log in which nothing has happened yet."""


class EventKind(StrEnum):
    """What can happen in a study, in the past tense."""

    STUDY_BEGUN = "StudyBegun"
    STUDY_IMPORTED = "StudyImported"
    STUDY_EXPORTED = "StudyExported"
    DESIGN_CHANGED = "DesignChanged"
    CONTACT_CORRECTED = "ContactCorrected"
    PROFILE_QUESTIONS_CHANGED = "ProfileQuestionsChanged"
    OPEN_QUESTIONS_CHANGED = "OpenQuestionsChanged"
    PROTOCOL_FROZEN = "ProtocolFrozen"
    PROTOCOL_AMENDED = "ProtocolAmended"
    PANELISTS_ADDED = "PanelistsAdded"
    PANELIST_CORRECTED = "PanelistCorrected"
    LINKS_ISSUED = "LinksIssued"
    LINK_RENEWED = "LinkRenewed"
    MAIL_SENT_AGAIN = "MailSentAgain"
    LINK_REVOKED = "LinkRevoked"
    LINKS_HANDED_OUT = "LinksHandedOut"
    LINK_DISOWNED = "LinkDisowned"
    ROUND_OPENED = "RoundOpened"
    ROUND_CLOSED = "RoundClosed"
    ROUND_ANALYSED = "RoundAnalysed"
    GROUPING_ANALYSED = "GroupingAnalysed"
    ROUND_FINISHED = "RoundFinished"
    COMMENTS_MODERATED = "CommentsModerated"
    FEEDBACK_RELEASED = "FeedbackReleased"
    NEXT_ROUND_PLANNED = "NextRoundPlanned"
    OPENING_HINDERED = "OpeningHindered"
    DEADLINE_EXTENDED = "DeadlineExtended"
    REMINDERS_SENT = "RemindersSent"
    CARRY_FORWARD_OVERRIDDEN = "CarryForwardOverridden"
    CARRY_FORWARD_RESTORED = "CarryForwardRestored"
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
    COLLEAGUE_INVITED = "ColleagueInvited"
    INVITATION_WITHDRAWN = "InvitationWithdrawn"
    INVITATION_ACCEPTED = "InvitationAccepted"
    COLLEAGUE_REMOVED = "ColleagueRemoved"
    PSEUDONYM_LIFTED = "PseudonymLifted"
    STATEMENT_ADDED = "StatementAdded"
    STATEMENT_EDITED = "StatementEdited"
    STATEMENT_REWORDED = "StatementReworded"
    STATEMENT_SPLIT = "StatementSplit"
    STATEMENTS_MERGED = "StatementsMerged"
    STATEMENT_WITHDRAWN = "StatementWithdrawn"
    STATEMENT_RESTORED = "StatementRestored"
    STATEMENTS_ORDERED = "StatementsOrdered"
    STATEMENTS_IMPORTED = "StatementsImported"
    TOPICS_CHANGED = "TopicsChanged"
    EVIDENCE_CHANGED = "EvidenceChanged"
    EVIDENCE_REMOVED = "EvidenceRemoved"
    THEME_ADDED = "ThemeAdded"
    THEME_CHANGED = "ThemeChanged"
    THEMES_ORDERED = "ThemesOrdered"
    THEMES_MERGED = "ThemesMerged"
    THEME_REMOVED = "ThemeRemoved"
    THEME_MATCHED = "ThemeMatched"
    MATERIAL_CODED = "MaterialCoded"
    MATERIAL_BROUGHT_IN = "MaterialBroughtIn"
    MATERIAL_REMOVED = "MaterialRemoved"
    AUDIENCES_CHANGED = "AudiencesChanged"
    RECOMMENDATION_WRITTEN = "RecommendationWritten"
    RECOMMENDATION_CHANGED = "RecommendationChanged"
    RECOMMENDATION_MOVED = "RecommendationMoved"
    RECOMMENDATION_REMOVED = "RecommendationRemoved"
    REPORT_DOWNLOADED = "ReportDownloaded"


class Subject(StrEnum):
    """What an event is about, for whoever looks for one in a long log."""

    STUDY = "study"
    PROTOCOL = "protocol"
    STATEMENTS = "statements"
    PANEL = "panel"
    ROUNDS = "rounds"
    ANSWERS = "answers"
    COMMENTS = "comments"
    CODING = "coding"
    TEAM = "team"
    RECOMMENDATIONS = "recommendations"
    REPORTS = "reports"


SUBJECTS: Final[Mapping[EventKind, Subject]] = {
    EventKind.STUDY_BEGUN: Subject.STUDY,
    EventKind.STUDY_IMPORTED: Subject.STUDY,
    EventKind.STUDY_CONCLUDED: Subject.STUDY,
    EventKind.STUDY_EXPORTED: Subject.STUDY,
    EventKind.DESIGN_CHANGED: Subject.PROTOCOL,
    EventKind.CONTACT_CORRECTED: Subject.PROTOCOL,
    EventKind.PROFILE_QUESTIONS_CHANGED: Subject.PROTOCOL,
    EventKind.OPEN_QUESTIONS_CHANGED: Subject.PROTOCOL,
    EventKind.PROTOCOL_FROZEN: Subject.PROTOCOL,
    EventKind.PROTOCOL_AMENDED: Subject.PROTOCOL,
    EventKind.PANELISTS_ADDED: Subject.PANEL,
    EventKind.PANELIST_CORRECTED: Subject.PANEL,
    EventKind.LINKS_ISSUED: Subject.PANEL,
    EventKind.LINK_RENEWED: Subject.PANEL,
    EventKind.MAIL_SENT_AGAIN: Subject.PANEL,
    EventKind.LINK_REVOKED: Subject.PANEL,
    EventKind.LINKS_HANDED_OUT: Subject.PANEL,
    EventKind.LINK_DISOWNED: Subject.PANEL,
    EventKind.PANELIST_ENTERED: Subject.PANEL,
    EventKind.CONSENT_GIVEN: Subject.PANEL,
    EventKind.CONSENT_DECLINED: Subject.PANEL,
    EventKind.DECLINED_FOR_GOOD: Subject.PANEL,
    EventKind.PANELIST_WITHDREW: Subject.PANEL,
    EventKind.LANGUAGE_CHOSEN: Subject.PANEL,
    EventKind.PSEUDONYM_LIFTED: Subject.PANEL,
    EventKind.ROUND_OPENED: Subject.ROUNDS,
    EventKind.ROUND_CLOSED: Subject.ROUNDS,
    EventKind.ROUND_ANALYSED: Subject.ROUNDS,
    EventKind.GROUPING_ANALYSED: Subject.ROUNDS,
    EventKind.ROUND_FINISHED: Subject.ROUNDS,
    EventKind.FEEDBACK_RELEASED: Subject.ROUNDS,
    EventKind.NEXT_ROUND_PLANNED: Subject.ROUNDS,
    EventKind.OPENING_HINDERED: Subject.ROUNDS,
    EventKind.DEADLINE_EXTENDED: Subject.ROUNDS,
    EventKind.REMINDERS_SENT: Subject.ROUNDS,
    EventKind.CARRY_FORWARD_OVERRIDDEN: Subject.ROUNDS,
    EventKind.CARRY_FORWARD_RESTORED: Subject.ROUNDS,
    EventKind.PROFILE_ANSWERED: Subject.ANSWERS,
    EventKind.RATINGS_SAVED: Subject.ANSWERS,
    EventKind.OPEN_ANSWERS_SAVED: Subject.ANSWERS,
    EventKind.QUESTIONNAIRE_SUBMITTED: Subject.ANSWERS,
    EventKind.COMMENTS_MODERATED: Subject.COMMENTS,
    EventKind.RESEARCHER_JOINED: Subject.TEAM,
    EventKind.COLLEAGUE_INVITED: Subject.TEAM,
    EventKind.INVITATION_WITHDRAWN: Subject.TEAM,
    EventKind.INVITATION_ACCEPTED: Subject.TEAM,
    EventKind.COLLEAGUE_REMOVED: Subject.TEAM,
    EventKind.STATEMENT_ADDED: Subject.STATEMENTS,
    EventKind.STATEMENT_EDITED: Subject.STATEMENTS,
    EventKind.STATEMENT_REWORDED: Subject.STATEMENTS,
    EventKind.STATEMENT_SPLIT: Subject.STATEMENTS,
    EventKind.STATEMENTS_MERGED: Subject.STATEMENTS,
    EventKind.STATEMENT_WITHDRAWN: Subject.STATEMENTS,
    EventKind.STATEMENT_RESTORED: Subject.STATEMENTS,
    EventKind.STATEMENTS_ORDERED: Subject.STATEMENTS,
    EventKind.STATEMENTS_IMPORTED: Subject.STATEMENTS,
    EventKind.TOPICS_CHANGED: Subject.STATEMENTS,
    EventKind.EVIDENCE_CHANGED: Subject.STATEMENTS,
    EventKind.EVIDENCE_REMOVED: Subject.STATEMENTS,
    EventKind.THEME_ADDED: Subject.CODING,
    EventKind.THEME_CHANGED: Subject.CODING,
    EventKind.THEMES_ORDERED: Subject.CODING,
    EventKind.THEMES_MERGED: Subject.CODING,
    EventKind.THEME_REMOVED: Subject.CODING,
    EventKind.THEME_MATCHED: Subject.CODING,
    EventKind.MATERIAL_CODED: Subject.CODING,
    EventKind.MATERIAL_BROUGHT_IN: Subject.CODING,
    EventKind.MATERIAL_REMOVED: Subject.CODING,
    EventKind.AUDIENCES_CHANGED: Subject.RECOMMENDATIONS,
    EventKind.RECOMMENDATION_WRITTEN: Subject.RECOMMENDATIONS,
    EventKind.RECOMMENDATION_CHANGED: Subject.RECOMMENDATIONS,
    EventKind.RECOMMENDATION_MOVED: Subject.RECOMMENDATIONS,
    EventKind.RECOMMENDATION_REMOVED: Subject.RECOMMENDATIONS,
    EventKind.REPORT_DOWNLOADED: Subject.REPORTS,
}
"""What every kind of event is about."""


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

    @property
    def said(self) -> str:
        """What it says, as its hash was computed of it."""
        return said_for_chain(
            kind=self.kind, actor=self.actor, occurred_at=self.occurred_at, payload=self.payload
        )


class Link(NamedTuple):
    """An event as no more than a link of its chain; ``said`` is that of :class:`Event`."""

    sequence: int
    said: str
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
    said = said_for_chain(kind=kind, actor=actor, occurred_at=occurred_at, payload=payload)
    return _link_hash(previous_hash, sequence, said)


def _link_hash(previous_hash: str, sequence: int, said: str) -> str:
    return hashlib.sha256(f'["{previous_hash}",{sequence},{said}'.encode()).hexdigest()


def said_for_chain(*, kind: str, actor: str, occurred_at: datetime, payload: Mapping[str, object]) -> str:
    """What an event says, as it stands behind its place in the chain in the one list that is hashed."""
    return said_as_written(kind, actor, occurred_at, canonical_json(payload))


def said_as_written(kind: str, actor: str, occurred_at: datetime, payload: str) -> str:
    """The same of a payload that is canonical JSON already."""
    return f"{canonical_json([kind, actor, occurred_at.isoformat()])[1:-1]},{payload}]"


def canonical_json(content: object) -> str:
    """The one way ``content`` is written for hashing: sorted keys, no spaces, plain UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def first_broken_link(events: Iterable[Event | Link], head: str, n_events: int) -> int | None:
    """The sequence number at which the chain breaks, or None when it is whole.

    ``head`` and ``n_events`` are what the study last recorded of its own log, so that a log cut short at its
    end is found too (the number of the first missing event is given).
    """
    previous, sequence = EMPTY_CHAIN, 0
    for sequence, event in enumerate(events, start=1):
        expected = _link_hash(previous, sequence, event.said)
        if event.sequence != sequence or event.previous_hash != previous or event.hash != expected:
            return sequence
        previous = event.hash
    if sequence != n_events:
        return min(sequence, n_events) + 1
    return None if previous == head else sequence
