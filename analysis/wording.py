"""Reasons in words, in four languages: the same sentence on pages, in reports and in files."""

from collections.abc import Mapping
from pathlib import Path

from analysis.results import GROUP_EQUAL, OVERALL, Reason
from analysis.rules.phrasebook import counted_phrase, phrases_in

PHRASES = Path(__file__).parent / "phrases"
NO_NAMES: Mapping[str, str] = {}
COUNTED = ("n_met", "n_outside", "k", "n")
"""The numbers of a reason that decide between its singular and its plural; the first that it has does."""


def reason_sentence(reason: Reason, locale: str = "en", names: Mapping[str, str] = NO_NAMES) -> str:
    """One sentence for a reason.

    Parameters
    ----------
    reason : Reason
    locale : {"en", "fr", "nl", "de"}
    names : mapping of group code to the name to print
        Codes without a name are printed as they are.

    Raises
    ------
    ValueError
        For another locale.
    KeyError
        For a code that no sentence belongs to.
    """
    phrases = phrases_of(locale)
    given = dict(reason.facts)
    number = next((int(given[name]) for name in COUNTED if name in given), None)
    facts = {name: _fact(name, value, phrases, names) for name, value in reason.facts}
    if "band" in given:
        facts["band"] = _counted(phrases, f"band_{given['band']}", number)
    if "ratings" in facts:
        facts["margin"] = _margin(reason, phrases)
    return _counted(phrases, _phrase_of(reason), number) % facts


def phrases_of(locale: str) -> Mapping[str, str]:
    """Read the phrases of a locale."""
    return phrases_in(PHRASES, locale)


def group_name(code: str, locale: str, names: Mapping[str, str] = NO_NAMES) -> str:
    """What a group is called: its given name, its code, or the phrase for ``overall`` and ``group_equal``."""
    if code in (OVERALL, GROUP_EQUAL):
        return phrases_of(locale)[f"group_{code}"]
    return names.get(code, code)


def number_text(value: float, locale: str, decimals: int = 2) -> str:
    """A number for a sentence: at most so many decimals, with the locale's decimal sign."""
    return _number(value, phrases_of(locale), decimals)


def _number(value: float, phrases: Mapping[str, str], decimals: int = 2) -> str:
    text = f"{round(value, decimals) + 0.0:.{decimals}f}"  # 0.0 takes the sign from a negative zero
    if decimals:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", phrases["decimal"])


def _fact(name: str, value: float | str, phrases: Mapping[str, str], names: Mapping[str, str]) -> str:
    if name == "group":
        code = str(value)
        return phrases.get(f"group_{code}", names.get(code, code))
    if name in ("side", "band", "comparison", "measure"):
        return phrases[f"{name}_{value}"]
    if isinstance(value, float):
        return _number(value, phrases)
    return str(value)


def _phrase_of(reason: Reason) -> str:
    """Disagreement found by IPRAS has other numbers to tell than by counting both ends."""
    by_ipras = any(name == "ipras" for name, _ in reason.facts)
    return f"reason_{reason.code}_by_ipras" if by_ipras else f"reason_{reason.code}"


def _margin(reason: Reason, phrases: Mapping[str, str]) -> str:
    facts = dict(reason.facts)
    kind = "spare"
    if reason.code == "median_short":
        kind = "short"
    elif reason.code == "share_missed":
        kind = "short" if str(facts["comparison"]).startswith(">") else "too_many"
    return counted_phrase(phrases, f"margin_{kind}", int(facts["ratings"])) % {"ratings": facts["ratings"]}


def _counted(phrases: Mapping[str, str], name: str, number: int | None) -> str:
    """The phrase of a reason; one that counts nothing has one form only."""
    return phrases[name] if number is None else counted_phrase(phrases, name, number)
