"""A consensus rule in one sentence, in four languages."""

import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from analysis.rules.choices import Decision, Denominator, Middle, Scope
from analysis.rules.criteria import (
    Comparison,
    Criterion,
    CvrCriterion,
    DisagreementCriterion,
    Measure,
    MeasureCriterion,
    MedianCriterion,
    ShareCriterion,
    Side,
    Thresholds,
)
from analysis.rules.phrasebook import phrases_in
from analysis.rules.rule import ConsensusRule

PHRASES = Path(__file__).parent / "phrases"


def rule_sentence(rule: ConsensusRule, locale: str = "en") -> str:
    """The whole rule as one sentence.

    For 70 per cent agreement in every group on 1 to 5: "A statement is accepted when at least 70% of every
    group rate 4 or 5, and rejected when at least 70% of every group rate 1 or 2."

    Parameters
    ----------
    rule : ConsensusRule
    locale : {"en", "fr", "nl", "de"}

    Raises
    ------
    ValueError
        For another locale.
    """
    words = phrases_in(PHRASES, locale)
    text = words["accepted"] % {"side": _side(rule, rule.include, rule.scope, words)}
    if rule.exclude is not None:
        scope = rule.scope_of(Decision.CONSENSUS_OUT)
        text += words["rejected"] % {"side": _side(rule, rule.exclude, scope, words)}
    notes = _notes(rule, words)
    if notes:
        text += f" ({'; '.join(notes)})"
    return _elided(text + ".") if locale == "fr" else text + "."


def points_phrase(points: tuple[int, ...], words: Mapping[str, str]) -> str:
    """``4 or 5``, ``7 to 9``, ``1``."""
    if len(points) == 1:
        return str(points[0])
    if points[0] + 1 == points[-1]:
        return words["two_points"] % {"low": points[0], "high": points[1]}
    return words["point_range"] % {"low": points[0], "high": points[-1]}


def number_phrase(value: Fraction, words: Mapping[str, str]) -> str:
    """A number with the locale's decimal sign, as many decimals as it needs and at most four."""
    text = str(value.numerator) if value.denominator == 1 else f"{float(value):.4f}".rstrip("0")
    return text.replace(".", words["decimal"])


def _side(rule: ConsensusRule, side: Side, scope: Scope, words: Mapping[str, str]) -> str:
    phrases = [_criterion(rule, criterion, scope, words) for criterion in side.criteria]
    text = words["or" if side.any_of else "and"].join(phrases)
    only_shares = all(isinstance(criterion, ShareCriterion) for criterion in side.criteria)
    if scope is Scope.OVERALL or (scope is Scope.EVERY_GROUP and only_shares):
        return text
    return words["within"] % {"groups": words[f"in_{scope}"] % {"n": rule.groups_needed}, "text": text}


def _elided(text: str) -> str:
    """French "que au" becomes "qu’au"."""
    return re.sub(r"que (?=[aàeéiouy])", "qu’", text)


def _criterion(rule: ConsensusRule, criterion: Criterion, scope: Scope, words: Mapping[str, str]) -> str:
    match criterion:
        case ShareCriterion(band, comparison, percent):
            whom = words[f"of_{scope}"] if scope in (Scope.OVERALL, Scope.EVERY_GROUP) else ""
            return words["share"] % {
                "amount": _by_round(percent, comparison, words, unit="percent"),
                "whom": whom,
                "points": points_phrase(rule.scale.points_of(band), words),
            }
        case MedianCriterion(low, high):
            return _median(rule, low, high, words)
        case MeasureCriterion(measure, comparison, value):
            amount = _by_round(value, comparison, words, unit="number")
            return words["measure"] % {"measure": words[f"measure_{Measure(measure)}"], "amount": amount}
        case DisagreementCriterion(method, present):
            return words["disagreement" if present else "no_disagreement"] % {
                "method": words[f"method_{method}"]
            }
        case CvrCriterion(band, alpha):
            points = points_phrase(rule.scale.points_of(band), words)
            return words["cvr"] % {"points": points, "alpha": number_phrase(alpha, words)}
    return words["panel_agreement"]


def _median(rule: ConsensusRule, low: Fraction, high: Fraction, words: Mapping[str, str]) -> str:
    numbers = {"low": number_phrase(low, words), "high": number_phrase(high, words)}
    if high >= rule.scale.points[-1]:
        return words["median_from"] % numbers
    if low <= rule.scale.points[0]:
        return words["median_to"] % numbers
    return words["median_between"] % numbers


def _by_round(thresholds: Thresholds, comparison: Comparison, words: Mapping[str, str], unit: str) -> str:
    amounts = [
        words[comparison.name.lower()] % {"amount": words[unit] % {"number": number_phrase(value, words)}}
        for value in thresholds.values
    ]
    if len(amounts) == 1:
        return amounts[0]
    rounds = [
        words["in_round"] % {"amount": amount, "round": n} for n, amount in enumerate(amounts[:-1], start=1)
    ]
    return ", ".join([*rounds, words["from_round"] % {"amount": amounts[-1], "round": len(amounts)}])


def _notes(rule: ConsensusRule, words: Mapping[str, str]) -> list[str]:
    notes = []
    if rule.denominator is Denominator.ALL:
        notes.append(words["note_all"])
    if rule.middle is not Middle.OWN and rule.scale.neutral:
        points = points_phrase(rule.scale.neutral, words)
        notes.append(words[f"note_middle_{rule.middle}"] % {"points": points})
    if rule.minimum_ratings > 1:
        notes.append(words["note_minimum"] % {"n": rule.minimum_ratings})
    if _uses_quantiles(rule):
        notes.append(words["note_quantiles"] % {"type": rule.quantile_type})
    return notes


def _uses_quantiles(rule: ConsensusRule) -> bool:
    return any(
        isinstance(criterion, MeasureCriterion) and criterion.measure is Measure.IQR
        for _, side in rule.sides
        for criterion in side.criteria
    )
