"""What a consensus report is made from: the stored facts of one study, frozen, with nothing left to compute.

The same facts come from the store of a study, and from ratings collected elsewhere; of the latter some parts
are not known, and the report then leaves them out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from analysis.results import FinalDecision, RoundAnalysis, StatementAnalysis, StudyAnalysis
from analysis.what_if_results import SensitivityAnalysis, StatementSensitivity
from app.domain.protocol import Criterion, ProtocolVersion, StakeholderGroup
from app.domain.round import Round
from app.domain.statement import Evidence, Statement, Topic
from app.domain.study import StudyTexts, Texts


@dataclass(frozen=True)
class ReportedStudy:
    """Whose report it is. ``languages`` stand in the study's own order, the reference language first.

    ``conclusion_reason`` says why it ended against the advice of its stopping rule; empty where it did not.
    """

    slug: str
    texts: StudyTexts
    languages: tuple[str, ...]
    time_zone: str
    synthetic: bool
    contact: str
    concluded_at: datetime | None
    conclusion_reason: str = ""


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
class ReportedOverride:
    """A statement that a round asked about, or left out, against the protocol's rule, and why."""

    round: int
    statement: str
    asks: bool
    reason: str


class ChangeKind(StrEnum):
    """What happened to a statement on the way."""

    SPLIT = "split"
    MERGED = "merged"
    REWORDED = "reworded"
    FROM_OPEN_ANSWERS = "from_open_answers"
    FROM_TEXTS = "from_texts"
    NEW_WORDING = "new_wording"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class StatementChange:
    """What happened to a statement, and why.

    ``others`` are the statements it became or came from, ``n_texts`` how many coded texts, of the panel or
    from elsewhere, it was written out of, ``version`` and ``round`` its new wording and the first round that
    asked about it.
    """

    statement: str
    kind: ChangeKind
    reason: str = ""
    others: tuple[str, ...] = ()
    n_texts: int = 0
    version: int = 0
    round: int = 0


@dataclass(frozen=True)
class ReportedTheme:
    """A theme by the team's own name, and by what readers call it in some languages."""

    name: str
    heading: Texts


@dataclass(frozen=True)
class ReportedRecommendation:
    """What is said to an audience, and the codes and names of what it rests on."""

    text: Texts
    reservation: Texts
    statements: tuple[str, ...]
    evidence: tuple[str, ...]
    themes: tuple[ReportedTheme, ...]


@dataclass(frozen=True)
class ReportedAudience:
    """An audience with what is said to it, in order."""

    code: str
    name: Texts
    recommendations: tuple[ReportedRecommendation, ...]


@dataclass(frozen=True)
class StudyReport:
    """Everything a consensus report says.

    ``groups``, ``criteria``, ``topics`` and ``statements`` stand in the study's order; every statement is the
    version that was rated last. ``protocols`` holds every version of the protocol, oldest first. ``analysis``
    is the stored analysis of every analysed round with the final decisions and the panel's flow;
    ``sensitivity`` what other rules would have decided, of the rounds and criteria of which that is stored.
    ``overrides`` and ``changes`` say what was asked against the rule, and what became of statements on the
    way; ``audiences`` hold those to whom something is recommended, ``recommended_at`` when that, or a theme
    on which it may rest, was last changed.
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
    sensitivity: tuple[SensitivityAnalysis, ...]
    origins: tuple[AnalysisOrigin, ...]
    log: LogMark | None
    overrides: tuple[ReportedOverride, ...] = ()
    changes: tuple[StatementChange, ...] = ()
    audiences: tuple[ReportedAudience, ...] = ()
    recommended_at: datetime | None = None

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

    @property
    def last_of_every_statement(self) -> RoundAnalysis:
        """The newest round with, beside its own statements, those that were decided before it."""
        scales = {one.code: one.scale.to_mapping() for one in self.criteria}
        entries = tuple(entry for _, entry in self.last_entries)
        return replace(self.analysis.rounds[-1], statements=entries, scales=scales)

    def last_sensitivity(self, criterion: str) -> SensitivityAnalysis | None:
        """What other rules decide on every statement in the round that decided it last, where that is stored.

        An amendment between rounds can change the rules that are tried, and the groups: those of all rounds
        stay.
        """
        by_round = {one.round: one for one in self.sensitivity if one.criterion == criterion}
        last = {
            final.statement: by_round[final.round]
            for final in self.analysis.final
            if final.criterion == criterion and final.round in by_round
        }
        if not last:
            return None
        used = sorted(last.values(), key=lambda one: one.round)
        variants = tuple(one for one in used[-1].variants if all(one.code in _codes(other) for other in used))
        groups = tuple(code for code in used[-1].groups if all(code in other.groups for other in used))
        statements = tuple(
            _narrowed(one, statement, [variant.code for variant in variants], groups)
            for statement, one in last.items()
        )
        return SensitivityAnalysis(
            round=used[-1].round,
            criterion=criterion,
            groups=groups,
            variants=variants,
            statements=statements,
            n_robust=sum(not entry.hangs_on for entry in statements),
        )


def _codes(analysis: SensitivityAnalysis) -> set[str]:
    return {variant.code for variant in analysis.variants}


def _narrowed(
    analysis: SensitivityAnalysis, statement: str, rules: Sequence[str], groups: Sequence[str]
) -> StatementSensitivity:
    """One statement of a round, with what some of its rules decide, and without some of its groups."""
    entry = next(one for one in analysis.statements if one.statement == statement)
    codes = (variant.code for variant in analysis.variants)
    decisions = dict(zip(codes, entry.decisions, strict=True))
    without = dict(zip(analysis.groups, entry.without_group, strict=False))
    return replace(
        entry,
        decisions=tuple(decisions[code] for code in rules),
        without_group=tuple(without[code] for code in groups if code in without),
    )
