"""Agreement of raters who rate or rank every object: Kendall's W and intraclass correlations."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc, fdtri
from scipy.stats import rankdata

from analysis.counts import Floats

RELATIVE_ZERO = 1e-12
"""A mean square this small beside the total is the rounding of none."""
FEWEST_DEGREES = 1
"""With fewer (approximate, by Satterthwaite) the limits of agreement can miss their own value."""


@dataclass(frozen=True, slots=True)
class Concordance:
    """Kendall's W with its chi-squared approximation."""

    w: float
    chi_squared: float
    degrees_of_freedom: int
    p: float


def kendall_w(scores: npt.ArrayLike) -> Concordance | None:
    """Kendall's coefficient of concordance W, corrected for ties: 1 same ranking by all, 0 none in common.

    For rankings, or ratings taken as rankings of the objects; with ratings on a short scale prefer
    Krippendorff's alpha.

    Parameters
    ----------
    scores : array (object, rater)
        Complete: every rater scored every object.

    Returns
    -------
    Concordance or None
        None with fewer than two objects or raters, or when no rater told any two objects apart.
    """
    values = np.asarray(scores, dtype=float)
    n, m = values.shape
    if n < 2 or m < 2:  # noqa: PLR2004  # nothing to compare
        return None
    ranks = rankdata(values, axis=0)
    sums = ranks.sum(axis=1)
    deviation = ((sums - sums.mean()) ** 2).sum()
    ties = sum(_tie_term(column) for column in values.T)
    largest = m**2 * (n**3 - n) - m * ties
    if largest <= 0:
        return None
    w = float(12 * deviation / largest)
    chi_squared = m * (n - 1) * w
    return Concordance(w, chi_squared, n - 1, float(chdtrc(n - 1, chi_squared)))


def _tie_term(column: Floats) -> int:
    _, sizes = np.unique(column, return_counts=True)
    return int((sizes.astype(np.int64) ** 3 - sizes).sum())


@dataclass(frozen=True, slots=True)
class IntraclassCorrelation:
    """One coefficient with its 95% interval; None where there is none, or no honest limit."""

    value: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class IntraclassCorrelations:
    """The six coefficients of Shrout and Fleiss, named as by McGraw and Wong.

    ``one_way``: raters differ from object to object. ``agreement``: the same raters, their levels matter.
    ``consistency``: the same raters, their levels do not. ``..._mean``: of the mean of all raters.
    """

    one_way: IntraclassCorrelation
    agreement: IntraclassCorrelation
    consistency: IntraclassCorrelation
    one_way_mean: IntraclassCorrelation
    agreement_mean: IntraclassCorrelation
    consistency_mean: IntraclassCorrelation


def intraclass_correlations(scores: npt.ArrayLike) -> IntraclassCorrelations | None:
    """Intraclass correlations (Shrout and Fleiss 1979; McGraw and Wong 1996): 1 perfect, 0 none.

    They depend on how much the objects differ: on a statement set that everybody accepts they are low.

    Parameters
    ----------
    scores : array (object, rater), complete

    Returns
    -------
    IntraclassCorrelations or None
        None with fewer than two objects or raters, or without any variation within or between objects.
    """
    values = np.asarray(scores, dtype=float)
    n, k = values.shape
    if n < 2 or k < 2:  # noqa: PLR2004  # nothing to compare
        return None
    grand = values.mean()
    between = k * ((values.mean(axis=1) - grand) ** 2).sum() / (n - 1)
    raters = n * ((values.mean(axis=0) - grand) ** 2).sum() / (k - 1)
    total = ((values - grand) ** 2).sum()
    within = (total - between * (n - 1)) / (n * (k - 1))
    error = (total - between * (n - 1) - raters * (k - 1)) / ((n - 1) * (k - 1))
    if min(error, between) <= RELATIVE_ZERO * max(total, 1):
        return None
    one_way = _from_f(between / within, k, n - 1, n * (k - 1))
    consistency = _from_f(between / error, k, n - 1, (n - 1) * (k - 1))
    agreement = _agreement(between, raters, error, n, k)
    return IntraclassCorrelations(
        one_way,
        agreement,
        consistency,
        _of_mean(one_way, k),
        _of_mean(agreement, k),
        _of_mean(consistency, k),
    )


def _from_f(f: float, k: int, df1: int, df2: int) -> IntraclassCorrelation:
    low = f / float(fdtri(df1, df2, 0.975))
    high = f * float(fdtri(df2, df1, 0.975))
    value, lower, upper = ((ratio - 1) / (ratio + k - 1) for ratio in (f, low, high))
    return IntraclassCorrelation(float(value), float(lower), float(upper))


def _agreement(between: float, raters: float, error: float, n: int, k: int) -> IntraclassCorrelation:
    value = (between - error) / (between + (k - 1) * error + k / n * (raters - error))
    a = k * value / (n * (1 - value))
    b = 1 + k * value * (n - 1) / (n * (1 - value))
    spread = (a * raters) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1))
    freedom = (a * raters + b * error) ** 2 / spread
    if freedom < FEWEST_DEGREES:
        return IntraclassCorrelation(float(value), None, None)
    low, high = float(fdtri(n - 1, freedom, 0.975)), float(fdtri(freedom, n - 1, 0.975))
    rest = k * raters + (k * n - k - n) * error
    lower = n * (between - low * error) / (low * rest + n * between)
    upper = n * (high * between - error) / (rest + n * high * between)
    return IntraclassCorrelation(float(value), float(lower), float(upper))


def _of_mean(single: IntraclassCorrelation, k: int) -> IntraclassCorrelation:
    """Spearman and Brown: the coefficient of the mean of k raters; none from their pole -1 / (k - 1) down."""

    def stepped_up(value: float | None) -> float | None:
        share = 0.0 if value is None else 1 + (k - 1) * value
        return k * value / share if value is not None and share > RELATIVE_ZERO else None

    return IntraclassCorrelation(*(stepped_up(one) for one in (single.value, single.lower, single.upper)))
