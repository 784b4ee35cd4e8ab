"""The long-frame contract: every fault named with its rows."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.counts import ABSTAINED, MISSING, Counts, Transitions
from analysis.protocol import AnalysisProtocol
from analysis.rating_faults import RatingContractError
from analysis.ratings import (
    COLUMNS,
    natural_order,
    ratings_from_frame,
    ratings_from_rows,
    read_ratings,
)
from tests.unit.analysis.examples import FIVE, NINE, protocol, rows

HEADER = "round,statement,group,panelist,rating,abstained"


def sentences(text: str, given: AnalysisProtocol | None = None, directory: Path | None = None) -> list[str]:
    assert directory is not None
    path = directory / "ratings.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RatingContractError) as refusal:
        read_ratings(path, given or protocol())
    return [str(fault) for fault in refusal.value.faults]


def test_a_long_csv_is_read_into_one_matrix_a_criterion(tmp_path):
    path = tmp_path / "ratings.csv"
    lines = [HEADER, "1,S2,peers,ann,5,", "1,S10,peers,ann,,true", "1,S2,relatives,bob,2,false"]
    path.write_text("\ufeff" + "\n".join(lines), encoding="utf-8")
    (only,) = read_ratings(path, protocol()).rounds
    matrix = only.matrices["agreement"]
    assert matrix.statements == ("S2", "S10")
    assert only.panelists == ("ann", "bob")
    assert matrix.positions.tolist() == [[4, ABSTAINED], [1, MISSING]]
    assert matrix.group_of.tolist() == [0, 1]


def test_a_semicolon_is_understood(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text(HEADER.replace(",", ";") + "\n1;S1;peers;ann;3;\n", encoding="utf-8")
    assert read_ratings(path, protocol()).rounds[0].panelists == ("ann",)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("0,S1,peers,ann,3,", "row 2: the round must be a whole number from 1."),
        ("x,S1,peers,ann,3,", "row 2: the round must be a whole number from 1."),
        ("1,,peers,ann,3,", "row 2: the statement is empty."),
        ("1,S1,peers,,3,", "row 2: the panelist is empty."),
        ("1,S1,cats,ann,3,", "row 2: unknown group; the study has peers, relatives."),
        ("1,S1,peers,ann,3.5,", "row 2: the rating is not a whole number."),
        ("1,S1,peers,ann,good,", "row 2: the rating is not a whole number."),
        ("1,S1,peers,ann,6,", "row 2: the rating is not on the scale of agreement, 1 to 5."),
        ("1,S1,peers,ann,0,", "row 2: the rating is not on the scale of agreement, 1 to 5."),
        ("1,S1,peers,ann,,", "row 2: the rating is empty, but abstained is not true."),
        ("1,S1,peers,ann,3,true", "row 2: there is a rating, but abstained is true."),
        ("1,S1,peers,ann,3,maybe", "row 2: abstained must be true or false."),
    ],
)
def test_a_wrong_row_is_named(tmp_path, line, sentence):
    assert sentences(f"{HEADER}\n{line}\n", directory=tmp_path) == [sentence]


def test_the_same_rating_twice_is_named_with_both_rows(tmp_path):
    text = f"{HEADER}\n1,S1,peers,ann,3,\n1,S1,peers,bob,3,\n1,S1,peers,ann,4,\n"
    assert sentences(text, directory=tmp_path) == [
        "rows 2, 4: the same panelist rates the same statement on the same criterion twice in this round."
    ]


def test_a_panelist_in_two_groups_is_named_with_all_rows(tmp_path):
    text = f"{HEADER}\n1,S1,peers,ann,3,\n1,S2,relatives,ann,3,\n"
    assert sentences(text, directory=tmp_path) == ["rows 2, 3: this panelist stands in two groups."]


def test_many_wrong_rows_are_counted_after_the_first_five(tmp_path):
    text = HEADER + "".join(f"\n1,S{n},peers,ann,9," for n in range(8))
    assert sentences(text, directory=tmp_path)[0].startswith(
        "rows 2, 3, 4, 5, 6 and 3 more: the rating is not on"
    )


def test_missing_and_unknown_columns_are_named(tmp_path):
    assert sentences("round,statement,panelist,rating,mood\n", directory=tmp_path) == [
        "the column group is missing.",
        f"mood is not a column of ratings; they are {', '.join(COLUMNS)}.",
    ]


def test_a_file_without_ratings_is_said(tmp_path):
    assert sentences(f"{HEADER}\n", directory=tmp_path) == ["there are no ratings."]


def test_an_empty_file_and_a_wrong_encoding_are_said(tmp_path):
    assert sentences("  \n", directory=tmp_path) == ["ratings.csv: is empty."]
    path = tmp_path / "latin.csv"
    path.write_bytes("round,énoncé".encode("cp1252"))
    with pytest.raises(RatingContractError, match=r"latin.csv: is not UTF-8; save it as UTF-8\."):
        read_ratings(path, protocol())


def test_several_studies_in_one_file_are_refused(tmp_path):
    text = f"study,{HEADER}\na,1,S1,peers,ann,3,\nb,1,S1,peers,bob,3,\n"
    assert sentences(text, directory=tmp_path) == [
        "the column study names several studies; give one at a time."
    ]


def two_criteria() -> AnalysisProtocol:
    return AnalysisProtocol.from_mapping(
        {
            "protocol": {"consensus": {"preset": "percent_agreement"}},
            "group": [{"code": "peers"}],
            "criterion": [
                {"code": "agreement", "scale": FIVE.to_mapping()},
                {"code": "priority", "scale": NINE.to_mapping()},
            ],
        }
    )


def test_with_several_criteria_each_rating_must_say_its_own(tmp_path):
    text = f"{HEADER}\n1,S1,peers,ann,3,\n"
    assert sentences(text, two_criteria(), tmp_path) == [
        "the column criterion is missing; the study has several."
    ]
    text = f"criterion,{HEADER}\ncolour,1,S1,peers,ann,3,\n"
    assert sentences(text, two_criteria(), tmp_path) == [
        "row 2: unknown criterion; the study has agreement, priority."
    ]


def test_each_criterion_has_its_own_scale_and_the_same_panelists():
    listed = [(1, "S1", "agreement", "peers", "ann", 5), (1, "S1", "priority", "peers", "bob", 9)]
    (only,) = ratings_from_rows(listed, two_criteria()).rounds
    assert {code: matrix.positions.tolist() for code, matrix in only.matrices.items()} == {
        "agreement": [[MISSING], [4]],
        "priority": [[8], [MISSING]],
    }


def test_a_statement_that_was_not_asked_is_named():
    with pytest.raises(RatingContractError, match="row 1: this statement was not asked in this round"):
        ratings_from_rows(rows("S9", {"peers": [3]}), protocol(), asked={1: ["S1"]})


def test_what_was_asked_stands_there_in_its_order_even_when_nobody_rated_it():
    found = ratings_from_rows(rows("S1", {"peers": [3]}), protocol(), asked={1: ["S2", "S1"], 2: ["S2"]})
    assert [one.matrices["agreement"].statements for one in found.rounds] == [("S2", "S1"), ("S2",)]
    assert found.round(2).panelists == ()


def test_without_a_list_of_what_was_asked_each_criterion_has_what_was_rated_on_it():
    listed = [(1, "S1", "agreement", "peers", "ann", 5), (1, "S2", "priority", "peers", "ann", 9)]
    (only,) = ratings_from_rows(listed, two_criteria()).rounds
    assert [matrix.statements for matrix in only.matrices.values()] == [("S1",), ("S2",)]


def test_codes_sort_naturally():
    assert sorted(["S10", "S2", "A1", "S2b"], key=natural_order) == ["A1", "S2", "S2b", "S10"]


def test_a_frame_from_a_notebook_is_taken_with_its_own_types():
    frame = pd.DataFrame(
        {"round": [1, 1], "statement": ["S1", "S1"], "group": ["peers", "peers"], "panelist": ["a", "b"]}
    ).assign(rating=[4.0, np.nan], abstained=[False, True])
    (only,) = ratings_from_frame(frame, protocol()).rounds
    assert sorted(only.matrices["agreement"].positions.ravel().tolist()) == [ABSTAINED, 3]


def test_rounds_are_found_by_number():
    found = ratings_from_rows(rows("S1", {"peers": [3]}, 2) + rows("S1", {"peers": [3]}, 1), protocol())
    assert [one.round for one in found.rounds] == [1, 2]
    assert found.round(2).round == 2


def test_counts_from_a_database_are_those_of_the_ratings():
    listed = rows("S1", {"peers": [1, 5, 5, None], "relatives": [3]}) + rows("S2", {"peers": [2]})
    (only,) = ratings_from_rows(listed, protocol()).rounds
    grouped = [
        ("S1", "peers", 1, 1),
        ("S1", "peers", 5, 2),
        ("S1", "peers", None, 1),
        ("S1", "relatives", 3, 1),
        ("S2", "peers", 2, 1),
    ]
    panel = {"peers": 4, "relatives": 1}
    counted = Counts.from_rows(FIVE, ("S1", "S2"), ("peers", "relatives"), grouped, panel)
    expected = only.matrices["agreement"].counts()
    for name in ("rated", "abstained", "missing", "n"):
        assert (getattr(counted, name) == getattr(expected, name)).all()
    assert expected.missing.tolist() == [[0, 0], [3, 1]]
    assert Counts.from_rows(FIVE, ("S1", "S2"), ("peers", "relatives"), grouped).missing.sum() == 0


def test_a_count_off_the_scale_is_refused():
    with pytest.raises(ValueError, match="statement S1, group peers: 6 is not on the scale"):
        Counts.from_rows(FIVE, ("S1",), ("peers",), [("S1", "peers", 6, 1)])


def test_overall_is_the_sum_and_a_group_can_be_left_out():
    counted = Counts.from_rows(FIVE, ("S1",), ("a", "b"), [("S1", "a", 1, 2), ("S1", "b", 5, 3)])
    assert counted.with_overall().groups == ("a", "b", "overall")
    assert counted.with_overall().rated[0, 2].tolist() == [2, 0, 0, 0, 3]
    assert counted.without_group("a").rated.tolist() == [[[0, 0, 0, 0, 3]]]


def test_transitions_count_those_who_rated_twice():
    before = np.array([[0], [1], [-1]], dtype=np.int8)
    after = np.array([[1], [1], [2]], dtype=np.int8)
    found = Transitions.from_positions(FIVE, ("S1",), ("a", "b"), before, after, np.array([0, 1, 1]))
    grouped = [("S1", "a", 1, 2, 1), ("S1", "b", 2, 2, 1)]
    assert (found.moved == Transitions.from_rows(FIVE, ("S1",), ("a", "b"), grouped).moved).all()
    assert found.with_overall().moved[0, 2].sum() == 2


def test_a_transition_off_the_scale_is_refused():
    with pytest.raises(ValueError, match="statement S1, group a: 1 or 9 is not on the scale"):
        Transitions.from_rows(FIVE, ("S1",), ("a",), [("S1", "a", 1, 9, 1)])


def test_a_file_with_a_quotation_mark_that_is_never_closed_is_no_table(tmp_path):
    file = tmp_path / "ratings.csv"
    file.write_text('round,statement,group,panelist,rating\n1,S1,peers,p1,"4\n', encoding="utf-8")
    with pytest.raises(RatingContractError, match=r"ratings\.csv.* is not a table; a quotation mark"):
        read_ratings(file, protocol())
