"""What is said of the agreement of coders: results that load no library of figures."""

from dataclasses import dataclass
from enum import StrEnum

from analysis.json_safe import Result
from analysis.results import Figure


class Coefficient(StrEnum):
    """How agreement is measured: Cohen's kappa of two coders, Krippendorff's alpha of more."""

    KAPPA = "kappa"
    ALPHA = "alpha"


class Strength(StrEnum):
    """Words for the size of a kappa (Landis and Koch 1977, 10.2307/2529310): habit, not theory."""

    POOR = "poor"
    SLIGHT = "slight"
    FAIR = "fair"
    MODERATE = "moderate"
    SUBSTANTIAL = "substantial"
    ALMOST_PERFECT = "almost_perfect"


@dataclass(frozen=True, slots=True)
class CodingAgreement(Result):
    """Agreement on one theme or on all of them together.

    ``n_agreed`` of ``n_compared`` comparisons of two coders on a piece (and theme) are the same, of which
    chance alone would give the share ``expected``.
    """

    value: Figure
    n_pieces: int
    n_compared: int
    n_agreed: int
    expected: Figure


@dataclass(frozen=True, slots=True)
class PairAgreement(Result):
    """Agreement of two coders on all themes together."""

    first: str
    second: str
    agreement: CodingAgreement


@dataclass(frozen=True, slots=True)
class CodersAgreement(Result):
    """Agreement on all themes together and on each, of all coders, and of every two of them."""

    coefficient: Coefficient
    overall: CodingAgreement
    themes: tuple[CodingAgreement, ...]
    pairs: tuple[PairAgreement, ...]


def strength(value: float) -> Strength:
    """The customary word for a kappa: 0.21 to 0.40 fair, 0.41 to 0.60 moderate, and so on."""
    limits = (
        (0.8, Strength.ALMOST_PERFECT),
        (0.6, Strength.SUBSTANTIAL),
        (0.4, Strength.MODERATE),
        (0.2, Strength.FAIR),
        (0.0, Strength.SLIGHT),
    )
    return next((word for limit, word in limits if value > limit), Strength.POOR)
