"""Whether tests keep their size and intervals their coverage, by simulation.

Run ``python -m tests.load.bench_checks``; ``--simulations`` takes more. A test at 5% should find something
in 5 of 100 statements where there is nothing to find; a 95% interval should hold the truth in 95 of 100. What
the figures mean for a study stands in docs/method.md.
"""

import argparse
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.special import stdtrit

from analysis import agreement, concordance, stability
from analysis.counts import Counts, Floats, Integers, Positions
from analysis.descriptives import wilson
from analysis.distribution import Distribution
from analysis.divergence import cliffs_delta, cliffs_delta_interval, largest_gap
from analysis.divergence_tests import LabelPermutations, omnibus_tests, pair_tests
from analysis.group_figures import band_share
from analysis.rules import ConsensusRule
from analysis.scale import Band
from tests.load.bench_analysis import say
from tests.unit.analysis.examples import FIVE, rule

LEVEL = 0.05
SIZES = (5, 10, 30)
BATCH = 100
FAMILY = 20
PERMUTATIONS = 499
SIMULATIONS = 2_000
EVEN = (0.2, 0.2, 0.2, 0.2, 0.2)
LEANING = (0.05, 0.1, 0.15, 0.4, 0.3)
CROWDED = (0.0, 0.02, 0.05, 0.13, 0.8)
WIDE = (0.35, 0.15, 0.0, 0.15, 0.35)
NARROW = (0.0, 0.2, 0.6, 0.2, 0.0)


