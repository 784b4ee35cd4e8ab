"""Every published rule, held against its source's own words worked out on the ratings one by one."""

import random
import statistics
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import pytest

from analysis.consensus import decide_statement
from analysis.distribution import Distribution
from analysis.rules import PRESETS, ConsensusRule, Decision
from analysis.scale import Direction, Scale
from tests.unit.analysis.examples import FIVE, NINE, rule

Panel = Sequence[int]
IN, OUT, NO = Decision.CONSENSUS_IN, Decision.CONSENSUS_OUT, Decision.NO_CONSENSUS


def share(panel: Panel, low: int, high: int) -> Fraction:
    """Per cent of ratings from low to high."""
    return Fraction(100 * sum(low <= rating <= high for rating in panel), len(panel))


def pooled(panels: Sequence[Panel]) -> list[int]:
    return [rating for panel in panels for rating in panel]


def decided(accepted: bool, rejected: bool) -> Decision:
    if accepted == rejected:
        return NO
    return IN if accepted else OUT


def agreement_of_every_group(percent: int) -> Callable[[Sequence[Panel]], Decision]:
    """Diamond 2014, 10.1016/j.jclinepi.2013.12.002: so many per cent agree, or disagree."""
    return lambda panels: decided(
        all(share(panel, 4, 5) >= percent for panel in panels),
        all(share(panel, 1, 2) >= percent for panel in panels),
    )


def seventy_fifteen(panel: Panel, *, in_favour: bool = True, most: int = 70) -> bool:
    for_it, against = share(panel, 7, 9), share(panel, 1, 3)
    if not in_favour:
        for_it, against = against, for_it
    return for_it >= most and against < 15


def mirror(panels: Sequence[Panel], most: int = 70) -> Decision:
    """10.1186/s13063-015-1011-8, Table 1: at least 70% at 7-9 and less than 15% at 1-3; out the other way."""
    return decided(
        all(seventy_fifteen(panel, most=most) for panel in panels),
        all(seventy_fifteen(panel, in_favour=False, most=most) for panel in panels),
    )


def at_most_half(panels: Sequence[Panel]) -> Decision:
    """PMC10860107, Table 2: out where at most 50% rate 7-9 in each group."""
    return decided(
        all(seventy_fifteen(panel) for panel in panels), all(share(panel, 7, 9) <= 50 for panel in panels)
    )


def either_group(panels: Sequence[Panel]) -> Decision:
    """10.1186/s13063-017-2405-6, Table 5, "all": retained when met in either group."""
    return IN if any(seventy_fifteen(panel) for panel in panels) else NO


def disagrees_by_table(panel: Panel) -> bool:
    """10.1186/1472-6947-12-93, Table 7: at least 3 (8-10), 4 (11-13), 5 (14-16) in each extreme third."""
    fewest = {8: 3, 9: 3, 10: 3, 11: 4, 12: 4, 13: 4, 14: 5, 15: 5, 16: 5}[len(panel)]
    return min(sum(rating <= 3 for rating in panel), sum(rating >= 7 for rating in panel)) >= fewest


