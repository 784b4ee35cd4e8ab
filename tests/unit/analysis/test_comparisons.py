"""Two verdicts crossed, and two sets of decisions compared."""

from analysis.comparisons import ConsensusByStability, consensus_by_stability, discordance
from analysis.results import NotAssessable
from analysis.rules import Decision
from analysis.study_analysis import analyse_study
from tests.unit.analysis.examples import protocol, rows, study

BOTH = ("peers", "relatives")
BEFORE = {"S1": [5, 5, 5, 5], "S2": [1, 2, 1, 2], "S3": [1, 5, 1, 5], "S4": [1, 1, 5, 5], "S5": [5, 5, 5, 5]}
AFTER = {"S1": [5, 5, 5, 5], "S2": [5, 5, 5, 5], "S3": [5, 1, 5, 1], "S4": [3, 3, 1, 1], "S6": [4, 4, 4, 4]}


def test_consensus_and_stability_are_two_verdicts():
    listed = [
        row
        for number, rated in ((1, BEFORE), (2, AFTER))
        for code, given in rated.items()
        for row in rows(code, dict.fromkeys(BOTH, given), number)
    ]
    played = analyse_study(study(listed), protocol(), seed=1, n_permutations=9)
    crossed = consensus_by_stability(played.rounds[1], "agreement")
    assert crossed == ConsensusByStability(
        2, "agreement", ("S1",), ("S2",), ("S3",), ("S4",), not_assessable=("S6",)
    )
    assert ConsensusByStability.from_dict(crossed.to_dict()) == crossed
    assert consensus_by_stability(played.rounds[1], "importance").open_stable == ()
    first = consensus_by_stability(played.rounds[0], "agreement")
    assert first.not_assessable == ("S1", "S2", "S3", "S4", "S5")


def test_only_what_both_decided_on_is_compared():
    accepted, open_ = Decision.CONSENSUS_IN, Decision.NO_CONSENSUS
    found = discordance({"S1": accepted, "S2": accepted, "S3": open_}, {"S1": accepted, "S2": open_})
    assert (found.both, found.first_only, found.last_only, found.neither) == (1, 1, 0, 0)
    assert found.share == 0.5
    assert discordance({"S1": accepted}, {}).share == NotAssessable.because("no_ratings")
