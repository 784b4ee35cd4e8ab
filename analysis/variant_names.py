"""What the other rules of a sensitivity analysis are called, in four languages."""

from analysis.what_if_results import RuleVariant
from analysis.wording import phrases_of

NUMBERED_AXES = ("threshold", "quantile_type")


def variant_name(variant: RuleVariant, locale: str = "en") -> str:
    """A few words for a rule that differs from the study's: ``75% or more``, ``threshold −5 points``.

    Parameters
    ----------
    variant : RuleVariant
    locale : {"en", "fr", "nl", "de"}
    """
    words = phrases_of(locale)
    if variant.axis in NUMBERED_AXES:
        value = variant.code.removeprefix(f"{variant.axis}_").replace("-", "−")
        return words[f"variant_{variant.axis}"] % {"value": value}
    # A stored analysis may have tried a rule that is no longer tried.
    return words.get(f"variant_{variant.code}", variant.code)
