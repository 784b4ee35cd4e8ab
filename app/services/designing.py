"""A study's design on the researchers' pages: free until round 1 opens, afterwards amended between rounds."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.clock import Clock
from app.domain.amendment import refuse_amendment_now
from app.domain.design import StudyDesign, design_document, design_from_document
from app.domain.errors import (
    ActionBlocked,
    DesignChangedMeanwhile,
    GroupHasPanelists,
    LanguageHasPanelists,
    TextsAreFixed,
)
from app.domain.event import EventKind, canonical_json
from app.domain.protocol import ProtocolVersion, protocol_sha256
from app.domain.study import Study
from app.services.amending import store_amendment
from app.services.finding import get_study_of, hold_study_of
from app.storage import designing, rounds, studies
from app.storage.database import Connection, Database
from app.storage.events import append_event


@dataclass(frozen=True)
class StandingDesign:
    """A study's design as it stands.

    ``document`` has the form of ``study.toml``, and ``fingerprint`` says which one was seen. Once the
    protocol ``is_frozen`` a change is an amendment; ``obstacle`` says why none can be made now.
    """

    study: Study
    document: Mapping[str, Any]
    fingerprint: str
    version: ProtocolVersion
    obstacle: ActionBlocked | None

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
        The whole design, in the form of ``study.toml``.
    seen
        The fingerprint of the design from which the change was made.
    reason
        Why a frozen protocol is amended; the report prints it.

    Raises
    ------
    StudyNotFound, ProtocolNotValid
    DesignChangedMeanwhile
        Somebody else has changed it since.
    GroupHasPanelists, LanguageHasPanelists
        A group or a language is left out to which panelists belong.
    ActionBlocked, TextsAreFixed, AmendmentNeedsReason, AmendmentTouchesRatings, TextTooLong, TextNotReadable
        The protocol is frozen, and this cannot be amended, or not now.
    """
    design = design_from_document(document)
    with database.writing() as connection:
        study = hold_study_of(connection, slug)
        standing = _standing(connection, study)
        if standing.fingerprint != seen:
            raise DesignChangedMeanwhile
        if _fingerprint(document) == seen:
            return
        if standing.is_frozen:
            _amend(connection, clock, standing, document, design, reason, actor)
        else:
            _replace(connection, clock, standing, design, actor)


def _standing(connection: Connection, study: Study) -> StandingDesign:
    version = studies.protocol_in_force(connection, study.id)
    tables = studies.read_protocol_tables(connection, study.id, version.version)
    document = design_document(study, tables)
    return StandingDesign(
        study=study,
        document=document,
        fingerprint=_fingerprint(document),
        version=version,
        obstacle=_obstacle(connection, study) if version.frozen_at is not None else None,
    )


def _obstacle(connection: Connection, study: Study) -> ActionBlocked | None:
    try:
        refuse_amendment_now(study.status, rounds.read_rounds(connection, study.id))
    except ActionBlocked as blocked:
        return blocked
    return None


def _replace(
    connection: Connection, clock: Clock, standing: StandingDesign, design: StudyDesign, actor: str
) -> None:
    study = standing.study
    for code, n in designing.count_panelists_by_group(connection, study.id).items():
        if code not in design.protocol.group_codes:
            raise GroupHasPanelists(n, group=code)
    for language, n in designing.count_panelists_by_language(connection, study.id).items():
        if language not in design.languages:
            raise LanguageHasPanelists(n, language=language)
    designing.replace_design(connection, study.id, standing.version.version, design)
    payload = {"sha256": protocol_sha256(design.tables)}
    append_event(connection, study.id, EventKind.DESIGN_CHANGED, actor, clock.now(), payload)


def _amend(
    connection: Connection,
    clock: Clock,
    standing: StandingDesign,
    document: Mapping[str, Any],
    design: StudyDesign,
    reason: str,
    actor: str,
) -> None:
    if canonical_json(document["study"]) != canonical_json(standing.document["study"]):
        raise TextsAreFixed
    store_amendment(connection, clock, standing.study, design, reason, actor)


def _fingerprint(document: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical_json(document).encode()).hexdigest()
