"""A study's design on the researchers' pages: free until round 1 opens, then amended between rounds."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.clock import Clock
from app.domain.amendment import refuse_amendment_now
from app.domain.design import StudyDesign, design_document, design_from_document
from app.domain.errors import (
    ActionBlocked,
    ContactNeedsReason,
    DesignChangedMeanwhile,
    DomainError,
    GroupHasPanelists,
    LanguageHasOnlyTexts,
    LanguageHasPanelists,
    ProtocolNotValid,
    TextsAreFixed,
)
from app.domain.event import EventKind, canonical_json
from app.domain.messages import LanguageNames, Names
from app.domain.protocol import ProtocolVersion, protocol_sha256
from app.domain.question_editing import (
    Questions,
    open_questions_hindrance,
    profile_hindrance,
    questions_from_document,
)
from app.domain.question_reading import OPEN_TABLE, PROFILE_TABLE
from app.domain.rating import REASON_LIMIT, checked_text
from app.domain.round import Round
from app.domain.statement import Topic
from app.domain.study import Study, StudyStatus
from app.interchange.study_toml import strange_values
from app.services.amending import store_amendment
from app.services.finding import get_study_of, hold_study_of
from app.storage import designing, profiles, rounds, statements, studies
from app.storage.database import Connection, Database
from app.storage.events import append_event
from app.storage.planned_questions import read_planned_questions, replace_planned_questions
from app.storage.statement_entries import read_entries


@dataclass(frozen=True)
class StandingDesign:
    """A study's design as it stands.

    ``document`` has the form of ``study.toml``, with the questions, and ``fingerprint`` says which one was
    seen. Once the protocol ``is_frozen`` a change is an amendment; ``obstacle`` says why none can be made.
    ``profile_obstacle`` and ``questions_obstacle`` say why the profile and the open questions stay.
    """

    study: Study
    document: Mapping[str, Any]
    fingerprint: str
    version: ProtocolVersion
    topics: tuple[Topic, ...]
    obstacle: ActionBlocked | None
    profile_obstacle: DomainError | None
    questions_obstacle: DomainError | None

    @property
    def is_frozen(self) -> bool:
        """Whether round 1 has opened with it."""
        return self.version.frozen_at is not None


def read_standing_design(database: Database, slug: str) -> StandingDesign:
    """A study's design, and whether it can be changed.

    Raises
    ------
    StudyNotFound
    """
    with database.reading() as connection:
        return _standing(connection, get_study_of(connection, slug))


def save_design(
    database: Database,
    clock: Clock,
    slug: str,
    document: Mapping[str, Any],
    seen: str,
    actor: str,
    *,
    reason: str = "",
) -> None:
    """Put a changed design in place of the one that was seen; the same again changes nothing.

    Parameters
    ----------
    document
        The whole design with the questions, in the form of ``study.toml``.
    seen
        The fingerprint of the design from which the change was made.
    reason
        Why a frozen protocol is amended, which the report prints, or why the contact is another one.

    Raises
    ------
    StudyNotFound, ProtocolNotValid
    DesignChangedMeanwhile
        Somebody else has changed it since.
    GroupHasPanelists, LanguageHasPanelists, LanguageHasOnlyTexts
        A group or a language is left out to which panelists belong, or in which alone something is written.
    ActionBlocked, TextsAreFixed, AmendmentNeedsReason, AmendmentTouchesRatings, TextTooLong, TextNotReadable
        The protocol is frozen, and this cannot be amended, or not now.
    ProfileIsFixed, OpenQuestionsAreFixed, ContactNeedsReason
        The panel was asked the questions already, or was told the contact.
    """
    wrong = list(strange_values(document))
    if wrong:
        raise ProtocolNotValid(wrong)
    design = design_from_document(document)
    with database.writing() as connection:
        study = hold_study_of(connection, slug)
        standing = _standing(connection, study)
        if standing.fingerprint != seen:
            raise DesignChangedMeanwhile
        change = _Change(connection, clock.now(), standing, actor)
        if _rules(document) != _rules(standing.document):
            if standing.is_frozen:
                _amend(change, clock, document, design, reason)
            else:
                _replace(change, design)
        _replace_questions(change, document, design)


@dataclass(frozen=True)
class _Change:
    """Within one transaction: what stands, and who changes it when."""

    connection: Connection
    now: datetime
    standing: StandingDesign
    actor: str

    @property
    def study_id(self) -> int:
        return self.standing.study.id

    def record(self, kind: EventKind, payload: Mapping[str, object]) -> None:
        studies.count_contents_change(self.connection, self.study_id)
        append_event(self.connection, self.study_id, kind, self.actor, self.now, payload)


def _standing(connection: Connection, study: Study) -> StandingDesign:
    version = studies.protocol_in_force(connection, study.id)
    tables = studies.read_protocol_tables(connection, study.id, version.version)
    questions = Questions(
        profiles.read_profile_questions(connection, study.id), read_planned_questions(connection, study.id)
    )
    document = {**design_document(study, tables), **questions.tables}
    is_frozen = version.frozen_at is not None
    held = rounds.read_rounds(connection, study.id)
    return StandingDesign(
        study=study,
        document=document,
        fingerprint=_fingerprint(document),
        version=version,
        topics=studies.read_topics(connection, study.id),
        obstacle=_obstacle(study, held) if is_frozen else None,
        profile_obstacle=profile_hindrance(
            is_frozen=is_frozen, is_answered=profiles.has_profile_answers(connection, study.id)
        ),
        questions_obstacle=open_questions_hindrance(study.status, version.protocol.plan, held),
    )


def _obstacle(study: Study, held: Sequence[Round]) -> ActionBlocked | None:
    try:
        refuse_amendment_now(study.status, held)
    except ActionBlocked as blocked:
        return blocked
    return None


def _replace(change: _Change, design: StudyDesign) -> None:
    connection, study_id = change.connection, change.study_id
    for code, n in designing.count_panelists_by_group(connection, study_id).items():
        if code not in design.protocol.group_codes:
            left_out = change.standing.version.protocol.group(code)
            raise GroupHasPanelists(n, group=Names((left_out.name,)))
    for language, n in designing.count_panelists_by_language(connection, study_id).items():
        if language not in design.languages:
            raise LanguageHasPanelists(n, language=LanguageNames((language,)))
    unsaid = list(_said_elsewhere_alone(connection, study_id, design.languages))
    if unsaid:
        raise LanguageHasOnlyTexts(codes=", ".join(unsaid))
    designing.replace_design(connection, study_id, change.standing.version.version, design)
    change.record(EventKind.DESIGN_CHANGED, {"sha256": protocol_sha256(design.tables)})


def _said_elsewhere_alone(connection: Connection, study_id: int, languages: Sequence[str]) -> Iterator[str]:
    """The codes of statements, topics and cards of which something is written in none of these languages."""
    entries = read_entries(connection, study_id)
    texts = [
        *((one.entry.statement.code, one.entry.statement.text) for one in entries),
        *((topic.code, topic.name) for topic in studies.read_topics(connection, study_id)),
        *(
            (card.code, text)
            for card in statements.read_evidence(connection, study_id, [one.id for one in entries])
            for text in (card.title, card.what)
        ),
    ]
    for code, text in texts:
        if not any(text.get(language) for language in languages):
            yield code


def _amend(
    change: _Change, clock: Clock, document: Mapping[str, Any], design: StudyDesign, reason: str
) -> None:
    told, standing = change.standing.document["study"], change.standing
    if canonical_json({**document["study"], "contact": ""}) != canonical_json({**told, "contact": ""}):
        raise TextsAreFixed
    if document["study"] == told:
        store_amendment(change.connection, clock, standing.study, design, reason, change.actor)
        return
    if standing.study.status is StudyStatus.CONCLUDED:
        raise TextsAreFixed
    kept_reason = checked_text(reason, REASON_LIMIT)
    if not kept_reason:
        raise ContactNeedsReason
    designing.replace_contact(change.connection, change.study_id, design.contact)
    change.record(EventKind.CONTACT_CORRECTED, {"contact": design.contact, "reason": kept_reason})


def _replace_questions(change: _Change, document: Mapping[str, Any], design: StudyDesign) -> None:
    """Store the questions that differ; they have a text in every language, one that is added now too."""
    standing = change.standing
    asked = {name: document[name] for name in (PROFILE_TABLE, OPEN_TABLE)}
    if canonical_json(asked) == canonical_json({name: standing.document[name] for name in asked}) and (
        design.languages == standing.study.languages
    ):
        return
    questions = questions_from_document(asked, design.languages, [topic.code for topic in standing.topics])
    if questions.tables[PROFILE_TABLE] != standing.document[PROFILE_TABLE]:
        if standing.profile_obstacle is not None:
            raise standing.profile_obstacle
        profiles.replace_profile_questions(change.connection, change.study_id, questions.profile)
        codes = [question.code for question in questions.profile]
        change.record(EventKind.PROFILE_QUESTIONS_CHANGED, {"questions": codes})
    if questions.tables[OPEN_TABLE] != standing.document[OPEN_TABLE]:
        if standing.questions_obstacle is not None:
            raise standing.questions_obstacle
        replace_planned_questions(change.connection, change.study_id, questions.open)
        codes = [question.code for question in questions.open]
        change.record(EventKind.OPEN_QUESTIONS_CHANGED, {"questions": codes})


def _rules(document: Mapping[str, Any]) -> str:
    return canonical_json(
        {name: part for name, part in document.items() if name not in (PROFILE_TABLE, OPEN_TABLE)}
    )


def _fingerprint(document: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical_json(document).encode()).hexdigest()
