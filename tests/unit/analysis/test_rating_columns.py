"""Ratings as columns of numbers: the same analysis as from rows, and the same faults."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from analysis.protocol import AnalysisProtocol
from analysis.rating_columns import RatingColumns, ratings_from_columns
from analysis.rating_faults import NOT_ASKED, OFF_SCALE, RATED_TWICE, UNKNOWN_CRITERION, RatingContractError
from analysis.ratings import Ratings, ratings_from_rows
from tests.unit.analysis.examples import FIVE, NINE

STATEMENTS, CRITERIA, GROUPS = ("S2", "S10", "S1"), ("agreement", "weight"), ("peers", "relatives")
ASKED = {1: STATEMENTS, 2: ("S1", "S2")}

Row = tuple[int, str, str, str, int, int | None]


def two_criteria() -> AnalysisProtocol:
    names = {"name": {"en": "A name"}}
    return AnalysisProtocol.from_mapping(
        {
            "protocol": {"consensus": {"preset": "percent_agreement", "threshold": 70}},
            "group": [{"code": code, **names} for code in GROUPS],
            "criterion": [
                {"code": code, **names, "scale": scale.to_mapping()}
                for code, scale in zip(CRITERIA, (FIVE, NINE), strict=True)
            ],
        }
    )


def columns(listed: Sequence[Row]) -> RatingColumns:
    def numbers(values: list[int]) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
        return np.array(values, np.int64)

    return RatingColumns(
        STATEMENTS,
        (*CRITERIA, "unknown"),
        GROUPS,
        round=numbers([row[0] for row in listed]),
        statement=numbers([STATEMENTS.index(row[1]) for row in listed]),
        criterion=numbers([(*CRITERIA, "unknown").index(row[2]) for row in listed]),
        group=numbers([GROUPS.index(row[3]) for row in listed]),
        panelist=numbers([row[4] for row in listed]),
        point=numbers([row[5] or 0 for row in listed]),
        abstained=np.array([row[5] is None for row in listed], bool),
    )


def drawn(seed: int, n_panelists: int = 30) -> list[Row]:
    """Ratings of two rounds, some missing; many rate alike, so that their order is left to their names."""
    chance = Random(seed)
    return [
        (number, statement, criterion, GROUPS[panelist % 2], panelist, chance.choice([1, 1, 1, 5, None]))
        for number, asked in ASKED.items()
        for panelist in range(1, n_panelists + 1)
        for statement in asked
        for criterion in CRITERIA
        if chance.random() < 0.8
    ]


def told(found: Ratings) -> list[object]:
    return [
        (
            (one.round, one.panelists, code, matrix.scale, matrix.statements, matrix.groups),
            (matrix.panelists, matrix.group_of.tolist()),
            (matrix.positions.tolist(), str(matrix.positions.dtype)),
        )
        for one in found.rounds
        for code, matrix in one.matrices.items()
    ]


def as_texts(listed: Sequence[Row]) -> list[tuple[int, str, str, str, str, int | None]]:
    return [(*row[:4], str(row[4]), row[5]) for row in listed]


SOME = [row for row in drawn(4) if row[2] == "agreement" and row[0] == 1]


@pytest.mark.parametrize(
    "listed", [drawn(1), drawn(2), drawn(3, 3), SOME, []], ids=["one", "other", "few", "partial", "none"]
)
def test_columns_give_what_rows_give(listed: list[Row]) -> None:
    given = two_criteria()
    expected = ratings_from_rows(as_texts(listed), given, asked=ASKED)
    assert told(ratings_from_columns(columns(listed), given, asked=ASKED)) == told(expected)


def test_columns_are_counted_by_statement_criterion_group_and_point() -> None:
    listed = drawn(5)
    expected = Counter((*row[1:4], row[5]) for row in listed if row[0] == 2)
    assert columns(listed).counted(2) == expected
    assert columns(listed).counted(3) == Counter()


def test_columns_are_told_in_the_studys_order_whatever_order_they_came_in() -> None:
    listed = drawn(6)
    Random(0).shuffle(listed)
    found = [
        (*place, group, panelist, point)
        for *place, rated in columns(listed).in_order()
        for group, panelist, point in rated
    ]
    in_order = sorted(
        listed, key=lambda row: (row[0], STATEMENTS.index(row[1]), CRITERIA.index(row[2]), row[4])
    )
    assert found == in_order
    assert list(columns([]).in_order()) == []


FAULTS: list[tuple[Row, str]] = [
    ((1, "S1", "agreement", "peers", 1, 6), OFF_SCALE),
    ((2, "S10", "agreement", "peers", 1, 2), NOT_ASKED),
    ((3, "S1", "agreement", "peers", 1, 2), NOT_ASKED),
    ((1, "S1", "unknown", "peers", 1, 2), UNKNOWN_CRITERION),
    ((1, "S2", "weight", "peers", 99, 1), RATED_TWICE),
]


@pytest.mark.parametrize(("wrong", "message"), FAULTS)
def test_a_fault_is_named_with_its_rows(wrong: Row, message: str) -> None:
    listed: list[Row] = [(1, "S2", "weight", "peers", 99, 9), wrong]
    with pytest.raises(RatingContractError) as refusal:
        ratings_from_columns(columns(listed), two_criteria(), asked=ASKED)
    (fault,) = refusal.value.faults
    assert fault.message == message
    assert fault.rows == ((1, 2) if message == RATED_TWICE else (2,))


def test_a_group_that_the_protocol_does_not_know_is_a_fault() -> None:
    given = two_criteria()
    others = replace(given, groups=given.groups[:1])
    with pytest.raises(RatingContractError, match="unknown group; the study has peers"):
        ratings_from_columns(columns(drawn(7)), others, asked=ASKED)
