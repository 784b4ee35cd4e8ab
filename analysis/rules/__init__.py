"""Consensus rules as data: criteria, scopes, presets, reading and writing, and the rule in one sentence.

Standard library only: the domain of the app imports this package.
"""

from analysis.rules.choices import Decision, Denominator, Middle, Scope, SmallGroups
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
from analysis.rules.presets import PRESETS
from analysis.rules.rule import ConsensusRule
from analysis.rules.sentence import rule_sentence

__all__ = [
    "PRESETS",
    "Comparison",
    "ConsensusRule",
    "Criterion",
    "CvrCriterion",
    "Decision",
    "Denominator",
    "DisagreementCriterion",
    "DisagreementMethod",
    "Measure",
    "MeasureCriterion",
    "MedianCriterion",
    "Middle",
    "PanelAgreementCriterion",
    "Scope",
    "ShareCriterion",
    "Side",
    "SmallGroups",
    "Thresholds",
    "rule_sentence",
]
