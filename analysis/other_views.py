"""Other views of the same frozen ratings: two rounds side by side, and another grouping.

Result types, as in :mod:`analysis.results`.
"""

from dataclasses import dataclass

from analysis.json_safe import Result
from analysis.results import Divergence, Estimate, Figure, GroupFigures, Reason, StabilityVerdict
from analysis.rules import Decision
from analysis.scale import Band

BANDS = (Band.DISAGREE, Band.NEUTRAL, Band.AGREE)


@dataclass(frozen=True, slots=True)
class GroupMovement(Result):
    """One group, or ``overall``, on one statement in two rounds.

    ``n`` rated it in both, ``n_lost`` in the earlier only, ``n_new`` in the later only. ``bands`` counts the
    ``n`` by band before and band after: a row of three (disagree, neutral, agree) for each band before.
    ``agree_change`` is the change of the share of agreement among them, with its interval.
    """

    group: str
    n: int
    n_lost: int
    n_new: int
    bands: tuple[int, ...]
    agree_change: Estimate
    unchanged: Figure
    net_change: Figure
    verdict: StabilityVerdict

    def moved(self, before: Band, after: Band) -> int:
        """How many went from one band to another, or stayed in one."""
        return self.bands[BANDS.index(before) * len(BANDS) + BANDS.index(after)]


@dataclass(frozen=True, slots=True)
class StatementComparison(Result):
    """One statement in two rounds: each group in the study's order, then ``overall``."""

    statement: str
    groups: tuple[GroupMovement, ...]

    def of(self, group: str) -> GroupMovement:
        """The movement of a group, or ``overall``."""
        return next(one for one in self.groups if one.group == group)


@dataclass(frozen=True, slots=True)
class RoundComparison(Result):
    """Every statement that two rounds asked, on one criterion."""

    before: int
    after: int
    criterion: str
    statements: tuple[StatementComparison, ...]


@dataclass(frozen=True, slots=True)
class GroupedStatement(Result):
    """One statement on one criterion: every category's figures, then ``overall``, and where they part.

    ``decision`` is what the rule says of the categories together, and ``reasons`` why; None in figures that
    were stored before this was said.
    """

    statement: str
    criterion: str
    groups: tuple[GroupFigures, ...]
    divergence: Divergence
    decision: Decision | None = None
    reasons: tuple[Reason, ...] = ()

    def figures_of(self, group: str) -> GroupFigures:
        """The figures of a category, or ``overall``."""
        return next(figures for figures in self.groups if figures.group == group)


@dataclass(frozen=True, slots=True)
class GroupedAnalysis(Result):
    """One round by another grouping; ``sizes`` are the panelists in each of ``groups`` who took part.

    What is decided in each group, and by the rule in all of them together, is exploratory: the protocol has
    named other groups, and theirs is the decision of the study.
    """

    round: int
    groups: tuple[str, ...]
    sizes: tuple[int, ...]
    is_exclusive: bool
    statements: tuple[GroupedStatement, ...]
    seed: int
    n_permutations: int
    notes: tuple[Reason, ...]
