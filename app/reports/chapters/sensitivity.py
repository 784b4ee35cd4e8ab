"""How much hangs on the rule: the same ratings under other rules, without a group, without a panelist."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.rules import ConsensusRule, Decision, rule_sentence
from analysis.variant_names import variant_name
from analysis.what_if_results import SensitivityAnalysis, StatementSensitivity
from app.i18n import N_
from app.reports.drawings import Drawing
from app.reports.facts import StudyReport
from app.reports.tables import Body, Cells, Column, Row, Table
from app.reports.words import Words

AXIS_WORDS = {
    "rule": N_("the choice among published rules"),
    "threshold": N_("the threshold"),
    "scope": N_("which groups must meet the rule"),
    "denominator": N_("what the shares are counted of"),
    "middle": N_("how neutral ratings count"),
    "quantile_type": N_("the type of quantile"),
    "small_groups": N_("how small groups are treated"),
}
PUBLISHED = "rule"


@dataclass(frozen=True)
class OtherRule:
    """A published rule that was tried: what it is called, and what it asks."""

    name: str
    sentence: str


@dataclass(frozen=True)
class CriterionSensitivity:
    """What hangs on the rule of one criterion. ``fragile`` is missing where nothing does."""

    name: str
    lead: str
    drawing: Drawing
    rules: Table
    fragile: Table | None
    firm: str
    published: tuple[OtherRule, ...]


@dataclass(frozen=True)
class SensitivityChapter:
    """The chapter on other rules."""

    criteria: tuple[CriterionSensitivity, ...]


def sensitivity_chapter(
    report: StudyReport, words: Words, drawings: Mapping[str, Drawing]
) -> SensitivityChapter:
    """The criteria whose other rules are stored, each with its figure."""
    return SensitivityChapter(
        tuple(
            _criterion(report, analysis, words, drawings[criterion.code])
            for criterion in report.criteria
            if (analysis := report.last_sensitivity(criterion.code))
        )
    )


def robustness(analysis: SensitivityAnalysis, words: Words) -> str:
    """How many statements, and how many of the accepted ones, keep their decision under all other rules."""
    numbers = {
        "total": words.number(len(analysis.statements)),
        "rules": words.number(len(analysis.variants)),
    }
    said = (
        words.ngettext(
            "%(n)s of %(total)s statements keeps its decision under all %(rules)s other rules tried.",
            "%(n)s of %(total)s statements keep their decision under all %(rules)s other rules tried.",
            analysis.n_robust,
            **numbers,
        )
        if analysis.n_robust
        else words.gettext(
            "None of the %(total)s statements keeps its decision under all %(rules)s other rules tried.",
            **numbers,
        )
    )
    accepted = [one for one in analysis.statements if one.decision is Decision.CONSENSUS_IN]
    if not accepted:
        return said
    of_accepted = words.gettext(
        "Among the accepted statements this holds for %(n)s of %(accepted)s.",
        n=words.number(sum(not one.hangs_on for one in accepted)),
        accepted=words.number(len(accepted)),
    )
    return f"{said} {of_accepted}"


def _criterion(
    report: StudyReport, analysis: SensitivityAnalysis, words: Words, drawing: Drawing
) -> CriterionSensitivity:
    scale = next(one.scale for one in report.criteria if one.code == analysis.criterion)
    fragile = [entry for entry in analysis.statements if _is_fragile(entry)]
    return CriterionSensitivity(
        name=words.criterion(analysis.criterion) if words.has_many_criteria else "",
        lead=robustness(analysis, words),
        drawing=drawing,
        rules=_rules_table(analysis, words),
        fragile=_fragile_table(analysis, fragile, words) if fragile else None,
        firm=_firm(len(analysis.statements) - len(fragile), words),
        published=tuple(
            OtherRule(
                variant_name(variant, words.locale),
                rule_sentence(ConsensusRule.from_mapping(variant.rule, scale), words.locale),
            )
            for variant in analysis.variants
            if variant.axis == PUBLISHED
        ),
    )


def _is_fragile(entry: StatementSensitivity) -> bool:
    without = any(decision is not entry.decision for decision in entry.without_group)
    return bool(entry.hangs_on) or without or entry.n_decisive > 0


def _firm(n: int, words: Words) -> str:
    if not n:
        return ""
    return words.ngettext(
        "On %(n)s statement nothing that was tried changes the decision.",
        "On %(n)s statements nothing that was tried changes the decision.",
        n,
    )


def _rules_table(analysis: SensitivityAnalysis, words: Words) -> Table:
    cells = Cells(words)
    rows = tuple(
        Row(
            cells.text(entry.statement),
            (
                cells.sign(entry.decision),
                *(
                    cells.same() if decision is entry.decision else cells.sign(decision)
                    for decision in entry.decisions
                ),
            ),
        )
        for entry in analysis.statements
    )
    columns = (
        Column(words.gettext("Code")),
        Column(words.gettext("The study’s rule"), "upright"),
        *(Column(variant_name(variant, words.locale), "upright") for variant in analysis.variants),
    )
    caption = words.gettext("Statements under other rules; a dot stands where a rule decides the same")
    return cells.table(f"table-rules-{analysis.criterion}", caption, columns, [Body(rows)])


def _fragile_table(
    analysis: SensitivityAnalysis, fragile: Sequence[StatementSensitivity], words: Words
) -> Table:
    cells = Cells(words)
    rows = tuple(
        Row(
            cells.text(entry.statement),
            (
                cells.decision(entry.decision),
                cells.whole(sum(decision is not entry.decision for decision in entry.decisions)),
                cells.sentence(
                    words.formats.listing(words.gettext(AXIS_WORDS[axis]) for axis in entry.hangs_on)
                ),
                cells.sentence(_without_groups(entry, analysis.groups, words)),
                cells.whole(entry.n_decisive),
            ),
        )
        for entry in fragile
    )
    tried = words.gettext("of %(n)s decide otherwise", n=words.number(len(analysis.variants)))
    columns = (
        Column(words.gettext("Code")),
        Column(words.gettext("Decision"), "decision"),
        Column(words.gettext("Other rules"), "number", tried),
        Column(words.gettext("It hangs on")),
        Column(words.gettext("Without a group")),
        Column(words.gettext("Panelists"), "number", words.gettext("without any one of whom it changes")),
    )
    caption = words.gettext("What a decision hangs on: other rules, single groups, single panelists")
    return cells.table(f"table-fragile-{analysis.criterion}", caption, columns, [Body(rows)])


def _without_groups(entry: StatementSensitivity, groups: Sequence[str], words: Words) -> str:
    """The groups without which the decision would be another; nothing where there is only one group."""
    if not entry.without_group:
        return ""
    told = (
        words.gettext(
            "without %(group)s: %(decision)s", group=words.group(group), decision=words.decision(decision)
        )
        for group, decision in zip(groups, entry.without_group, strict=True)
        if decision is not entry.decision
    )
    return words.formats.clause_sign.join(told) or words.gettext("none of them")
