"""A study's results as files: the same names, and the same bytes for the same results, wherever written."""

import json
from collections.abc import Mapping, Sequence

from analysis.protocol import AnalysisProtocol
from analysis.results import StudyAnalysis
from analysis.tables import all_tables, plan_table, sensitivity_table
from analysis.what_if_results import OperatingCharacteristic, SensitivityAnalysis

RESULT_FILE = "analysis.json"
SENSITIVITY_FILE = "sensitivity.csv"
FIGURE_FOLDER = "figures"


def result_files(study: StudyAnalysis, sensitivity: Sequence[SensitivityAnalysis]) -> dict[str, bytes]:
    """``analysis.json`` (``StudyAnalysis.from_dict`` reads it back) and every table, by file name.

    Parameters
    ----------
    study : StudyAnalysis
    sensitivity : sequence of SensitivityAnalysis
    """
    found = study.to_dict() | {"sensitivity": [one.to_dict() for one in sensitivity]}
    whole = json.dumps(found, ensure_ascii=False, allow_nan=False, indent=1)
    return {
        RESULT_FILE: f"{whole}\n".encode(),
        **all_tables(study),
        SENSITIVITY_FILE: sensitivity_table(sensitivity),
    }


def figure_files(
    study: StudyAnalysis,
    protocol: AnalysisProtocol,
    sensitivity: Sequence[SensitivityAnalysis],
    *,
    locale: str = "en",
) -> Mapping[str, bytes]:
    """Every figure as SVG, by its path in the folder of results; parameters as in ``study_figures``."""
    # Only who asks for a drawing waits for the drawing library, which takes a second to load.
    from analysis.figures import study_figures, to_svg  # noqa: PLC0415

    figures = study_figures(study, protocol, sensitivity, locale=locale)
    return {f"{FIGURE_FOLDER}/{name}.svg": to_svg(figure).encode() for name, figure in figures.items()}


def plan_files(characteristics: Sequence[OperatingCharacteristic], *, locale: str = "en") -> dict[str, bytes]:
    """``plan.csv`` and the curves as ``plan.svg``.

    Parameters
    ----------
    characteristics : sequence of OperatingCharacteristic
        From :func:`analysis.planning.simulate_plan`.
    locale : {"en", "fr", "nl", "de"}
        Of the figure.
    """
    from analysis.figures import plan_figure, to_svg  # noqa: PLC0415  # as above

    drawn = to_svg(plan_figure(characteristics, locale=locale))
    return {"plan.csv": plan_table(characteristics), "plan.svg": drawn.encode()}
