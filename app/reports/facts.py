"""What a consensus report is made from: the stored facts of one study, frozen, with nothing left to compute.

The same facts come from the store of a study, and from ratings collected elsewhere; of the latter some parts
are not known, and the report then leaves them out.
"""

from dataclasses import dataclass
from datetime import datetime

from analysis.results import FinalDecision, StatementAnalysis, StudyAnalysis
from app.domain.protocol import Criterion, ProtocolVersion, StakeholderGroup
from app.domain.round import Round
from app.domain.statement import Evidence, Statement, Topic
from app.domain.study import StudyTexts


@dataclass(frozen=True)
class ReportedStudy:
    """Whose report it is. ``languages`` stand in the study's own order, the reference language first."""

    slug: str
    texts: StudyTexts
    languages: tuple[str, ...]
    time_zone: str
    synthetic: bool
    contact: str
    concluded_at: datetime | None


@dataclass(frozen=True)
class ReportedRound:
    """A closed round: its moments, what it asked, and what the panel sent in.

    ``n_comments`` counts the comments written in the round, whether they were released or not;
    ``n_open_answers`` the answers to its ``n_questions`` open questions.
    """

    round: Round
    n_statements: int
    n_comments: int
    n_questions: int = 0
    n_open_answers: int = 0


@dataclass(frozen=True)
class PanelFlow:
    """How far the panelists of one group and language came in one round; each number includes the next."""

    round: int
    group: str
    language: str
    n_invited: int
    n_opened: int
    n_started: int
    n_submitted: int


@dataclass(frozen=True)
class AnalysisOrigin:
    """From what, by which protocol and code, and when the figures of one round were computed.

    Of ratings that came without a study neither the protocol's version nor the moment is known.
    """

    round: int
    input_sha256: str
    protocol_version: int | None
    code_version: str
    seed: int
    n_permutations: int
    computed_at: datetime | None


@dataclass(frozen=True)
class LogMark:
    """Where the study's log stood when the last thing reported happened: the entry's number and hash."""

    sequence: int
    kind: str
    occurred_at: datetime
    hash: str


@dataclass(frozen=True)
class StudyReport:
    """Everything a consensus report says.

    ``groups``, ``criteria``, ``topics`` and ``statements`` stand in the study's order; every statement is the
    version that was rated last. ``protocols`` holds every version of the protocol, oldest first. ``analysis``
    is the stored analysis of every analysed round with the final decisions and the panel's flow.
    """

    study: ReportedStudy
    protocols: tuple[ProtocolVersion, ...]
    groups: tuple[StakeholderGroup, ...]
    criteria: tuple[Criterion, ...]
    topics: tuple[Topic, ...]
    statements: tuple[Statement, ...]
    evidence: tuple[Evidence, ...]
    rounds: tuple[ReportedRound, ...]
    flow: tuple[PanelFlow, ...]
    analysis: StudyAnalysis
    origins: tuple[AnalysisOrigin, ...]
    log: LogMark | None

    @property
    def protocol(self) -> ProtocolVersion | None:
        """The protocol in force at the end; None where ratings came without a study."""
        return self.protocols[-1] if self.protocols else None

    @property
    def analysed_at(self) -> datetime | None:
        """When the last figures were computed, which is the report's date."""
        return max((one.computed_at for one in self.origins if one.computed_at), default=None)

    @property
    def last_entries(self) -> tuple[tuple[FinalDecision, StatementAnalysis], ...]:
        """The last decision on every statement and criterion, with the analysis it comes from, in order."""
        entries = {
            (one.round, entry.statement, entry.criterion): entry
            for one in self.analysis.rounds
            for entry in one.statements
        }
        return tuple(
            (final, entries[final.round, final.statement, final.criterion]) for final in self.analysis.final
        )
