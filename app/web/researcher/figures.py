"""Stored figures made ready to be shown, in the study's words; nothing is computed or rounded here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from analysis.results import (
    GROUP_EQUAL,
    OVERALL,
    Figure,
    GroupFigures,
    NotAssessable,
    Reason,
    RoundAnalysis,
    Share,
)
from analysis.rules import ConsensusRule, Decision, Scope, ShareCriterion
from analysis.scale import Band, Scale
from analysis.wording import group_name, reason_sentence
from app.domain.protocol import Criterion, Protocol
from app.domain.study import in_language
from app.web.shared.parts import N_MARKS, Histogram, HistogramBar, ShareBar, ShareSegment

Mark = int | Literal["overall"]

SHOWN_DECISIONS: Final = tuple(Decision)


@dataclass(frozen=True, slots=True)
class DecisionCount:
    """How many statements ended with a decision, and how much of all of them that is in per cent."""

    decision: Decision
    n: int
    percent: float


@dataclass(frozen=True, slots=True)
class GroupLabel:
    """A stakeholder group, or everyone, as tables and drawings name it."""

    code: str
    name: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class FigureCell:
    """A figure, or, where there is none, the sentence that says why."""

    value: float | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class ShareCell:
    """A share of a group: ``k`` of ``n``, its interval, and what the rule decides in this group alone."""

    label: GroupLabel
    share: FigureCell
    k: int | None
    n: int
    lower: float | None
    upper: float | None
    decision: Decision


def decision_counts(tally: Mapping[Decision, int]) -> tuple[DecisionCount, ...]:
    """The decisions in their order; none while nothing is decided."""
    total = sum(tally.values())
    if not total:
        return ()
    return tuple(DecisionCount(one, tally[one], 100 * tally[one] / total) for one in SHOWN_DECISIONS)


class StudyWords:
    """How one study's groups, criteria and reasons are called in one language.

    With ``groups`` it speaks of those, by code, in place of the stakeholder groups.
    """

    def __init__(self, protocol: Protocol, locale: str, groups: Mapping[str, str] | None = None) -> None:
        self.locale = locale
        self._protocol = protocol
        if groups is None:
            groups = {group.code: in_language(group.name, locale) for group in protocol.groups}
        self._names = dict(groups)

    @property
    def groups(self) -> tuple[GroupLabel, ...]:
        """The groups in their order."""
        return tuple(self.group(code) for code in self._names)

    def group(self, code: str) -> GroupLabel:
        """A group by its code, or everyone."""
        if code in (OVERALL, GROUP_EQUAL):
            return GroupLabel(code, _capitalised(group_name(code, self.locale)), "overall")
        place = list(self._names).index(code)
        return GroupLabel(code, self._names[code], place % N_MARKS + 1)

    def criterion(self, code: str) -> str:
        """What a criterion is called."""
        return in_language(self._protocol.criterion(code).name, self.locale)

    def reason(self, reason: Reason) -> str:
        """A reason as a sentence."""
        return _capitalised(reason_sentence(reason, self.locale, self._names))

    def figure(self, figure: Figure) -> FigureCell:
        """A figure, or why there is none."""
        if isinstance(figure, NotAssessable):
            return FigureCell(None, self.reason(figure.reason))
        return FigureCell(float(figure))

    def share(self, figures: GroupFigures, share: Share) -> ShareCell:
        """A share of a group."""
        return ShareCell(
            label=self.group(figures.group),
            share=self.figure(share.value),
            k=share.k,
            n=share.n,
            lower=self.figure(share.lower).value,
            upper=self.figure(share.upper).value,
            decision=figures.decision,
        )


@dataclass(frozen=True)
class RatedCriterion:
    """A criterion as it was rated in a round: scale and rule of the stored analysis, the protocol's words."""

    code: str
    scale: Scale
    rule: ConsensusRule
    labels: tuple[str, ...]
    threshold: int | None

    @classmethod
    def of(cls, analysis: RoundAnalysis, criterion: Criterion, locale: str) -> "RatedCriterion":
        """The criterion in a round's analysis, with its points in a language."""
        scale = Scale.from_mapping(analysis.scales[criterion.code])
        rule = ConsensusRule.from_mapping(analysis.rules[criterion.code], scale)
        labels = criterion.labels.get(locale) or next(iter(criterion.labels.values()))
        return cls(criterion.code, scale, rule, tuple(labels), _agree_threshold(rule, analysis.round))

    def share_bar(self, group: str, counts: Sequence[int]) -> ShareBar:
        """A distribution as one bar of a hundred per cent, with the rule's line where the rule asks it."""
        asks_everyone = self.rule.scope is Scope.OVERALL
        threshold = self.threshold if asks_everyone is (group == OVERALL) else None
        segments = tuple(
            ShareSegment(f"{point} {label}", self.scale.band_of(point), count)
            for point, label, count in zip(self.scale.points, self.labels, counts, strict=True)
        )
        return ShareBar(segments, threshold)

    def histogram(self, label: GroupLabel, figures: GroupFigures) -> Histogram:
        """A distribution as bars by point, with median and quartiles."""
        bars = tuple(
            HistogramBar(point, count, self.scale.band_of(point))
            for point, count in zip(self.scale.points, figures.counts, strict=True)
        )
        median, q1, q3 = (
            None if isinstance(value, NotAssessable) else float(value)
            for value in (figures.median, figures.q1, figures.q3)
        )
        return Histogram(label.name, label.mark, bars, figures.n_abstained, median, q1, q3)


def _agree_threshold(rule: ConsensusRule, round_number: int) -> int | None:
    """The share of agreement that the rule asks for in a round, where it is one of whole per cent."""
    for criterion in rule.include.criteria:
        if isinstance(criterion, ShareCriterion) and criterion.band is Band.AGREE:
            percent = criterion.percent.at(round_number)
            return int(percent) if percent.denominator == 1 else None
    return None


def _capitalised(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
