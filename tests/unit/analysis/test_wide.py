"""Wide tables and other groupings give the same ratings as long ones, or name what is wrong."""

from typing import Any

import pytest

from analysis.collected import read_collected
from analysis.protocol import AnalysisProtocol
from analysis.rating_faults import RatingContractError
from analysis.ratings import read_ratings
from analysis.scale import ProtocolFieldError
from analysis.study_analysis import analyse_study
from analysis.wide import WideMapping, read_wide_mapping
from tests.unit.analysis.examples import FIVE, protocol

MAPPING = """
panelist = "id"
group = "role"
abstention = ["unable", 99]
columns = "r{round}_{statement}"
[groups]
"Peer supporter" = "peers"
[[rating]]
column = "extra"
round = 2
statement = "S3"
"""
HEADER = "id,role,language,r1_S1,r1_S2,r2_S1,extra"
ROWS = ["a,Peer supporter,fr,5,4,5,1", "b,relatives,nl,1,unable,,2", "c,relatives,fr,99,3,4"]
LONG = [
    "round,statement,group,panelist,language,rating,abstained",
    "1,S1,peers,a,fr,5,",
    "1,S2,peers,a,fr,4,",
    "2,S1,peers,a,fr,5,",
    "2,S3,peers,a,fr,1,",
    "1,S1,relatives,b,nl,1,",
    "1,S2,relatives,b,nl,,true",
    "2,S3,relatives,b,nl,2,",
    "1,S1,relatives,c,fr,,true",
    "1,S2,relatives,c,fr,3,",
    "2,S1,relatives,c,fr,4,",
]


def written(tmp_path, name, lines):
    path = tmp_path / name
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def analysed(collected):
    return analyse_study(collected.ratings, collected.protocol, seed=1, n_permutations=19)


def mapping(**changed: Any) -> WideMapping:
    fields = {"panelist": "id", "group": "role", "columns": "r{round}_{statement}"}
    return WideMapping.from_mapping({**fields, **changed}, protocol())


def two_criteria() -> AnalysisProtocol:
    return AnalysisProtocol.from_mapping(
        {
            "protocol": {"consensus": {"preset": "percent_agreement"}},
            "group": [{"code": "peers"}, {"code": "relatives"}],
            "criterion": [
                {"code": code, "scale": FIVE.to_mapping()} for code in ("agreement", "feasibility")
            ],
        }
    )


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_wide_table_gives_the_analysis_of_the_long_one(tmp_path, separator):
    lines = [line.replace(",", separator) for line in (HEADER, *ROWS)]
    wide = read_collected(
        written(tmp_path, "wide.csv", lines), protocol(), wide=written(tmp_path, "wide.toml", [MAPPING])
    )
    bare = [",".join(line.split(",")[:4] + line.split(",")[5:]) for line in LONG]
    assert analysed(wide) == analysed(read_collected(written(tmp_path, "long.csv", bare), protocol()))


@pytest.mark.parametrize("group_by", ["language", "group"])
def test_any_column_of_a_long_table_can_take_the_place_of_the_groups(tmp_path, group_by):
    path = written(tmp_path, "long.csv", LONG if group_by == "language" else _without_language())
    grouped = read_collected(path, protocol(), group_by=group_by)
    expected = ("fr", "nl") if group_by == "language" else ("peers", "relatives")
    assert grouped.protocol.group_codes == expected
    figures = analysed(grouped).rounds[0].statement_on("S1", "agreement").figures_of(expected[1])
    assert (figures.n, figures.n_abstained) == ((1, 0) if group_by == "language" else (1, 1))


def _without_language():
    return [",".join(line.split(",")[:4] + line.split(",")[5:]) for line in LONG]


def test_a_column_of_a_wide_table_can_take_the_place_of_the_groups(tmp_path):
    grouped = read_collected(
        written(tmp_path, "wide.csv", [HEADER, *ROWS]),
        protocol(),
        wide=written(tmp_path, "wide.toml", [MAPPING]),
        group_by="language",
    )
    assert analysed(grouped) == analysed(
        read_collected(written(tmp_path, "long.csv", LONG), protocol(), group_by="language")
    )


