"""Words that figures share: what they are called, and how their contents are told to who cannot see them."""

from collections import Counter
from collections.abc import Iterable

from analysis.results import NotAssessable
from analysis.rules import Decision
from analysis.wording import number_text, phrases_of


def round_name(number: int, locale: str) -> str:
    """What a round is called."""
    return phrases_of(locale)["round_name"] % {"round": number}


def told_of(name: str, parts: Iterable[str], locale: str) -> str:
    """A sentence on a statement or a group: its name, and what there is to say of it."""
    words = phrases_of(locale)
    return words["words_statement"] % {"statement": name, "text": words["clause_sign"].join(parts)}


def tally(decisions: Iterable[Decision], locale: str) -> str:
    """How many decisions there are of each kind."""
    counts, words = Counter(decisions), phrases_of(locale)
    return ", ".join(f"{words[f'decision_{decision}']} {counts[decision]}" for decision in Decision)


def percent(value: float | NotAssessable, locale: str) -> str:
    """A share in per cent, or a dash."""
    return "–" if isinstance(value, NotAssessable) else number_text(100 * value, locale, 0)


def signed(delta: float, locale: str) -> str:
    """A difference with two decimals and its sign, nothing before a zero."""
    text = f"{abs(delta):.2f}".replace(".", phrases_of(locale)["decimal"])
    if round(delta, 2) == 0:
        return text
    return f"+{text}" if delta > 0 else f"−{text}"
