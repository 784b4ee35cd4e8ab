"""`castalia analyse` decides on ratings that were collected elsewhere, and names what is wrong with them."""

import csv
import json
import re
from contextlib import chdir, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from analysis import ratings, tables
from app.cli.command import run
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


ANALYSE = ["analyse", "ratings.csv", "--protocol", "protocol.toml", "--out", "results"]
MAPPING = DOCUMENT.partition("```toml\n")[2].partition("```")[0].replace('"relatives"', '"patients"')
WIDE = ["analyse", "wide.csv", "--protocol", "protocol.toml", "--wide", "mapping.toml"]
WIDE_ROWS = [
    "id,role,language,r1_S1,r1_S2,r2_S2,Q17",
    *(f"peers{n},Peer supporter,fr,5,5,5,1" for n in range(4)),
    *(f"patients{n},Relative,nl,5,1,2,1" for n in range(4)),
]


def put_files(folder: Path) -> Path:
    """Put a protocol and ratings into a folder: S1 is agreed by all, S2 by the peers only, twice."""
    (folder / "protocol.toml").write_text(PROTOCOL, encoding="utf-8")
    (folder / "ratings.csv").write_text("\n".join([HEADER, *AGREED, *SPLIT, ""]), encoding="utf-8")
    (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    (folder / "wide.csv").write_text("\n".join([*WIDE_ROWS, ""]), encoding="utf-8")
    return folder


@pytest.fixture
def files(castalia, tmp_path):
    """A directory of one's own with the files."""
    return put_files(tmp_path)


@dataclass(frozen=True)
class Analysed:
    """The folder with what a command wrote, and what it said."""

    results: Path
    said: str


@pytest.fixture(scope="module")
def analysed(tmp_path_factory):
    """The files analysed, once for all who only look at what is written."""
    folder = put_files(tmp_path_factory.mktemp("analysed"))
    with chdir(folder), redirect_stdout(StringIO()) as said:
        assert run(ANALYSE) == 0
    return Analysed(folder / "results", said.getvalue())


@pytest.fixture(scope="module")
def analysed_in_dutch(tmp_path_factory):
    """The table with one row a panelist analysed, in Dutch."""
    folder = put_files(tmp_path_factory.mktemp("wide"))
    with chdir(folder), redirect_stdout(StringIO()) as said:
        assert run([*WIDE, "--out", "results", "--language", "nl"]) == 0
    return Analysed(folder / "results", said.getvalue())


def test_ratings_are_decided_and_the_outcome_is_said(analysed):
    assert "Of 2 decisions: 1 in, 0 out, 1 without consensus, 0 not assessable." in analysed.said
    with (analysed.results / "decisions.csv").open(encoding="utf-8-sig", newline="") as file:
        decided = {row["statement"]: row["decision"] for row in csv.DictReader(file)}
    assert decided == {"S1": "consensus_in", "S2": "no_consensus"}
    whole = json.loads((analysed.results / "analysis.json").read_text(encoding="utf-8"))
    assert {final["statement"]: final["decision"] for final in whole["final"]} == decided


def test_the_report_and_the_figures_speak_the_language_asked_for(analysed_in_dutch):
    report = (analysed_in_dutch.results / "report.html").read_text(encoding="utf-8")
    assert '<html lang="nl">' in report
    assert "wide.csv" in report
    figure = (analysed_in_dutch.results / "figures" / "rules-agreement-round-2.svg").read_text(
        encoding="utf-8"
    )
    assert "de regel van de studie" in figure


def test_the_report_holds_the_chapter_on_other_rules(analysed):
    report = (analysed.results / "report.html").read_text(encoding="utf-8")
    assert "How much hangs on the rule" in report
    assert "Consensus and stability" in report


def written_in(folder):
    """The bytes of every file by its path in a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_every_file_is_written_and_named(analysed):
    written = written_in(analysed.results)
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
        "figures/rules-agreement-round-1.svg",
        "figures/sensitivity-agreement-round-2.svg",
        "figures/rules-agreement-round-2.svg",
        "figures/attrition.svg",
    }
    assert sorted(analysed.said.splitlines()[:-1]) == sorted(f"results/{name}" for name in written)


def test_the_same_ratings_give_the_same_bytes_whatever_the_order_of_rows(castalia, files, analysed):
    first = written_in(analysed.results)
    castalia(*ANALYSE)
    assert written_in(files / "results") == first
    header, *rows = (files / "ratings.csv").read_text(encoding="utf-8").splitlines()
    (files / "ratings.csv").write_text("\n".join([header, *reversed(rows), ""]), encoding="utf-8")
    castalia(*ANALYSE[:-1], "turned")
    turned = written_in(files / "turned")
    # The report prints the fingerprint of the file, which is another one now.
    del turned["report.html"], first["report.html"]
    assert turned == first


def test_another_seed_changes_tests_and_no_decision(castalia, files, analysed):
    castalia(*ANALYSE, "--seed", "7")
    first, other = written_in(analysed.results), written_in(files / "results")
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


@pytest.mark.parametrize(
    ("file", "good", "bad", "told"),
    [
        (
            "protocol.toml",
            "threshold = 70",
            "threshold = 0.7",
            "protocol.consensus.threshold\xa0: est de 0.7 pour cent\u202f; écrivez 70 pour 70\xa0%.",
        ),
        (
            "ratings.csv",
            "1,S1,peers,peers0,5",
            "1,S1,peers,peers0,",
            "ligne 2\xa0: l’évaluation est vide, mais",
        ),
    ],
)
def test_what_is_wrong_in_a_file_is_told_in_the_language_asked_for(castalia, files, file, good, bad, told):
    text = (files / file).read_text(encoding="utf-8")
    (files / file).write_text(text.replace(good, bad, 1), encoding="utf-8")
    answer = castalia(*ANALYSE, "--language", "fr")
    assert answer.code == 2
    assert answer.complained[0].startswith(f"castalia: {told}")


def documented_columns(heading):
    """The columns that docs/analyse.md names in the table under a heading, in order."""
    part = DOCUMENT.partition(f"### {heading}\n")[2].partition("\n#")[0]
    first_cells = re.findall(r"^\| (`.*?`) \|", part, flags=re.MULTILINE)
    return [name for cell in first_cells for name in re.findall(r"`(\w+)`", cell)]


def test_the_document_names_every_kind_of_figure_that_is_drawn(analysed):
    drawn = {path.name.split("-")[0].removesuffix(".svg") for path in analysed.results.glob("figures/*.svg")}
    assert set(documented_columns("`figures/`")) == drawn


def test_document_code_and_files_name_the_same_columns(analysed):
    written = {path.name: path.read_text(encoding="utf-8") for path in analysed.results.glob("*.csv")}
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


def test_a_table_with_one_row_a_panelist_gives_the_same_decisions(analysed, analysed_in_dutch):
    long, short = (written_in(one.results)["decisions.csv"].decode() for one in (analysed, analysed_in_dutch))
    assert short.startswith(long)
    assert "2,S3,agreement,consensus_out" in short


def test_another_column_takes_the_place_of_the_groups(castalia, files):
    castalia(*WIDE, "--group-by", "language", "--out", "by-language")
    assert ",fr," in written_in(files / "by-language")["statements.csv"].decode()


def test_what_is_wrong_in_a_table_with_one_row_a_panelist_is_named_with_its_column(castalia, files):
    header, first, *_ = WIDE_ROWS
    (files / "wide.csv").write_text("\n".join([header, first.replace("5,5", "5,8"), ""]), encoding="utf-8")
    answer = castalia(*WIDE, "--out", "none")
    assert answer.code == 2
    assert answer.complained[0].startswith("castalia: row 2: column r1_S2: ")
    assert not (files / "none").exists()