def percentile(panel: Panel, p: Fraction) -> Fraction:
    """R's type 7 by its definition."""
    ordered = sorted(panel)
    place = (len(panel) - 1) * p
    below = int(place)
    above = min(below + 1, len(panel) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def disagrees_by_ipras(panel: Panel) -> bool:
    """Fitch 2001, RAND MR-1269: IPR above 2.35 + 1.5 times the distance of its centre from 5."""
    low, high = percentile(panel, Fraction(3, 10)), percentile(panel, Fraction(7, 10))
    return high - low > Fraction(47, 20) + Fraction(3, 2) * abs(5 - (low + high) / 2)


def disagrees_by_thirds(panel: Panel) -> bool:
    return min(share(panel, 1, 3), share(panel, 7, 9)) >= Fraction(100, 3)


def appropriate(
    disagrees: Callable[[Panel], bool], *, boundary_up: bool = True
) -> Callable[[Sequence[Panel]], Decision]:
    """Fitch 2001: median 7-9, or 1-3, without disagreement; 3.5 and 6.5 belong to the higher category."""

    def decide(panels: Sequence[Panel]) -> Decision:
        panel = pooled(panels)
        median = statistics.median(panel)
        if disagrees(panel):
            return NO
        return decided(median >= (6.5 if boundary_up else 7), median <= (3 if boundary_up else 3.5))

    return decide


def median_and_spread(panels: Sequence[Panel]) -> Decision:
    """Median of at least 7 with an IQR of at most 3 (10.1016/j.techfore.2012.04.013); out the other way."""
    panel = pooled(panels)
    narrow = percentile(panel, Fraction(3, 4)) - percentile(panel, Fraction(1, 4)) <= 3
    return decided(statistics.median(panel) >= 7 and narrow, statistics.median(panel) <= 3 and narrow)


def guidelines(panels: Sequence[Panel]) -> Decision:
    """Langlands 2008, 10.1093/schbul/sbm097: 80% of every panel; 70 to 79% rated again; else rejected."""
    if all(share(panel, 7, 9) >= 80 for panel in panels):
        return IN
    return OUT if any(share(panel, 7, 9) < 70 for panel in panels) else NO


def eight_or_nine(panels: Sequence[Panel]) -> Decision:
    """10.1136/qshc.2003.007815: a median of 8 or 9 in every panel."""
    return IN if all(statistics.median(panel) >= 8 for panel in panels) else NO


def eight_or_nine_with_agreement(panels: Sequence[Panel]) -> Decision:
    """The same, and by 10.1186/1472-6947-12-93, Table 7, few outside the median's third."""
    most = {8: 2, 9: 2, 10: 2, 11: 3, 12: 3, 13: 3, 14: 4, 15: 4, 16: 4}
    return (
        IN
        if eight_or_nine(panels) is IN
        and all(sum(rating < 7 for rating in panel) <= most[len(panel)] for panel in panels)
        else NO
    )


SOURCES: list[tuple[dict[str, Any], int, Callable[[Sequence[Panel]], Decision]]] = [
    *(
        ({"preset": "percent_agreement", "threshold": percent}, 1, agreement_of_every_group(percent))
        for percent in (70, 75, 80)
    ),
    ({"preset": "comet_70_15"}, 1, mirror),
    ({"preset": "comet_70_15", "variant": "at_most_half"}, 1, at_most_half),
    ({"preset": "comet_70_15", "variant": "rising"}, 1, lambda panels: mirror(panels, most=50)),
    ({"preset": "comet_70_15", "variant": "rising"}, 2, mirror),
    ({"preset": "comet_70_15", "variant": "either_group"}, 1, either_group),
    ({"preset": "rand_ucla"}, 1, appropriate(disagrees_by_table)),
    ({"preset": "rand_ucla", "disagreement": "ipras"}, 1, appropriate(disagrees_by_ipras)),
    ({"preset": "rand_ucla", "disagreement": "thirds"}, 1, appropriate(disagrees_by_thirds)),
    ({"preset": "rand_ucla", "boundary": "lower"}, 1, appropriate(disagrees_by_table, boundary_up=False)),
    ({"preset": "median_iqr"}, 1, median_and_spread),
    ({"preset": "mhfa_80"}, 1, guidelines),
    ({"preset": "both_panels_8_9"}, 1, eight_or_nine),
    ({"preset": "both_panels_8_9", "agreement": True}, 1, eight_or_nine_with_agreement),
]


def drawn_panels(points: Sequence[int], n_groups: int, generator: random.Random) -> list[list[int]]:
    """Panels of 8 to 16 that lean to one end, more or less, or to both, or nowhere."""
    steepness = generator.choice((1.0, 1.2, 1.5, 2.0))
    rising = [steepness**place for place in range(len(points))]
    weights = generator.choice(
        (rising, rising[::-1], [a + b for a, b in zip(rising, rising[::-1], strict=True)])
    )
    return [generator.choices(points, weights, k=generator.randint(8, 16)) for _ in range(n_groups)]


@pytest.mark.parametrize(
    ("fields", "round_number", "source"),
    SOURCES,
    ids=[f"{'-'.join(map(str, fields.values()))}-{number}" for fields, number, _ in SOURCES],
)
def test_a_preset_decides_as_its_source_does(fields, round_number, source):
    scale = FIVE if fields["preset"] == "percent_agreement" else NINE
    ruling = rule(scale, **fields)
    generator = random.Random(1)
    n_groups = 1 if fields["preset"] == "rand_ucla" else 2
    seen = set()
    for _ in range(600):
        panels = drawn_panels(scale.points, n_groups, generator)
        found = decide_statement(ruling, distributions(scale, panels), round_number).decision
        assert found is source(panels), panels
        seen.add(found)
    assert {IN, NO} <= seen
    assert OUT in seen or ruling.exclude is None


def distributions(scale: Scale, panels: Sequence[Panel]) -> dict[str, Distribution]:
    return {
        f"g{place}": Distribution(tuple(panel.count(point) for point in scale.points), 0)
        for place, panel in enumerate(panels)
    }


def test_every_preset_has_a_source_here():
    assert {fields["preset"] for fields, _, _ in SOURCES} == PRESETS.keys()


THREE_WAY = Scale((1, 2, 3), Direction.HIGH_IS_AGREEMENT, (1,), (2,), (3,))
"""Approve, unsure, do not approve: 10.1177/08445621251414530."""


@pytest.mark.parametrize("percent", [70, 80, 90])
@pytest.mark.parametrize(
    ("middle", "approving"),
    [
        ("own", lambda yes, unsure, no: (yes, yes + unsure + no)),
        ("exclude", lambda yes, unsure, no: (yes, yes + no)),
        ("with_agree", lambda yes, unsure, no: (yes + unsure, yes + unsure + no)),
        ("with_disagree", lambda yes, unsure, no: (yes, yes + unsure + no)),
    ],
)
def test_three_way_answers_are_decided_by_how_the_unsure_are_counted_and_the_cut_off(
    percent, middle, approving
):
    ruling = ConsensusRule.from_mapping(
        {"preset": "percent_agreement", "threshold": percent, "middle": middle, "scope": "overall"}, THREE_WAY
    )
    for yes in range(12, 21):
        for unsure in range(21 - yes):
            no = 20 - yes - unsure
            k, n = approving(yes, unsure, no)
            found = decide_statement(ruling, {"panel": Distribution((no, unsure, yes), 0)}, 1).decision
            assert (found is IN) is (100 * k >= percent * n), (yes, unsure, no)


def test_the_grouping_of_the_unsure_flips_decisions():
    """Of 20, 13 approve, 4 are unsure and 3 do not: 65, 76 or 85%, as one likes."""
    decisions = {
        middle: decide_statement(
            rule(THREE_WAY, threshold=75, middle=middle), {"panel": Distribution((3, 4, 13), 0)}, 1
        ).decision
        for middle in ("own", "exclude", "with_agree", "with_disagree")
    }
    assert decisions == {"own": NO, "exclude": IN, "with_agree": IN, "with_disagree": NO}