def test_two_criteria_are_told_apart_by_the_name_of_the_column(tmp_path):
    lines = ["id,role,S1_agreement,S1_feasibility", "a,peers,5,1", "b,relatives,4,2"]
    toml = ['panelist = "id"', 'group = "role"', 'columns = "{statement}_{criterion}"']
    collected = read_collected(
        written(tmp_path, "wide.csv", lines), two_criteria(), wide=written(tmp_path, "wide.toml", toml)
    )
    rated = {
        code: one.positions.ravel().tolist() for code, one in collected.ratings.rounds[0].matrices.items()
    }
    assert rated == {"agreement": [4, 3], "feasibility": [0, 1]}


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([HEADER, "a,peers,fr,6,4,5,1"], "row 2: column r1_S1: not a whole number from 1 to 5, nor a word"),
        ([HEADER, "a,peers,fr,4.5,4,5,1"], "row 2: column r1_S1: not a whole number"),
        ([HEADER, "a,peers,fr,n/a,4,5,1"], "row 2: column r1_S1: not a whole number"),
        ([HEADER, *ROWS, "a,relatives,nl,1,1,1,1"], "rows 2, 5: column id: the same panelist stands in"),
        ([HEADER, ",peers,fr,5,5,5,5"], "row 2: column id: the panelist is empty."),
        ([HEADER, "a,nurses,fr,5,5,5,5"], "row 2: column role: unknown group; the study has peers, rel"),
        (["role,r1_S1,extra", "peers,5,5"], "the column id is missing; the mapping names it."),
        (["id,role,r1_S1", "a,peers,5"], "the column extra is missing; the mapping names it."),
        (
            ["id,role,extra,r2_S3", "a,peers,5,5"],
            "columns extra and r2_S3 hold the same ratings; map each once.",
        ),
        (["id,id,extra", "a,peers,5"], "row 1: the header names id more than once."),
        ([HEADER, "a,peers,fr,5,5,5,5,5,5"], "wide.csv, row 2: more cells than the header has."),
    ],
)
def test_what_is_wrong_in_a_wide_table_is_named_by_row_and_column(tmp_path, lines, sentence):
    toml = written(tmp_path, "wide.toml", [MAPPING])
    with pytest.raises(RatingContractError) as refusal:
        read_collected(written(tmp_path, "wide.csv", lines), protocol(), wide=toml)
    assert sentence in str(refusal.value)


def test_a_row_longer_than_those_before_it_is_refused(tmp_path):
    lines = ["round,statement,group,panelist,rating", "1,S1,peers,a,5", "1,S1,peers,b,5,,,"]
    with pytest.raises(RatingContractError, match=r"long\.csv, row 3: more cells than the header has"):
        read_ratings(written(tmp_path, "long.csv", lines), protocol())


def test_a_pattern_that_fits_no_column_is_refused(tmp_path):
    toml = ['panelist = "id"', 'group = "role"', 'columns = "round{round}_{statement}"']
    with pytest.raises(RatingContractError, match="no column holds ratings; look at columns in the mapping"):
        read_collected(
            written(tmp_path, "wide.csv", ["id,role,r1_S1", "a,peers,5"]),
            protocol(),
            wide=written(tmp_path, "wide.toml", toml),
        )


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"panelist": ""}, "panelist", "is missing; write the name of a column or a code, as text."),
        ({"mood": 1}, "mapping.mood", "is not a field here"),
        ({"abstention": "99"}, "abstention", "must be a list of words or numbers"),
        ({"abstention": [" "]}, "abstention", "must be a list of words or numbers"),
        ({"groups": ["peers"]}, "groups", "must be a table"),
        ({"groups": {"Nurse": "nurses"}}, "groups.Nurse", "must be one of the study's groups, peers"),
        ({"rating": {}}, "rating", "must be written as [[rating]] tables."),
        ({"rating": [{"column": "x"}]}, "rating[1].statement", "is missing"),
        ({"rating": [{"column": "x", "statement": "S", "round": 0}]}, "rating[1].round", "whole number"),
        ({"rating": [{"column": "x", "statement": "S", "criterion": "y"}]}, "rating[1].criterion", "one of"),
        ({"columns": "r{round}"}, "columns", "must be a text with {statement}"),
        ({"columns": "{statement}{statement}"}, "columns", "must be a text with {statement}"),
        ({"columns": "{statement}{mood}"}, "columns", "must be a text with {statement}"),
        ({"columns": 3}, "columns", "must be a text with {statement}"),
    ],
)
def test_a_wrong_field_of_a_mapping_is_named(changed, field, sentence):
    with pytest.raises(ProtocolFieldError) as refusal:
        mapping(**changed)
    assert sentence in {fault.field: fault.sentence() for fault in refusal.value.faults}[field]


def test_a_mapping_must_say_where_the_ratings_are():
    with pytest.raises(ProtocolFieldError, match=r"columns: is missing; write columns or \[\[rating\]\]"):
        WideMapping.from_mapping({"panelist": "id", "group": "role"}, protocol())


def test_with_two_criteria_every_listed_column_must_say_which():
    fields = {"panelist": "id", "group": "role", "rating": [{"column": "x", "statement": "S1"}]}
    with pytest.raises(
        ProtocolFieldError, match=r"rating\[1\]\.criterion: is missing; write one of agreement"
    ):
        WideMapping.from_mapping(fields, two_criteria())


def test_a_mapping_that_is_not_toml_is_named(tmp_path):
    with pytest.raises(ProtocolFieldError, match=r"wide\.toml: is not valid TOML"):
        read_wide_mapping(written(tmp_path, "wide.toml", ["panelist = "]), protocol())
