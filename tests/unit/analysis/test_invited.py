"""How many were invited is read beside the ratings, and gives response rates."""

import pytest

from analysis.collected import CollectedRatings, read_invited
from analysis.rating_faults import RatingContractError
from analysis.study_analysis import analyse_study
from tests.unit.analysis.examples import protocol, rows, study

LISTED = [*rows("S1", {"peers": [5, 4, 5], "relatives": [1, 2]}), *rows("S1", {"peers": [5, 4]}, 2)]
COLLECTED = CollectedRatings(study(LISTED), protocol())
HEADER = "round,group,invited"


def invited(tmp_path, *lines):
    path = tmp_path / "invited.csv"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return read_invited(path, COLLECTED)


def test_response_is_of_the_invited_that_a_file_names(tmp_path):
    found = invited(tmp_path, HEADER, "1,peers,6", " 1 , relatives , 4 ", "2,peers,3")
    assert found == {(1, "peers"): 6, (1, "relatives"): 4, (2, "peers"): 3}
    played = analyse_study(COLLECTED.ratings, COLLECTED.protocol, seed=1, invited=found, n_permutations=9)
    flow = {(entry.round, entry.group): entry.response for entry in played.flow}
    assert (flow[1, "peers"], flow[1, "overall"]) == (0.5, 0.5)
    assert flow[2, "peers"] == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["round,group"], "invited.csv: the column invited is missing."),
        ([HEADER, "1,nurses,4"], "invited.csv, row 2: unknown group; the study has peers, relatives."),
        ([HEADER, "1,peers,many"], "invited.csv, row 2: round and invited must be whole numbers."),
        ([HEADER, "x,peers,4"], "invited.csv, row 2: round and invited must be whole numbers."),
        ([HEADER, "1,peers,4", "1,peers,5"], "invited.csv, row 3: this group stands twice in this round."),
        ([HEADER, "1,peers,2"], "invited.csv, row 2: 3 of the group took part, more than were invited."),
    ],
)
def test_a_wrong_row_is_named(tmp_path, lines, sentence):
    with pytest.raises(RatingContractError) as refusal:
        invited(tmp_path, *lines)
    assert sentence in str(refusal.value)
