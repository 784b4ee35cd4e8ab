"""Real-time figures: advanced by the feedback rule, and summed up as the analysis sums up."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analysis.descriptives import quantile
from app.domain.live import LiveFigure, advanced, middle_and_quartiles

POINTS = (1, 2, 3, 4, 5)


@given(st.lists(st.integers(0, 6), min_size=5, max_size=5).filter(any))
def test_median_and_quartiles_are_those_of_the_analysis(counts: list[int]) -> None:
    table, points = np.array([counts]), np.array(POINTS)
    expected = [
        float(quantile(table, points, probability)[0])
        for probability in (Fraction(1, 2), Fraction(1, 4), Fraction(3, 4))
    ]
    assert list(middle_and_quartiles(POINTS, counts) or ()) == expected


def test_nothing_rated_has_no_median() -> None:
    assert middle_and_quartiles(POINTS, [0] * 5) is None


def test_a_figure_waits_fails_and_advances() -> None:
    figure = LiveFigure((0, 0, 0))
    assert advanced(figure, (1, 1, 0), k=2) is figure
    tried = advanced(figure, (2, 1, 0), k=2)
    assert tried == LiveFigure((0, 0, 0), n_attempts=1)
    assert advanced(tried, (3, 1, 2), k=2) == LiveFigure((3, 1, 2))
    assert advanced(figure, (2, 1, 1), k=2, is_last=True) == LiveFigure((2, 1, 1))
