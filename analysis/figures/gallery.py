"""Every figure of a study by the name of its file."""

from collections.abc import Iterator, Mapping, Sequence

from analysis.figures.distributions import distribution_figure, medians_figure
from analysis.figures.divergence import divergence_figure
from analysis.figures.drawing import StudyFigure
from analysis.figures.movement import decisions_figure, transitions_figure
from analysis.figures.panel import attrition_figure
from analysis.figures.sensitivity import rules_figure, sensitivity_figure
from analysis.protocol import AnalysisProtocol
from analysis.results import RoundAnalysis, StudyAnalysis
from analysis.what_if_results import SensitivityAnalysis


def study_figures(
    study: StudyAnalysis,
    protocol: AnalysisProtocol,
    sensitivity: Sequence[SensitivityAnalysis] = (),
    *,
    locale: str = "en",
) -> dict[str, StudyFigure]:
    """Draw everything that applies: a figure that would be empty is left out.

    Of a criterion, its decisions by round; of each of its rounds, distributions, medians, the divergence map
    (with several groups), the transitions (from the second round on) and the sensitivity; and attrition.

    Parameters
    ----------
    study : StudyAnalysis
    protocol : AnalysisProtocol
        For the names of groups and the labels of points.
    sensitivity : sequence of SensitivityAnalysis, optional
    locale : {"en", "fr", "nl", "de"}

    Returns
    -------
    dict of str to StudyFigure
        By a name such as ``medians-agreement-round-2``.
    """
    names = {group.code: group.name(locale) for group in protocol.groups}
    figures: dict[str, StudyFigure] = {}
    for counts in study.final_counts:
        figures[f"decisions-{counts.criterion}"] = decisions_figure(study, counts.criterion, locale=locale)
    for one in study.rounds:
        for criterion in one.criteria:
            labels = protocol.criterion(criterion).labels.get(locale, ())
            for kind, figure in _round_figures(one, criterion, locale, names, labels):
                figures[f"{kind}-{criterion}-round-{one.round}"] = figure
    for analysis in sensitivity:
        where = f"{analysis.criterion}-round-{analysis.round}"
        figures[f"sensitivity-{where}"] = sensitivity_figure(analysis, locale=locale)
        figures[f"rules-{where}"] = rules_figure(analysis, locale=locale)
    figures["attrition"] = attrition_figure(study.flow, locale=locale, group_names=names)
    return figures


def _round_figures(
    one: RoundAnalysis, criterion: str, locale: str, names: Mapping[str, str], labels: Sequence[str]
) -> Iterator[tuple[str, StudyFigure]]:
    yield (
        "distribution",
        distribution_figure(one, criterion, locale=locale, group_names=names, labels=labels),
    )
    yield "medians", medians_figure(one, criterion, locale=locale, group_names=names)
    if len(one.groups) > 1:
        yield "divergence", divergence_figure(one, criterion, locale=locale, group_names=names)
    if any(
        stability.n
        for entry in one.statements
        if entry.criterion == criterion
        for stability in entry.stability
    ):
        yield "transitions", transitions_figure(one, criterion, locale=locale)