@dataclass(frozen=True)
class Panel:
    """Groups of some sizes that rate by some distributions."""

    name: str
    sizes: tuple[int, ...]
    shares: tuple[tuple[float, ...], ...]

    @property
    def group_of(self) -> Integers:
        """Each panelist's group."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    def rate(self, n_statements: int, generator: np.random.Generator) -> tuple[Positions, Integers]:
        """Ratings (panelist, statement) and their counts; the statements are independent of each other."""
        drawn = [
            generator.choice(len(shares), (size, n_statements), p=shares)
            for size, shares in zip(self.sizes, self.shares, strict=True)
        ]
        positions = np.concatenate(drawn).astype(np.int8)
        names, groups = (tuple(map(str, range(n))) for n in (n_statements, len(self.sizes)))
        return positions, Counts.from_positions(FIVE, names, groups, positions, self.group_of).rated


def batches(n_simulations: int) -> Iterator[int]:
    """A seed for each batch: statements of a batch share their permutations, so many batches are drawn."""
    return iter(range(n_simulations // BATCH))


def found(p: Sequence[float] | Floats) -> float:
    return float((np.asarray(p) <= LEVEL + 1e-12).mean())


def omnibus_panels(size: int) -> tuple[Panel, ...]:
    return (
        Panel("ties", (size,) * 3, (EVEN,) * 3),
        Panel("leaning", (size,) * 3, (LEANING,) * 3),
        Panel("crowded", (size,) * 3, (CROWDED,) * 3),
        Panel("unequal spread", (size,) * 3, (WIDE, NARROW, NARROW)),
        Panel("the small group spread wide", (size, 2 * size, 2 * size), (WIDE, NARROW, NARROW)),
    )


def check_omnibus(n_simulations: int) -> None:
    say(f"Kruskal-Wallis; anything found in {FAMILY} statements by its max-T; Cramer-von Mises, which should")
    say("find more than 5% where spread differs: the distributions then do")
    generator = np.random.default_rng(1)
    for size in SIZES:
        for panel in omnibus_panels(size):
            kruskal, cramer, family = [], [], []
            for seed in batches(n_simulations):
                drawn = LabelPermutations.draw(panel.group_of, 3, PERMUTATIONS, seed)
                for _ in range(BATCH // FAMILY):
                    tests = omnibus_tests(*panel.rate(FAMILY, generator), drawn)
                    kruskal += tests.kruskal_p.tolist()
                    cramer += tests.cramer_p.tolist()
                    family.append(float(tests.kruskal_p_max.min()))
            rates = "   ".join(f"{found(p):.3f}" for p in (kruskal, family, cramer))
            say(f"  {panel.name:28s} {panel.sizes[0]:2d} and {panel.sizes[1]:2d}   {rates}")


def pair_panels(size: int) -> tuple[Panel, ...]:
    return (
        Panel("ties", (size, size), (EVEN, EVEN)),
        Panel("crowded", (size, size), (CROWDED, CROWDED)),
        Panel("unequal spread", (size, size), (WIDE, NARROW)),
        Panel("the small group spread wide", (size, 2 * size), (WIDE, NARROW)),
        Panel("the large group spread wide", (2 * size, size), (WIDE, NARROW)),
    )


def check_pairs(n_simulations: int) -> None:
    say("two groups: Brunner-Munzel by permutation (ours), by scipy's t approximation, Mann-Whitney")
    generator = np.random.default_rng(2)
    for size in SIZES:
        for panel in pair_panels(size):
            p_values: list[list[float]] = [[], [], []]
            for seed in batches(n_simulations):
                positions, counts = panel.rate(BATCH, generator)
                ours = pair_tests(
                    positions, counts, panel.group_of, (0, 1), n_permutations=PERMUTATIONS, seed=seed
                )
                for listed, p in zip(p_values, (ours.p, *their_tests(positions, panel)), strict=True):
                    listed.extend(p.tolist())
            rates = "   ".join(f"{found(p):.3f}" for p in p_values)
            say(f"  {panel.name:28s} {panel.sizes[0]:2d} and {panel.sizes[1]:2d}   {rates}")


def their_tests(positions: Positions, panel: Panel) -> tuple[Floats, Floats]:
    """Brunner and Munzel's approximation, and Mann and Whitney's; where scipy has no p nothing is found."""
    first, second = positions[: panel.sizes[0]].astype(float), positions[panel.sizes[0] :].astype(float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        approximate = stats.brunnermunzel(first, second, axis=0).pvalue
        ranked = stats.mannwhitneyu(first, second, axis=0, use_continuity=False, method="asymptotic")
    return np.nan_to_num(approximate, nan=1.0), np.nan_to_num(ranked.pvalue, nan=1.0)


def check_power(n_simulations: int) -> None:
    delta = float(cliffs_delta(np.array(LEANING), np.array(EVEN)))
    say(f"Cliff's delta {delta:.2f}: Brunner-Munzel of two groups, Kruskal-Wallis of four, one apart")
    generator = np.random.default_rng(9)
    for size in SIZES:
        two = Panel("two", (size, size), (LEANING, EVEN))
        four = Panel("four", (size,) * 4, (LEANING, LEANING, LEANING, EVEN))
        pairs: list[float] = []
        omnibus: list[float] = []
        for seed in batches(n_simulations):
            rated = two.rate(BATCH, generator)
            tests = pair_tests(*rated, two.group_of, (0, 1), n_permutations=PERMUTATIONS, seed=seed)
            pairs += tests.p.tolist()
            drawn = LabelPermutations.draw(four.group_of, 4, PERMUTATIONS, seed)
            omnibus += omnibus_tests(*four.rate(BATCH, generator), drawn).kruskal_p.tolist()
        say(f"  {size:2d} a group   {found(pairs):.3f}   {found(omnibus):.3f}")


def check_paired(n_simulations: int) -> None:
    say("between rounds, moves up and down alike: signed-rank, McNemar")
    generator = np.random.default_rng(3)
    moving = np.array([[0.12, 0.05, 0.03, 0, 0], [0.05, 0.1, 0.05, 0.02, 0], [0.03, 0.05, 0.1, 0.05, 0.02],
                       [0, 0.02, 0.05, 0.06, 0.04], [0, 0, 0.02, 0.04, 0.07]])  # fmt: skip
    for size in SIZES:
        tables = generator.multinomial(size, (moving / moving.sum()).ravel(), n_simulations).reshape(-1, 5, 5)
        ranks = [stability.signed_rank(table).p for table in tables]
        crossed = [stability.mcnemar(int(table[:3, 3:].sum()), int(table[3:, :3].sum())) for table in tables]
        say(f"  {size:2d} panelists   {found(ranks):.3f}   {found(crossed):.3f}")


def wilson_coverage(n: int, share: float) -> float:
    """Exact chance that Wilson's 95% interval of n ratings holds the true share: a sum over the binomial."""
    k = np.arange(n + 1)
    lower, upper = wilson(k, n)
    holds = (lower <= share + 1e-12) & (share <= upper + 1e-12)
    return float(stats.binom.pmf(k, n, share)[holds].sum())


