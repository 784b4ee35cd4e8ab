"""How often a study's rule would decide rightly, for panels of several sizes: before anybody is invited."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from analysis.rules import ConsensusRule
from analysis.scale import Scale
from analysis.what_if_results import OperatingCharacteristic
from app.domain.protocol import Protocol

USUAL_SIZES: Final = (5, 10, 15, 20, 30)
MOST_AIMED_AT: Final = 500
SIMULATIONS: Final = 200
SEED: Final = 20260101


class Assumed(StrEnum):
    """What the population is assumed to think."""

    AGREED = "agreed"
    ONE_GROUP_APART = "one_group_apart"
    DIVIDED = "divided"


@dataclass(frozen=True)
class PlanAssumptions:
    """What a plan rests on: the share that truly agrees, and the share of panelists lost, 0 to 1 each."""

    agreeing: float
    lost: float


@lru_cache(maxsize=32)
def plan_panel(
    rule: ConsensusRule, targets: tuple[tuple[str, int | None], ...], assumed: PlanAssumptions
) -> tuple[OperatingCharacteristic, ...]:
    """Simulate panels of several sizes, the one aimed at among them.

    Groups differ in size as their targets do; the size told is that of the smallest.
    """
    # Loads libraries that a server does without until somebody plans.
    from analysis.planning import AssumedStatement, Assumptions, simulate_plan  # noqa: PLC0415

    smallest = min((target for _, target in targets if target), default=None)
    ratio = {code: target / smallest for code, target in targets if target and smallest}
    aimed_at = () if smallest is None else (min(smallest, MOST_AIMED_AT),)
    codes = [code for code, _ in targets]
    assumptions = Assumptions(
        round=1,
        sizes=tuple(sorted({*USUAL_SIZES, *aimed_at})),
        ratio=ratio,
        attrition=(assumed.lost,),
        n_simulations=SIMULATIONS,
        statements=tuple(
            AssumedStatement(one, _shares(one, rule.scale, codes, assumed.agreeing))
            for one in Assumed
            if one is not Assumed.ONE_GROUP_APART or len(codes) > 1
        ),
    )
    return simulate_plan(assumptions, rule, codes, seed=SEED)


def targets_of(protocol: Protocol) -> tuple[tuple[str, int | None], ...]:
    """Every group with how many panelists are aimed at."""
    return tuple((group.code, group.target) for group in protocol.groups)


def _shares(
    assumed: Assumed, scale: Scale, codes: list[str], agreeing: float
) -> Mapping[str, tuple[float, ...]]:
    in_favour = 0.5 if assumed is Assumed.DIVIDED else agreeing
    shares = dict.fromkeys(codes, _spread(scale, in_favour, middle=assumed is not Assumed.DIVIDED))
    if assumed is Assumed.ONE_GROUP_APART:
        shares[codes[-1]] = _spread(scale, 1 - agreeing, middle=True)
    return shares


def _spread(scale: Scale, in_favour: float, *, middle: bool) -> tuple[float, ...]:
    """A population: those in favour evenly over the agreeing points, the others over the rest."""
    others = scale.disagree + (scale.neutral if middle else ())
    by_point = dict.fromkeys(scale.points, 0.0)
    by_point |= dict.fromkeys(scale.agree, in_favour / len(scale.agree))
    by_point |= dict.fromkeys(others, (1 - in_favour) / len(others))
    return tuple(by_point[point] for point in scale.points)
