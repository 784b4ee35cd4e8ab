"""Small scales, protocols and ratings that tests of the analysis are made of."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from analysis.protocol import AnalysisProtocol
from analysis.ratings import Ratings, ratings_from_rows
from analysis.rules import ConsensusRule
from analysis.scale import Direction, Scale

HIGH, LOW = Direction.HIGH_IS_AGREEMENT, Direction.LOW_IS_AGREEMENT
FIVE = Scale((1, 2, 3, 4, 5), HIGH, (1, 2), (3,), (4, 5))
FIVE_TURNED = Scale((1, 2, 3, 4, 5), LOW, (4, 5), (3,), (1, 2))
NINE = Scale(tuple(range(1, 10)), HIGH, (1, 2, 3), (4, 5, 6), (7, 8, 9))
NINE_TURNED = Scale(tuple(range(1, 10)), LOW, (7, 8, 9), (4, 5, 6), (1, 2, 3))
TWO = Scale((0, 1), HIGH, (0,), (), (1,))
HUNDRED_AND_ONE = Scale(
    tuple(range(101)), HIGH, tuple(range(40)), tuple(range(40, 61)), tuple(range(61, 101))
)

T = TypeVar("T")
Row = tuple[int, str, str, str, str, int | None]


def known(found: T | None) -> T:
    """What was found; it must be something."""
    assert found is not None
    return found


def rule(scale: Scale = FIVE, **fields: Any) -> ConsensusRule:
    """A rule from the fields of its table; 70 per cent agreement in every group unless said otherwise."""
    if "include" not in fields:
        fields = {"preset": "percent_agreement", **fields}
    return ConsensusRule.from_mapping(fields, scale)


def protocol(
    groups: Sequence[str] = ("peers", "relatives"),
    scale: Scale = FIVE,
    consensus: Mapping[str, Any] | None = None,
) -> AnalysisProtocol:
    """A protocol with one criterion, agreement."""
    return AnalysisProtocol.from_mapping(
        {
            "protocol": {"consensus": consensus or {"preset": "percent_agreement", "threshold": 70}},
            "group": [{"code": code, "name": {"en": code.title()}} for code in groups],
            "criterion": [{"code": "agreement", "name": {"en": "Agreement"}, "scale": scale.to_mapping()}],
        }
    )


def rows(
    statement: str,
    ratings: Mapping[str, Iterable[int | None]],
    round_number: int = 1,
    criterion: str = "agreement",
) -> list[Row]:
    """Rows of one statement: each group's ratings in the order of its panelists; None is an abstention."""
    return [
        (round_number, statement, criterion, group, f"{group}-{place}", rating)
        for group, given in ratings.items()
        for place, rating in enumerate(given)
    ]


def study(listed: Iterable[Row], given: AnalysisProtocol | None = None) -> Ratings:
    """Checked ratings under a protocol."""
    return ratings_from_rows(listed, given or protocol())
