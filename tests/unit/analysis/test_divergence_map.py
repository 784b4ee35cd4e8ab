"""The map of statements: each in the field of its agreement and its gap, and none twice."""

from dataclasses import replace

from analysis.divergence_map import divergence_map
from analysis.results import OVERALL
from analysis.study_analysis import analyse_round
from tests.unit.analysis.examples import protocol, rows, study

LISTED = [
    *rows("S1", {"peers": [5] * 7 + [1] * 3, "relatives": [5] * 10}),
    *rows("S2", {"peers": [5] * 10, "relatives": [4] * 10}),
    *rows("S3", {"peers": [1] * 10, "relatives": [5] * 10}),
    *rows("S4", {"peers": [5] * 3}),
]


def test_every_statement_stands_where_its_figures_say():
    analysed = analyse_round(study(LISTED).rounds[0], protocol(), seed=1, n_permutations=9)
    found = divergence_map(
        (one.statement, one.figures_of(OVERALL), one.divergence) for one in analysed.statements
    )
    placed = {
        code: (cell.agree_from, row.gap_from)
        for row in found.rows
        for cell in row.cells
        for code in cell.statements
    }
    assert placed == {"S1": (80, 30), "S2": (90, 0), "S3": (50, 90)}
    assert found.unplaced == ("S4",)
    assert [row.gap_from for row in found.rows] == list(range(90, -1, -10))


def test_a_statement_that_nobody_rated_is_not_placed_and_an_empty_map_has_no_rows():
    analysed = analyse_round(study(LISTED).rounds[0], protocol(), seed=1, n_permutations=9)
    one = analysed.statements[1]
    unknown = replace(one.figures_of(OVERALL), agree=analysed.statements[3].figures_of("relatives").agree)
    assert divergence_map([("S2", unknown, one.divergence)]).rows == ()
    assert divergence_map([]).unplaced == ()
