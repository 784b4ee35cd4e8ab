"""A whole study before anything has happened in it: what its folder of files says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.open_question import OpenQuestion
from app.domain.panel import Invitee
from app.domain.profile import ProfileQuestion
from app.domain.protocol import Protocol
from app.domain.statement import Evidence, Statement, Topic
from app.domain.study import StudyTexts


@dataclass(frozen=True)
class StudyDefinition:
    """Everything that an import stores, already checked.

    ``tables`` are the protocol's tables as written (they are stored and hashed), ``protocol`` the same, read.
    """

    slug: str
    time_zone: str
    languages: tuple[str, ...]
    synthetic: bool
    contact: str
    minutes_per_round: int
    texts: StudyTexts
    tables: Mapping[str, Any]
    protocol: Protocol
    topics: tuple[Topic, ...]
    statements: tuple[Statement, ...]
    evidence: tuple[Evidence, ...]
    profile_questions: tuple[ProfileQuestion, ...]
    panel: tuple[Invitee, ...]
    open_questions: tuple[OpenQuestion, ...] = ()
