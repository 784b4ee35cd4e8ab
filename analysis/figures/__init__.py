"""Results as charts. Only this package imports altair, so load it only where figures are drawn.

Every figure carries its title and its content in words. Bands differ in hue, in lightness and by pattern
(disagreement is hatched), so figures can be read in grey. The same result gives the same bytes.
"""

from analysis.figures.decisions import decisions_figure, divergence_figure, sensitivity_figure
from analysis.figures.distributions import distribution_figure, medians_figure, transitions_figure
from analysis.figures.drawing import StudyFigure, point_colours, to_png, to_svg
from analysis.figures.gallery import study_figures
from analysis.figures.panel import attrition_figure, plan_figure

__all__ = [
    "StudyFigure",
    "attrition_figure",
    "decisions_figure",
    "distribution_figure",
    "divergence_figure",
    "medians_figure",
    "plan_figure",
    "point_colours",
    "sensitivity_figure",
    "study_figures",
    "to_png",
    "to_svg",
    "transitions_figure",
]
