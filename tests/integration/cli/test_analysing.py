"""`castalia analyse` decides on ratings that were collected elsewhere, and names what is wrong with them."""

import csv
import json
import re
from pathlib import Path

import pytest

from analysis import ratings, tables
from app.services.analysing import DEFAULT_SEED

DOCUMENT = (Path(__file__).parents[3] / "docs" / "analyse.md").read_text(encoding="utf-8")

PROTOCOL = """
[protocol.consensus]
preset = "percent_agreement"
threshold = 70
scope = "every_group"
denominator = "rated"
minimum_ratings = 2

[[group]]
code = "peers"
[[group]]
code = "patients"

[[criterion]]
code = "agreement"
[criterion.scale]
points = [1, 2, 3, 4, 5]
direction = "high_is_agreement"
disagree = [1, 2]
neutral = [3]
agree = [4, 5]
"""
HEADER = "round,statement,group,panelist,rating"
AGREED = [f"1,S1,{group},{group}{n},5" for group in ("peers", "patients") for n in range(4)]
SPLIT = [
    f"{number},S2,{group},{group}{n},{5 if group == 'peers' else number}"
    for number in (1, 2)
    for group in ("peers", "patients")
    for n in range(4)
]


@pytest.fixture
def files(castalia, tmp_path):
    """A directory with a protocol and ratings: S1 is agreed by all, S2 by the peers only, twice."""
    (tmp_path / "protocol.toml").write_text(PROTOCOL, encoding="utf-8")
    (tmp_path / "ratings.csv").write_text("\n".join([HEADER, *AGREED, *SPLIT, ""]), encoding="utf-8")
    return tmp_path


ANALYSE = ["analyse", "ratings.csv", "--protocol", "protocol.toml", "--out", "results"]


def test_ratings_are_decided_and_every_figure_is_written(castalia, files):
    answer = castalia(*ANALYSE)
    assert (answer.code, answer.complained) == (0, [])
    assert "Of 2 decisions: 1 in, 0 out, 1 without consensus, 0 not assessable." in answer.said
    with (files / "results" / "decisions.csv").open(encoding="utf-8-sig", newline="") as file:
        decided = {row["statement"]: row["decision"] for row in csv.DictReader(file)}
    assert decided == {"S1": "consensus_in", "S2": "no_consensus"}
    whole = json.loads((files / "results" / "analysis.json").read_text(encoding="utf-8"))
    assert {final["statement"]: final["decision"] for final in whole["final"]} == decided


def test_the_report_is_written_beside_the_figures_in_the_language_asked_for(castalia, files):
    castalia(*ANALYSE, "--language", "nl")
    report = (files / "results" / "report.html").read_text(encoding="utf-8")
    assert '<html lang="nl">' in report
    assert "ratings.csv" in report


