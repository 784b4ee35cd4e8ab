"""Delphi statistics: ratings in, frozen results out, without the service.

In a notebook::

    from pathlib import Path

    import analysis

    protocol = analysis.read_protocol(Path("study.toml"))
    ratings = analysis.read_ratings(Path("ratings.csv"), protocol)
    study = analysis.analyse_study(ratings, protocol, seed=1)
    first = study.rounds[0].statement_on("S07", "agreement")
    first.decision, first.figures_of("peers").agree

Names are loaded when they are first asked for: the scale and the rules need the standard library alone, and
who asks for no figure does not wait for numpy, pandas or the drawing library.
"""

from importlib import import_module
from typing import Any

_HOMES = {
    "AnalysisProtocol": "protocol",
    "Assumptions": "planning",
    "ConsensusRule": "rules",
    "Counts": "counts",
    "Decision": "rules",
    "NotAssessable": "results",
    "ProtocolFieldError": "scale",
    "RatingContractError": "rating_faults",
    "Ratings": "ratings",
    "RoundAnalysis": "results",
    "Scale": "scale",
    "StudyAnalysis": "results",
    "Transitions": "counts",
    "all_tables": "tables",
    "analyse_round": "study_analysis",
    "analyse_sensitivity": "sensitivity",
    "analyse_study": "study_analysis",
    "analyse_study_sensitivity": "sensitivity",
    "consensus_by_stability": "comparisons",
    "discordance": "comparisons",
    "figure_files": "result_files",
    "ratings_from_frame": "ratings",
    "ratings_from_rows": "ratings",
    "read_assumptions": "planning",
    "read_collected": "collected",
    "read_invited": "collected",
    "read_protocol": "protocol",
    "read_ratings": "ratings",
    "reason_sentence": "wording",
    "regroup": "grouping",
    "result_files": "result_files",
    "rule_sentence": "rules",
    "simulate_plan": "planning",
    "study_figures": "figures",
    "to_png": "figures",
    "to_svg": "figures",
}
"""Every public name, and the room that has it."""

__all__ = sorted(_HOMES)  # noqa: PLE0605  # it is a list of texts


def __getattr__(name: str) -> Any:
    """Fetch a public name from its room when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"analysis has no {name}")
    found = getattr(import_module(f"analysis.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return __all__
