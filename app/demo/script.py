"""What an invented panel is told to do: the simulation's figures and comments, read from a study's folder."""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.scale import Band
from app.domain.rating import ChangeReason

PER_CENT = 100

STANCES: dict[str, frozenset[Band]] = {
    "agree": frozenset({Band.AGREE}),
    "doubt": frozenset({Band.NEUTRAL, Band.DISAGREE}),
}
"""Where somebody stands who could write a comment of each stance."""


@dataclass(frozen=True)
class Opinion:
    """What a group thinks of a statement before round 1: the shares (0 to 1) that agree and that disagree."""

    agree: float
    disagree: float


@dataclass(frozen=True)
class Expectation:
    """How a statement fares: each group's opinion, and how strongly the group's view pulls before each round.

    ``pull`` holds, by round number, the share of those off their group's median who move a point towards it.
    """

    opinions: Mapping[str, Opinion]
    pull: Mapping[int, float]


@dataclass(frozen=True)
class Remark:
    """A comment that one panelist of the group, language and stance writes on a statement in a round."""

    statement: str
    round: int
    bands: frozenset[Band]
    group: str
    language: str
    text: str


@dataclass(frozen=True)
class HalfWay:
    """How far a round has come when it is half-way: shares of those who will submit, and the newcomers.

    ``newcomers`` gives by group the language of the one panelist who must not have entered anything yet.
    """

    invited: float
    opened: float
    partial: float
    newcomers: Mapping[str, str]


@dataclass(frozen=True)
class ProfileHabits:
    """How the panel describes itself.

    ``choices`` holds for each question the share that picks each option; ``numbers`` the least, the most
    usual and the largest value; ``unanswered`` the share that leaves a question open.
    """

    unanswered: float
    choices: Mapping[str, Mapping[str, float]]
    numbers: Mapping[str, tuple[float, float, float]]


@dataclass(frozen=True)
class Script:
    """Everything that decides how the simulated panel behaves; the same script plays the same study.

    ``lost`` says by round and group how many panelists are lost before it; of these, ``lost_partial`` and
    ``lost_opened`` are the shares that still begin it, or look at it. ``unable`` is by group the share of
    ratings that are abstentions, ``second_thoughts`` the share that move for a reason of their own.
    """

    seed: str
    expectations: Mapping[str, Expectation]
    lost: Mapping[int, Mapping[str, int]]
    lost_partial: float
    lost_opened: float
    unable: Mapping[str, float]
    second_thoughts: float
    reasons_towards: Mapping[ChangeReason, float]
    reasons_away: Mapping[ChangeReason, float]
    half_way: HalfWay
    profile: ProfileHabits
    remarks: tuple[Remark, ...]


def read_script(folder: Path) -> Script:
    """Read the script of a study's folder: its ``simulation.toml`` and ``comments.csv``."""
    with (folder / "simulation.toml").open("rb") as file:
        tables = tomllib.load(file)
    movement, traces = tables["movement"], tables["attrition"].pop("last_traces")
    return Script(
        seed=tables["seed"],
        expectations={
            code: _expectation(opinions, chapter["pull"])
            for chapter in tables["opinions"]
            for code, opinions in chapter["statements"].items()
        },
        lost={int(number): groups for number, groups in tables["attrition"].items()},
        lost_partial=traces["partial"] / PER_CENT,
        lost_opened=traces["opened"] / PER_CENT,
        unable=_shares(tables["abstention"]),
        second_thoughts=movement["second_thoughts"] / PER_CENT,
        reasons_towards=_reasons(movement["reasons"]["towards"]),
        reasons_away=_reasons(movement["reasons"]["away"]),
        half_way=_half_way(tables["half_way"]),
        profile=_profile(tables["profile"]),
        remarks=_remarks(folder / "comments.csv"),
    )


def _shares(per_cents: Mapping[str, float]) -> dict[str, float]:
    return {name: value / PER_CENT for name, value in per_cents.items()}


def _reasons(weights: Mapping[str, float]) -> dict[ChangeReason, float]:
    return {ChangeReason(code): weight for code, weight in weights.items()}


def _expectation(opinions: Mapping[str, tuple[float, float]], pull: Mapping[str, float]) -> Expectation:
    return Expectation(
        opinions={
            group: Opinion(agree / PER_CENT, disagree / PER_CENT)
            for group, (agree, disagree) in opinions.items()
        },
        pull={int(number): value / PER_CENT for number, value in pull.items()},
    )


def _half_way(table: Mapping[str, Any]) -> HalfWay:
    return HalfWay(
        invited=table["invited"] / PER_CENT,
        opened=table["opened"] / PER_CENT,
        partial=table["partial"] / PER_CENT,
        newcomers=table["newcomers"],
    )


def _profile(table: Mapping[str, Any]) -> ProfileHabits:
    return ProfileHabits(
        unanswered=table["unanswered"] / PER_CENT,
        choices={question: _shares(options) for question, options in table["choices"].items()},
        numbers={
            question: (limits["least"], limits["usual"], limits["most"])
            for question, limits in table["numbers"].items()
        },
    )


def _remarks(path: Path) -> tuple[Remark, ...]:
    with path.open(newline="", encoding="utf-8") as lines:
        return tuple(
            Remark(
                statement=row["statement"],
                round=int(row["round"]),
                bands=STANCES[row["stance"]],
                group=row["group"],
                language=row["language"],
                text=row["text"],
            )
            for row in csv.DictReader(lines)
        )
