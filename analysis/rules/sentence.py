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
    DisagreementMethod,
    Measure,
    MeasureCriterion,
    MedianCriterion,
    PanelAgreementCriterion,
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
    text = str(value.numerator) if value.denominator == 1 else f"{float(value):.4f}".rstrip("0").rstrip(".")
    return text.replace(".", words["decimal"])


def _side(rule: ConsensusRule, side: Side, scope: Scope, words: Mapping[str, str]) -> str:
    alone = scope is Scope.OVERALL or _says_every_group(side, scope)
    whom = words[f"of_{scope}"] if alone else ""
    phrases = [_criterion(rule, criterion, whom, words) for criterion in side.criteria]
    text = words["or" if side.any_of else "and"].join(phrases)
    if alone:
        return text
    return words["within"] % {"groups": words[f"in_{scope}"] % {"n": rule.groups_needed}, "text": text}


def _says_every_group(side: Side, scope: Scope) -> bool:
    """Whether each criterion can say "of every group" itself: "or" holds group by group, so it cannot."""
    only_shares = all(isinstance(criterion, ShareCriterion) for criterion in side.criteria)
    return scope is Scope.EVERY_GROUP and only_shares and not (side.any_of and len(side.criteria) > 1)


def _elided(text: str) -> str:
    """French "que au" becomes "qu’au"."""
    return re.sub(r"que (?=[aàeéiouy])", "qu’", text)


def _criterion(rule: ConsensusRule, criterion: Criterion, whom: str, words: Mapping[str, str]) -> str:
    match criterion:
        case ShareCriterion(band, comparison, percent):
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


def _median(rule: ConsensusRule, low: Thresholds, high: Thresholds, words: Mapping[str, str]) -> str:
    rounds = range(1, max(len(low.values), len(high.values)) + 1)
    return _round_by_round(
        [_median_range(rule, low.at(number), high.at(number), words) for number in rounds], words
    )


def _median_range(rule: ConsensusRule, low: Fraction, high: Fraction, words: Mapping[str, str]) -> str:
    numbers = {"low": number_phrase(low, words), "high": number_phrase(high, words)}
    if high >= rule.scale.points[-1]:
        return words["median_from"] % numbers
    if low <= rule.scale.points[0]:
        return words["median_to"] % numbers
    return words["median_between"] % numbers


def _by_round(thresholds: Thresholds, comparison: Comparison, words: Mapping[str, str], unit: str) -> str:
    amounts = [words[unit] % {"number": number_phrase(value, words)} for value in thresholds.values]
    return _round_by_round([words[comparison.name.lower()] % {"amount": amount} for amount in amounts], words)


def _round_by_round(phrases: list[str], words: Mapping[str, str]) -> str:
    """One phrase alone; several each with its round, the last from its round on."""
    if len(phrases) == 1:
        return phrases[0]
    rounds = [
        words["in_round"] % {"amount": phrase, "round": n} for n, phrase in enumerate(phrases[:-1], start=1)
    ]
    return ", ".join([*rounds, words["from_round"] % {"amount": phrases[-1], "round": len(phrases)}])


def _notes(rule: ConsensusRule, words: Mapping[str, str]) -> list[str]:
    notes = []
    if rule.denominator is Denominator.ALL:
        notes.append(words["note_all"])
    if rule.middle is not Middle.OWN and rule.scale.neutral:
        points = points_phrase(rule.scale.neutral, words)
        notes.append(words[f"note_middle_{rule.middle}"] % {"points": points})
    if rule.minimum_ratings > 1:
        name = "note_minimum_panel" if rule.scope is Scope.OVERALL else f"note_minimum_{rule.small_groups}"
        notes.append(words[name] % {"n": rule.minimum_ratings})
    if any(_uses_quantiles(criterion) for _, side in rule.sides for criterion in side.criteria):
        notes.append(words["note_quantiles"] % {"type": rule.type_of_quantiles})
    return notes


def _uses_quantiles(criterion: Criterion) -> bool:
    if isinstance(criterion, MeasureCriterion):
        return criterion.measure is Measure.IQR
    if isinstance(criterion, DisagreementCriterion):
        return criterion.method is not DisagreementMethod.THIRDS
    return isinstance(criterion, MedianCriterion | PanelAgreementCriterion)
