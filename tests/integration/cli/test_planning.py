"""`castalia plan` simulates a protocol before its study, and names what is wrong with the assumptions."""

import csv
from pathlib import Path

import pytest

from app.demo.loader import FOLDER

DOCUMENT = (Path(__file__).parents[3] / "docs" / "plan.md").read_text(encoding="utf-8")
ASSUMED = DOCUMENT.partition("```toml\n")[2].partition("```")[0].replace("= 500", "= 40")
PLAN = ["plan", str(FOLDER / "study.toml"), "--assume", "assumptions.toml"]


@pytest.fixture
def files(castalia, tmp_path):
    """A directory with the assumptions of docs/plan.md, simulated less often."""
    (tmp_path / "assumptions.toml").write_text(ASSUMED, encoding="utf-8")
    return tmp_path


def test_the_documented_example_is_simulated_and_told_in_a_table(castalia, files):
    answer = castalia(*PLAN)
    assert (answer.code, answer.complained) == (0, [])
    head, *lines = answer.said.splitlines()
    assert head.split() == [
        "statement",
        "truth",
        "group",
        "lost",
        "in",
        "out",
        "open",
        "false",
        "missed",
        "+/-",
    ]
    assert len(lines) == 2 * 3 * 2
    assert {len(line) for line in lines} == {len(head)}
    clear = next(line for line in lines if line.startswith("clear") and " 20 " in line)
    assert clear.split()[1] == "consensus_in"
    apart = next(line for line in lines if line.startswith("one group apart"))
    assert apart.split()[-2] == "-"


def test_the_table_and_the_curves_are_written_the_same_bytes_each_time(castalia, files):
    said = [castalia(*PLAN, "--out", name).said for name in ("first", "again")]
    assert said[0].splitlines()[-2:] == ["first/plan.csv", "first/plan.svg"]
    for name in ("plan.csv", "plan.svg"):
        assert (files / "first" / name).read_bytes() == (files / "again" / name).read_bytes()
    with (files / "first" / "plan.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 12
    castalia(*PLAN, "--out", "other", "--seed", "3")
    assert (files / "other" / "plan.csv").read_bytes() != (files / "first" / "plan.csv").read_bytes()


def test_a_bar_is_drawn_for_somebody_at_a_terminal(castalia, files, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    answer = castalia(*PLAN, "--criterion", "agreement")
    assert "Simulating panels" in "".join(answer.complained)


@pytest.mark.parametrize(
    ("good", "bad", "words", "part"),
    [
        ("sizes = [5, 10, 20]", "sizes = []", [], "castalia: sizes: must be a list of numbers"),
        ("0.40, 0.50]", "0.40, 0.60]", [], "castalia: statement[1].shares."),
        ("[[statement]]", "[[statement", [], "castalia: assumptions.toml: is not valid TOML"),
        ("", "", ["--criterion", "mood"], "castalia: Invalid value for --criterion: mood is not a criterion"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(castalia, files, good, bad, words, part):
    (files / "assumptions.toml").write_text(
        ASSUMED.replace(good, bad, 1) if good else ASSUMED, encoding="utf-8"
    )
    answer = castalia(*PLAN, *words, "--out", "results")
    assert answer.code == 2
    assert answer.complained[0].startswith(part)
    assert not (files / "results").exists()


def test_what_is_wrong_is_told_in_the_language_asked_for(castalia, files):
    (files / "assumptions.toml").write_text(
        ASSUMED.replace("sizes = [5, 10, 20]", "sizes = []", 1), encoding="utf-8"
    )
    answer = castalia(*PLAN, "--language", "de")
    assert answer.code == 2
    assert answer.complained[0].startswith("castalia: sizes: muss eine Liste von Zahlen von ")