def simulated_wilson_coverage(n: int, share: float, n_simulations: int, seed: int) -> float:
    """The same, by simulation."""
    lower, upper = wilson(np.random.default_rng(seed).binomial(n, share, n_simulations), n)
    return covered(lower, upper, share)


def covered(lower: Floats, upper: Floats, truth: float) -> float:
    return float(((lower <= truth + 1e-12) & (truth <= upper + 1e-12)).mean())


def check_wilson(n_simulations: int) -> None:
    say("Wilson's interval at 50, 70 and 90%: exact coverage (simulated); mean and least from 5 to 95%")
    for size in SIZES:
        pairs = []
        for share in (0.5, 0.7, 0.9):
            simulated = simulated_wilson_coverage(size, share, n_simulations, seed=4)
            pairs.append(f"{wilson_coverage(size, share):.3f} ({simulated:.3f})")
        everywhere = [wilson_coverage(size, share) for share in np.linspace(0.05, 0.95, 901)]
        overall = f"mean {np.mean(everywhere):.3f}, least {min(everywhere):.3f}"
        say(f"  {size:2d} ratings   {'   '.join(pairs)}   {overall}")


def check_delta(n_simulations: int) -> None:
    say("interval of Cliff's delta: no difference, a shift, unequal spread, crowded")
    generator = np.random.default_rng(5)
    for size in SIZES:
        rates = []
        for first, second in ((EVEN, EVEN), (LEANING, EVEN), (WIDE, NARROW), (CROWDED, LEANING)):
            truth = float(cliffs_delta(np.array(first), np.array(second)))
            a, b = (generator.multinomial(size, shares, n_simulations) for shares in (first, second))
            t = np.full(n_simulations, float(stdtrit(2 * size - 2, 0.975)))
            rates.append(covered(*cliffs_delta_interval(a, b, t), truth))
        say(f"  {size:2d} a group   " + "   ".join(f"{rate:.3f}" for rate in rates))


def check_gap(n_simulations: int) -> None:
    say("interval of the largest gap: four groups alike, one apart, spread out, at both ends")
    generator = np.random.default_rng(6)
    for size in SIZES:
        rates = []
        for shares in ((0.7,) * 4, (0.9, 0.9, 0.9, 0.3), (0.8, 0.7, 0.6, 0.5), (0.95, 0.6, 0.6, 0.05)):
            agreeing = generator.binomial(size, shares, (n_simulations, 4))
            gap = largest_gap(agreeing, np.full((n_simulations, 4), size))
            rates.append(covered(gap.lower, gap.upper, max(shares) - min(shares)))
        say(f"  {size:2d} a group   " + "   ".join(f"{rate:.3f}" for rate in rates))


