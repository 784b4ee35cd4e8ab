"""Results as drawings. Only this package loads the drawing engine, so import it only where figures are drawn.

Every figure carries its title and its content in words. Bands differ in hue, in lightness and by pattern
(disagreement is hatched), so figures can be read in grey. The same result gives the same bytes.
"""

from analysis.figures.distributions import distribution_figure, medians_figure, statement_figure
from analysis.figures.divergence import divergence_figure
from analysis.figures.drawing import StudyFigure, captioned, to_png, to_svg
from analysis.figures.gallery import study_figures
from analysis.figures.map import map_figure
from analysis.figures.movement import decisions_figure, transitions_figure
from analysis.figures.palette import point_colours
from analysis.figures.panel import attrition_figure, plan_figure
from analysis.figures.sensitivity import rules_figure, sensitivity_figure

__all__ = [
    "StudyFigure",
    "attrition_figure",
    "captioned",
    "decisions_figure",
    "distribution_figure",
    "divergence_figure",
    "map_figure",
    "medians_figure",
    "plan_figure",
    "point_colours",
    "rules_figure",
    "sensitivity_figure",
    "statement_figure",
    "study_figures",
    "to_png",
    "to_svg",
    "transitions_figure",
]
