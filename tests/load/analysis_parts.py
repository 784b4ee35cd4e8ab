"""The parts of the default analysis, each as we compute it and as the other tools' loops do."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Self

import krippendorff
import numpy as np
import pingouin
import scikit_posthocs
from scipy import stats
from scipy.special import stdtrit
from statsmodels.stats import inter_rater
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from analysis import agreement, divergence, stability
from analysis.counts import Floats, Integers, oriented_positions
from analysis.descriptives import LOWER_QUARTILE, MEDIAN, UPPER_QUARTILE, mean_and_sd, quantile, wilson
from analysis.divergence_tests import LabelPermutations, omnibus_tests, pair_tests
from analysis.ratings import RatingMatrix, Ratings
from analysis.stability import change
from analysis.statement_stability import transitions_between
from analysis.uncertainty import benjamini_hochberg, holm

STATEMENTS, PANELISTS = 200, 1_000
PAIRS = tuple(combinations(range(4), 2))
CUTS = (3, 6, 8)
RATERS = 100


@dataclass(frozen=True)
class TwoRounds:
    """The same ratings for both sides: coded for ours, a table of points for each group for theirs."""

    matrix: RatingMatrix
    n_permutations: int
    rated: Integers
    groups: list[Floats]
    later: list[Floats]
    moved: Integers
    p_values: Floats

    @classmethod
    def of(cls, ratings: Ratings, n_permutations: int) -> Self:
        """Take the first two rounds of complete ratings on a scale of 1 to 9."""
        before, after = (one.matrices["agreement"] for one in ratings.rounds[:2])
        tables = []
        row_of = {panelist: row for row, panelist in enumerate(after.panelists)}
        same = [row_of[panelist] for panelist in before.panelists]
        for positions in (before.positions, after.positions[same]):
            points = positions.astype(float) + 1
            tables.append([points[before.group_of == group] for group in range(4)])
        return cls(
            matrix=before,
            n_permutations=n_permutations,
            rated=before.counts().rated,
            groups=tables[0],
            later=tables[1],
            moved=transitions_between(before, after).moved,
            p_values=np.linspace(0.001, 1, len(before.statements)),
        )

    def samples(self, statement: int) -> list[Floats]:
        """Each group's ratings of a statement."""
        return [group[:, statement] for group in self.groups]


@dataclass(frozen=True)
class Theirs:
    """What another tool does, on how much of the panel, and by how much that is multiplied."""

    work: Callable[[TwoRounds], object]
    measured_on: str
    factor: float = 1


@dataclass(frozen=True)
class Part:
    """One part of the analysis: ours on everything, and theirs."""

    name: str
    ours: Callable[[TwoRounds], object]
    theirs: Theirs


def loop(one: Callable[[TwoRounds, int], object], n: int) -> Theirs:
    """A tool's loop over the first n statements."""
    return Theirs(
        lambda rounds: [one(rounds, place) for place in range(n)], f"{n} statements", STATEMENTS / n
    )


def our_descriptives(rounds: TwoRounds) -> object:
    points = np.arange(1, 10)
    quantiles = [quantile(rounds.rated, points, p) for p in (LOWER_QUARTILE, MEDIAN, UPPER_QUARTILE)]
    return quantiles, mean_and_sd(rounds.rated, points)


def their_descriptives(rounds: TwoRounds, statement: int) -> object:
    return [
        (np.quantile(values, (0.25, 0.5, 0.75)), stats.describe(values))
        for values in rounds.samples(statement)
    ]


def our_wilson(rounds: TwoRounds) -> object:
    return [wilson(rounds.rated[..., cut:].sum(axis=-1), rounds.rated.sum(axis=-1)) for cut in CUTS]


def their_wilson(rounds: TwoRounds, statement: int) -> object:
    return [
        proportion_confint((values > cut).sum(), len(values), method="wilson")
        for values in rounds.samples(statement)
        for cut in CUTS
    ]


def our_omnibus(rounds: TwoRounds) -> object:
    matrix = rounds.matrix
    oriented = oriented_positions(matrix.positions, matrix.scale)
    drawn = LabelPermutations.draw(matrix.group_of, 4, rounds.n_permutations, 1)
    return omnibus_tests(oriented, rounds.rated, drawn)


def permuted(rounds: TwoRounds, samples: list[Floats], statistic: Callable[..., Any]) -> object:
    return stats.permutation_test(
        samples,
        statistic,
        n_resamples=rounds.n_permutations,
        permutation_type="independent",
        alternative="greater",
    )


def their_kruskal(rounds: TwoRounds, statement: int) -> object:
    return permuted(rounds, rounds.samples(statement), lambda *groups: stats.kruskal(*groups).statistic)


def our_pairs(rounds: TwoRounds) -> object:
    matrix = rounds.matrix
    oriented = oriented_positions(matrix.positions, matrix.scale)
    tests = [
        pair_tests(
            oriented, rounds.rated, matrix.group_of, pair, n_permutations=rounds.n_permutations, seed=1
        )
        for pair in PAIRS
    ]
    return [holm([test.p[statement] for test in tests]) for statement in range(len(matrix.statements))]