def written_in(folder):
    """The bytes of every file by its path in a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_every_file_is_written_and_named(castalia, files):
    answer = castalia(*ANALYSE)
    written = written_in(files / "results")
    assert set(written) == {
        "analysis.json",
        "statements.csv",
        "decisions.csv",
        "divergence.csv",
        "pairwise.csv",
        "stability.csv",
        "agreement.csv",
        "attrition.csv",
        "leavers.csv",
        "sensitivity.csv",
        "report.html",
        "figures/decisions-agreement.svg",
        "figures/distribution-agreement-round-1.svg",
        "figures/medians-agreement-round-1.svg",
        "figures/divergence-agreement-round-1.svg",
        "figures/distribution-agreement-round-2.svg",
        "figures/medians-agreement-round-2.svg",
        "figures/divergence-agreement-round-2.svg",
        "figures/transitions-agreement-round-2.svg",
        "figures/sensitivity-agreement-round-1.svg",
        "figures/sensitivity-agreement-round-2.svg",
        "figures/attrition.svg",
    }
    assert sorted(answer.said.splitlines()[:-1]) == sorted(f"results/{name}" for name in written)


def test_the_same_ratings_give_the_same_bytes_whatever_the_order_of_rows(castalia, files):
    castalia(*ANALYSE)
    castalia(*ANALYSE[:-1], "again")
    first = written_in(files / "results")
    assert written_in(files / "again") == first
    header, *rows = (files / "ratings.csv").read_text(encoding="utf-8").splitlines()
    (files / "ratings.csv").write_text("\n".join([header, *reversed(rows), ""]), encoding="utf-8")
    castalia(*ANALYSE[:-1], "turned")
    turned = written_in(files / "turned")
    # The report prints the fingerprint of the file, which is another one now.
    del turned["report.html"], first["report.html"]
    assert turned == first


def test_another_seed_changes_tests_and_no_decision(castalia, files):
    castalia(*ANALYSE)
    castalia(*ANALYSE[:-1], "other", "--seed", "7")
    first, other = written_in(files / "results"), written_in(files / "other")
    assert {name for name in first if first[name] != other[name]} >= {"analysis.json"}
    assert first["decisions.csv"] == other["decisions.csv"]
    assert json.loads(other["analysis.json"])["rounds"][0]["seed"] == 7


@pytest.mark.parametrize(
    ("file", "good", "bad", "part"),
    [
        ("ratings.csv", "1,S1,peers,peers0,5", "1,S1,peers,peers0,6", "row 2: "),
        ("ratings.csv", "1,S1,peers,peers0,5", "1,S1,nurses,peers0,5", "row 2: unknown group"),
        ("protocol.toml", "threshold = 70", "threshold = 170", "threshold"),
        ("protocol.toml", "[[group]]", "[[group", "TOML"),
    ],
)
def test_what_is_wrong_in_a_file_is_named_and_nothing_is_written(castalia, files, file, good, bad, part):
    text = (files / file).read_text(encoding="utf-8")
    (files / file).write_text(text.replace(good, bad, 1), encoding="utf-8")
    answer = castalia(*ANALYSE)
    assert answer.code == 2
    assert len(answer.complained) == 1
    assert part in answer.complained[0]
    assert not (files / "results").exists()


def documented_columns(heading):
    """The columns that docs/analyse.md names in the table under a heading, in order."""
    part = DOCUMENT.partition(f"### {heading}\n")[2].partition("\n#")[0]
    first_cells = re.findall(r"^\| (`.*?`) \|", part, flags=re.MULTILINE)
    return [name for cell in first_cells for name in re.findall(r"`(\w+)`", cell)]


def test_document_code_and_files_name_the_same_columns(castalia, files):
    castalia(*ANALYSE)
    written = {path.name: path.read_text(encoding="utf-8") for path in (files / "results").glob("*.csv")}
    in_code = {**tables.COLUMNS, "sensitivity.csv": tables.SENSITIVITY_COLUMNS}
    assert set(written) == set(in_code)
    for name, text in written.items():
        assert text.split("\n", 1)[0].split(",") == list(in_code[name])
        assert sorted(documented_columns(f"`{name}`")) == sorted(in_code[name]), name


def test_document_and_code_name_the_same_columns_of_a_plan_and_of_ratings():
    assert sorted(documented_columns("`plan.csv`")) == sorted(tables.PLAN_COLUMNS)
    assert documented_columns("A long table") == list(ratings.COLUMNS)


def test_the_document_names_the_seed():
    assert f" {DEFAULT_SEED} unless said" in DOCUMENT


MAPPING_IN_DOCUMENT = DOCUMENT.partition("```toml\n")[2].partition("```")[0]


def test_a_table_with_one_row_a_panelist_gives_the_same_decisions(castalia, files):
    castalia(*ANALYSE)
    (files / "mapping.toml").write_text(
        MAPPING_IN_DOCUMENT.replace('"relatives"', '"patients"'), encoding="utf-8"
    )
    rows = [
        *(f"peers{n},Peer supporter,fr,5,5,5,1" for n in range(4)),
        *(f"patients{n},Relative,nl,5,1,2,1" for n in range(4)),
    ]
    header = "id,role,language,r1_S1,r1_S2,r2_S2,Q17"
    (files / "wide.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    wide = ["analyse", "wide.csv", "--protocol", "protocol.toml", "--wide", "mapping.toml"]
    answer = castalia(*wide, "--out", "wide")
    assert (answer.code, answer.complained) == (0, [])
    long, short = (written_in(files / name)["decisions.csv"].decode() for name in ("results", "wide"))
    assert short.startswith(long)
    assert "2,S3,agreement,consensus_out" in short
    castalia(*wide, "--group-by", "language", "--out", "by-language")
    assert ",fr," in written_in(files / "by-language")["statements.csv"].decode()
    (files / "wide.csv").write_text("\n".join([header, rows[0].replace("5,5", "5,8"), ""]), encoding="utf-8")
    answer = castalia(*wide, "--out", "none")
    assert answer.code == 2
    assert answer.complained[0].startswith("castalia: row 2: column r1_S2: ")
    assert not (files / "none").exists()
