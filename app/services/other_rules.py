"""What other rules would have decided: computed when a round is analysed, and stored beside its figures."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analysis.protocol import AnalysisProtocol
from analysis.results import RoundAnalysis
from analysis.what_if_results import SensitivityAnalysis

if TYPE_CHECKING:
    from analysis.ratings import Ratings

SENSITIVITY = "sensitivity"


def with_other_rules(result: RoundAnalysis, ratings: "Ratings", protocol: AnalysisProtocol) -> dict[str, Any]:
    """The figures of the last round as they are stored, with its decisions under other rules among them."""
    # Only who computes figures waits for the libraries they need.
    from analysis.sensitivity import analyse_study_sensitivity  # noqa: PLC0415

    others = analyse_study_sensitivity(replace(ratings, rounds=ratings.rounds[-1:]), protocol)
    return result.to_dict() | {SENSITIVITY: [one.to_dict() for one in others]}


def read_other_rules(stored: Mapping[str, Any]) -> tuple[SensitivityAnalysis, ...]:
    """What other rules decide, of each criterion of a stored round; rounds analysed long ago have none."""
    return tuple(SensitivityAnalysis.from_dict(one) for one in stored.get(SENSITIVITY, ()))
