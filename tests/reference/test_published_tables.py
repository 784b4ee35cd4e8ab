"""Tables of published studies, rebuilt from ratings that give their counts."""

from collections.abc import Mapping, Sequence

import pytest

from analysis.comparisons import discordance
from analysis.consensus import decide_group, decide_statement
from analysis.distribution import Distribution
from analysis.rules import Decision
from tests.unit.analysis.examples import NINE, known, rule

VALID = Distribution((0, 0, 0, 0, 0, 0, 1, 4, 5), 0)
NOT_VALID = Distribution((0, 0, 0, 0, 2, 4, 3, 1, 0), 0)
SEVENTY_FIFTEEN = rule(NINE, preset="comet_70_15", variant="either_group")

# Retained by both panels, the first only, the last only, neither; all; the discordant share.
# Trials 2017, 10.1186/s13063-017-2405-6, Table 5.
FEEDBACK_ARMS = [
    ("patients, PRO", (14, 0, 16, 8), 38, 42.1),
    ("professionals, PRO", (5, 7, 2, 24), 38, 23.7),
    ("professionals, clinical", (12, 10, 1, 7), 30, 36.7),
    ("all, PRO", (17, 1, 13, 7), 38, 36.8),
    ("all, clinical", (28, 2, 0, 0), 30, 6.7),
]


@pytest.mark.parametrize(
    ("name", "counts", "n", "percent"), FEEDBACK_ARMS, ids=[arm[0] for arm in FEEDBACK_ARMS]
)
def test_the_discordance_of_two_feedback_arms_is_the_published_one(name, counts, n, percent):
    pairs = [
        pair
        for pair, times in zip(((1, 1), (1, 0), (0, 1), (0, 0)), counts, strict=True)
        for _ in range(times)
    ]
    arms = [
        {
            f"S{place}": decide_statement(
                SEVENTY_FIFTEEN, {"panel": VALID if pair[arm] else NOT_VALID}, 1
            ).decision
            for place, pair in enumerate(pairs)
        }
        for arm in (0, 1)
    ]
    found = discordance(*arms)
    assert (found.both, found.first_only, found.last_only, found.neither) == counts
    assert len(pairs) == n
    assert isinstance(found.share, float)
    assert round(100 * found.share, 1) == percent


# Valid indicators (median 8 or 9 with agreement) in rounds 1 and 2, with per cents; 87 in every panel.
# Quality and Safety in Health Care 2003, 10.1136/qshc.2003.007815.
ELEVEN_PANELS = {
    "carer": (305, 83, 304, 91),
    "patient": (286, 78, 287, 86),
    "voluntary organisations": (290, 79, 286, 86),
    "community psychiatric nurse": (288, 78, 286, 86),
    "clinical psychologist": (278, 76, 263, 79),
    "commissioner": (225, 61, 220, 66),
    "nurse": (243, 66, 219, 66),
    "social worker": (236, 64, 206, 62),
    "counsellor": (216, 59, 187, 56),
    "psychiatrist": (195, 53, 162, 49),
    "general practitioner": (183, 50, 138, 41),
}
ROUND_1, ROUND_2, VALID_IN_ALL = 367, 334, 87
EIGHT_NINE = rule(NINE, preset="both_panels_8_9", agreement=True)


def test_the_rule_of_the_eleven_panels_gives_each_panel_its_published_share():
    for panel, (first, first_percent, second, second_percent) in ELEVEN_PANELS.items():
        for n_valid, n_all, percent in ((first, ROUND_1, first_percent), (second, ROUND_2, second_percent)):
            rated = [VALID] * n_valid + [NOT_VALID] * (n_all - n_valid)
            kept = sum(
                decide_group(EIGHT_NINE, one, panel, 1).decision is Decision.CONSENSUS_IN for one in rated
            )
            assert (kept, round(100 * kept / n_all)) == (n_valid, percent), panel


def test_the_eleven_panels_together_keep_87_of_334():
    panels = list(ELEVEN_PANELS)
    kept = [
        decide_statement(EIGHT_NINE, _eleven(panels, place), 2).decision is Decision.CONSENSUS_IN
        for place in range(ROUND_2)
    ]
    assert (sum(kept), round(100 * sum(kept) / ROUND_2)) == (VALID_IN_ALL, 26)


def _eleven(panels: Sequence[str], place: int) -> Mapping[str, Distribution]:
    """Statement by statement; beyond the 87 the general practitioners keep what the psychiatrists do not."""
    distributions = {}
    for panel in panels:
        more = ELEVEN_PANELS[panel][2] - VALID_IN_ALL
        beyond = place - VALID_IN_ALL if panel != "general practitioner" else ROUND_2 - 1 - place
        distributions[panel] = VALID if place < VALID_IN_ALL or beyond < more else NOT_VALID
    return distributions


def endorsed(n: int) -> Distribution:
    """Ten panelists, so many of whom endorse."""
    return Distribution((0, 0, 0, 0, 0, 10 - n, 0, 0, n), 0)


# Langlands 2008, 10.1093/schbul/sbm097: in with 80% of every panel, out below 70% of any, else rated again.
@pytest.mark.parametrize(
    ("first", "second", "decision"),
    [
        (8, 9, "consensus_in"),
        (8, 7, "no_consensus"),
        (7, 7, "no_consensus"),
        (10, 6, "consensus_out"),
        (7, 6, "consensus_out"),
        (6, 6, "consensus_out"),
    ],
)
def test_the_guideline_rule_rejects_below_70_percent_of_any_panel(first, second, decision):
    found = decide_statement(
        rule(NINE, preset="mhfa_80"), {"consumers": endorsed(first), "professionals": endorsed(second)}, 1
    )
    assert found.decision == decision
    assert known(found.reasons)