def their_brunner_munzel(rounds: TwoRounds, statement: int) -> object:
    samples = rounds.samples(statement)
    return [
        permuted(rounds, [samples[a], samples[b]], lambda x, y: abs(stats.brunnermunzel(x, y).statistic))
        for a, b in PAIRS
    ]


def their_dunn(rounds: TwoRounds, statement: int) -> object:
    return scikit_posthocs.posthoc_dunn(rounds.samples(statement), p_adjust="holm")


def our_effects(rounds: TwoRounds) -> object:
    found = []
    for a, b in PAIRS:
        first, second = rounds.rated[:, a], rounds.rated[:, b]
        t = np.asarray(stdtrit(first.sum(axis=-1) + second.sum(axis=-1) - 2, 0.975))
        found.append(
            (divergence.cliffs_delta(first, second), divergence.cliffs_delta_interval(first, second, t))
        )
    return found


def their_effects(rounds: TwoRounds, statement: int) -> object:
    samples = rounds.samples(statement)
    return [pingouin.mwu(samples[a], samples[b]) for a, b in PAIRS]


def our_distances(rounds: TwoRounds) -> object:
    return [divergence.wasserstein(rounds.rated[:, a], rounds.rated[:, b]) for a, b in PAIRS]


def their_distances(rounds: TwoRounds, statement: int) -> object:
    samples = rounds.samples(statement)
    return [stats.wasserstein_distance(samples[a], samples[b]) for a, b in PAIRS]


def their_alpha(rounds: TwoRounds) -> None:
    raters = np.concatenate(rounds.groups)[:RATERS]
    krippendorff.alpha(raters, level_of_measurement="ordinal", value_domain=range(1, 10))


# A coefficient takes as long as there are panelists; leaving each out in turn takes as many coefficients.
THEIR_JACKKNIFE = Theirs(their_alpha, f"{RATERS} panelists, once", PANELISTS / RATERS * PANELISTS)


def our_kappa(rounds: TwoRounds) -> object:
    return [stability.weighted_kappa(table) for statement in rounds.moved for table in statement]


def our_changes(rounds: TwoRounds) -> object:
    shares = [change(statement) for statement in rounds.moved]
    tests = [stability.signed_rank(table) for statement in rounds.moved for table in statement]
    return shares, tests


def their_changes(rounds: TwoRounds, statement: int) -> object:
    return [
        stats.wilcoxon(before[:, statement], after[:, statement], zero_method="pratt")
        for before, after in zip(rounds.groups, rounds.later, strict=True)
    ]


def our_crossings(rounds: TwoRounds) -> object:
    return [
        stability.mcnemar(int(table[:6, 6:].sum()), int(table[6:, :6].sum()))
        for statement in rounds.moved
        for table in statement
    ]


def their_crossings(rounds: TwoRounds, statement: int) -> object:
    return [
        mcnemar([[table[:6, :6].sum(), table[:6, 6:].sum()], [table[6:, :6].sum(), table[6:, 6:].sum()]])
        for table in rounds.moved[statement]
    ]


PARTS = (
    Part("quartiles, means, SDs (numpy, scipy)", our_descriptives, loop(their_descriptives, 50)),
    Part("Wilson, 4 groups x 3 bands (statsmodels)", our_wilson, loop(their_wilson, 50)),
    Part("Kruskal-Wallis and Cramer-von Mises (scipy: first)", our_omnibus, loop(their_kruskal, 2)),
    Part("Brunner-Munzel by permutation, 6 pairs (scipy)", our_pairs, loop(their_brunner_munzel, 1)),
    Part("the same, beside Dunn with Holm (scikit-posthocs)", our_pairs, loop(their_dunn, 4)),
    Part("effect size and interval, 6 pairs (pingouin mwu)", our_effects, loop(their_effects, 20)),
    Part("Wasserstein, 6 pairs (scipy)", our_distances, loop(their_distances, 20)),
    Part(
        "Benjamini-Hochberg over statements (statsmodels)",
        lambda rounds: benjamini_hochberg(rounds.p_values),
        Theirs(lambda rounds: multipletests(rounds.p_values, method="fdr_bh"), "everything"),
    ),
    Part(
        "Krippendorff, jackknife over panelists (krippendorff)",
        lambda rounds: agreement.krippendorff_with_jackknife(rounds.matrix.positions, 9),
        THEIR_JACKKNIFE,
    ),
    Part("change and signed-rank test, 4 groups (scipy)", our_changes, loop(their_changes, 20)),
    Part(
        "quadratic kappa, 4 groups (statsmodels)",
        our_kappa,
        loop(
            lambda rounds, place: [
                inter_rater.cohens_kappa(table, wt="quadratic") for table in rounds.moved[place]
            ],
            20,
        ),
    ),
    Part("McNemar, 4 groups (statsmodels)", our_crossings, loop(their_crossings, 20)),
)
