"""A whole study before anything has happened in it: what its folder of files says."""

from dataclasses import dataclass

from app.domain.design import StudyDesign
from app.domain.open_question import OpenQuestion
from app.domain.panel import Invitee
from app.domain.profile import ProfileQuestion
from app.domain.statement import Evidence, Statement, Topic
from app.domain.theme_reading import MatchedTheme


@dataclass(frozen=True)
class StudyDefinition(StudyDesign):
    """Everything that an import stores, already checked."""

    topics: tuple[Topic, ...]
    statements: tuple[Statement, ...]
    evidence: tuple[Evidence, ...]
    profile_questions: tuple[ProfileQuestion, ...]
    panel: tuple[Invitee, ...]
    open_questions: tuple[OpenQuestion, ...] = ()
    themes: tuple[MatchedTheme, ...] = ()
