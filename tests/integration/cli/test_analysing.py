"""`castalia analyse` decides on ratings that were collected elsewhere, and names what is wrong with them."""

import csv
import json

import pytest

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