def check_mean_share(n_simulations: int) -> None:
    say("interval of the groups' mean share: four groups alike, one apart; and groups of n, n, n and 3n")
    generator = np.random.default_rng(7)
    ruling = rule(FIVE)
    for size in SIZES:
        rates = []
        for shares, sizes in (
            ((0.7,) * 4, (size,) * 4),
            ((0.9, 0.9, 0.9, 0.3), (size,) * 4),
            ((0.9, 0.8, 0.7, 0.5), (size, size, size, 3 * size)),
        ):
            limits = np.array(
                [
                    _mean_share_limits(ruling, agreeing, sizes)
                    for agreeing in generator.binomial(sizes, shares, (n_simulations // 5, 4)).tolist()
                ]
            )
            rates.append(covered(limits[:, 0], limits[:, 1], float(np.mean(shares))))
        say(f"  {size:2d} a group   " + "   ".join(f"{rate:.3f}" for rate in rates))


def _mean_share_limits(
    ruling: ConsensusRule, agreeing: list[int], sizes: tuple[int, ...]
) -> tuple[float, float]:
    parts = [Distribution((n - k, 0, 0, 0, k), 0) for k, n in zip(agreeing, sizes, strict=True)]
    share = band_share(ruling, Distribution.mixture(parts), Band.AGREE)
    assert isinstance(share.lower, float)
    assert isinstance(share.upper, float)
    return share.lower, share.upper


def check_jackknife(n_simulations: int) -> None:
    say("jackknife over panelists, 20 statements: Krippendorff's alpha, Gwet's AC2; spread out, and crowded")
    generator = np.random.default_rng(8)
    estimates: tuple[Callable[[Positions, int], agreement.AgreementEstimate], ...] = (
        agreement.krippendorff_with_jackknife,
        agreement.gwet_ac_with_jackknife,
    )
    for name, concentration in (("spread", (1.0, 1, 1, 1, 1)), ("crowded", (0.2, 0.3, 0.5, 3, 6))):
        statements = generator.dirichlet(concentration, 20)

        def panel(size: int, statements: Floats = statements) -> Positions:
            reached = statements.cumsum(axis=1)[None, :, :4]
            return np.asarray((generator.random((size, 20, 1)) > reached).sum(axis=2), dtype=np.int8)

        large = panel(40_000)
        counted = np.stack([(large == place).sum(axis=0) for place in range(5)], axis=-1)
        truth = [agreement.krippendorff_alpha(counted), agreement.gwet_ac(counted)]
        for size in SIZES:
            rates = []
            panels = [panel(size) for _ in range(n_simulations // 5)]
            for estimate, true in zip(estimates, truth, strict=True):
                rates.append(share_covered([estimate(one, 5) for one in panels], float(true or 0)))
            say(f"  {name:8s} {size:2d} panelists   " + "   ".join(f"{rate:.3f}" for rate in rates))


def check_intraclass(n_simulations: int) -> None:
    say("intraclass correlations of 20 statements, normal ratings: agreement, consistency")
    generator = np.random.default_rng(10)
    for size in SIZES:
        shape = (n_simulations // 5, 20, size)
        statements, raters = (
            generator.normal(size=(*shape[:2], 1)),
            generator.normal(size=(shape[0], 1, size)),
        )
        scored = statements + raters / 2 + generator.normal(size=shape)
        found = [one for one in map(concordance.intraclass_correlations, scored) if one is not None]
        rates = [
            share_covered([one.agreement for one in found], 1 / 2.25),
            share_covered([one.consistency for one in found], 1 / 2),
        ]
        say(f"  {size:2d} raters   " + "   ".join(f"{rate:.3f}" for rate in rates))


def share_covered(
    estimates: Sequence[agreement.AgreementEstimate | concordance.IntraclassCorrelation], truth: float
) -> float:
    """Of the estimates that have an interval, how many hold the truth."""
    limits = np.array([(one.lower, one.upper) for one in estimates if one.lower is not None], dtype=float)
    return covered(limits[:, 0], limits[:, 1], truth)


def main(n_simulations: int = SIMULATIONS) -> None:
    """Print every check."""
    error = (LEVEL * (1 - LEVEL) / n_simulations) ** 0.5
    note = f"{n_simulations} simulated; error {error:.3f}"
    say(f"\nHow often every default test finds something at 5% where there is nothing ({note})\n")
    check_omnibus(n_simulations)
    check_pairs(n_simulations)
    check_paired(n_simulations)
    say("\nAnd how often where there is something\n")
    check_power(n_simulations)
    say(f"\nHow often every 95% interval holds the truth ({note})\n")
    for check in (
        *(check_wilson, check_delta, check_gap, check_mean_share, check_jackknife),
        check_intraclass,
    ):
        check(n_simulations)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--simulations", type=int, default=SIMULATIONS, help="of every test and interval")
    main(parser.parse_args().simulations)
