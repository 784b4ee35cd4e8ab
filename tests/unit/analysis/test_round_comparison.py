"""Two rounds held against each other: who moved, who was lost, and how far the share of agreement went."""

import numpy as np
import pytest

from analysis.other_views import RoundComparison
from analysis.results import OVERALL, Estimate, NotAssessable, StabilityVerdict
from analysis.round_comparison import compare_rounds, compare_with_earlier_rounds
from analysis.scale import Band
from analysis.stability import share_change
from analysis.study_analysis import analyse_study
from tests.unit.analysis.examples import FIVE_TURNED, protocol, rows, study

LISTED = [
    *rows("S1", {"peers": [1, 3, 4, 5, 5], "relatives": [2, 4, None]}),
    *rows("S2", {"peers": [4, 4], "relatives": [4]}),
    *rows("S1", {"peers": [4, 4, 5, 5], "relatives": [None, 1, 4]}, 2),
    *rows("S3", {"peers": [4], "relatives": [4]}, 2),
    *rows("S1", {"peers": [4, 4, 3], "relatives": [5, 5, 5]}, 3),
    *rows("S2", {"relatives": [1]}, 3),
]


def compared(before: int, after: int) -> RoundComparison:
    ratings = study(LISTED)
    (found,) = compare_rounds(ratings.round(before), ratings.round(after))
    return found


def test_moves_are_counted_from_band_to_band():
    peers = compared(1, 2).statements[0].of("peers")
    assert peers.bands == (0, 0, 1, 0, 0, 1, 0, 0, 2)
    assert peers.moved(Band.DISAGREE, Band.AGREE) == 1
    assert peers.moved(Band.AGREE, Band.AGREE) == 2
    assert peers.n == 4


def test_who_rated_in_one_of_the_rounds_only_is_lost_or_new():
    relatives = compared(1, 2).statements[0].of("relatives")
    assert (relatives.n, relatives.n_lost, relatives.n_new) == (1, 1, 1)
    overall = compared(1, 2).statements[0].of(OVERALL)
    assert (overall.n, overall.n_lost, overall.n_new) == (5, 2, 1)


def test_only_statements_that_both_rounds_asked_are_compared():
    assert [one.statement for one in compared(1, 2).statements] == ["S1"]
    assert [one.statement for one in compared(1, 3).statements] == ["S1", "S2"]


def test_a_group_that_nobody_of_rated_twice_has_no_figures():
    peers = compared(1, 3).statements[1].of("peers")
    assert peers.n == 0
    assert isinstance(peers.agree_change.value, NotAssessable)
    assert isinstance(peers.net_change, NotAssessable)
    assert peers.verdict is StabilityVerdict.NOT_ASSESSABLE


def test_the_figures_of_neighbouring_rounds_are_those_of_their_stability():
    analysed = analyse_study(study(LISTED), protocol(), seed=1, n_permutations=19)
    for stability in analysed.rounds[1].statement_on("S1", "agreement").stability:
        found = compared(1, 2).statements[0].of(stability.group)
        assert found.n == stability.n
        assert (found.unchanged, found.net_change) == (stability.unchanged, stability.net_change)
        assert found.verdict is stability.verdict
        gained = sum(found.moved(band, Band.AGREE) for band in (Band.DISAGREE, Band.NEUTRAL))
        assert gained == stability.mcnemar_gained
        assert found.agree_change.value == (stability.mcnemar_gained - stability.mcnemar_lost) / stability.n


def test_the_last_round_is_held_against_each_before_it():
    found = compare_with_earlier_rounds(study(LISTED))
    assert [(one.before, one.after, one.criterion) for one in found] == [
        (1, 3, "agreement"),
        (2, 3, "agreement"),
    ]
    assert compare_with_earlier_rounds(study(LISTED[:8])) == ()


def test_bands_are_those_of_the_scale_whichever_end_agrees():
    given = protocol(scale=FIVE_TURNED)
    listed = [*rows("S1", {"peers": [1, 5]}), *rows("S1", {"peers": [5, 1]}, 2)]
    (found,) = compare_with_earlier_rounds(study(listed, given))
    peers = found.statements[0].of("peers")
    assert (peers.moved(Band.AGREE, Band.DISAGREE), peers.moved(Band.DISAGREE, Band.AGREE)) == (1, 1)
    assert peers.agree_change.value == 0


def test_a_criterion_that_one_of_the_rounds_did_not_rate_is_not_compared():
    ratings = study(LISTED)
    empty = type(ratings.rounds[0])(1, ratings.rounds[0].panelists, {})
    assert list(compare_rounds(empty, ratings.rounds[1])) == []


def test_a_comparison_is_written_and_read_back():
    found = compared(1, 3)
    assert RoundComparison.from_dict(found.to_dict()) == found


def changed(gained: int, lost: int, n: int) -> tuple[float, ...]:
    return tuple(float(one) for one in share_change(*(np.array(count) for count in (gained, lost, n))))


def test_the_change_of_a_share_has_the_limits_of_bonett_and_price():
    # (b + 1) / (n + 2) = 9/42 and (c + 1) / (n + 2) = 4/42 by hand, z = 1.959964.
    value, lower, upper = changed(8, 3, 40)
    assert value == 5 / 40
    assert lower == pytest.approx(5 / 42 - 1.959963985 * ((13 / 42 - 25 / 42**2) / 42) ** 0.5)
    assert upper == pytest.approx(5 / 42 + 1.959963985 * ((13 / 42 - 25 / 42**2) / 42) ** 0.5)


def test_the_change_of_a_share_knows_nothing_without_panelists_and_stays_within_its_limits():
    assert changed(0, 0, 0) == (0, -1, 1)
    assert changed(1, 0, 1)[2] == 1
    assert isinstance(compared(1, 2).statements[0].of("peers").agree_change, Estimate)
