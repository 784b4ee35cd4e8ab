"""The report in brief: what the study asked, by which rule it decided, and how it ended."""

from dataclasses import dataclass

from analysis.results import DecisionCounts
from analysis.rules import Decision, rule_sentence
from app.reports.chapters.sensitivity import robustness
from app.reports.facts import StudyReport
from app.reports.words import Words


@dataclass(frozen=True)
class Outcome:
    """How many statements ended with one decision."""

    decision: Decision
    label: str
    n: str
    share: str


@dataclass(frozen=True)
class CriterionOutcome:
    """How the study ended on one criterion: the rule in a sentence, the outcome in words and figures."""

    name: str
    rule: str
    sentences: tuple[str, ...]
    robustness: str
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class SummaryChapter:
    """The chapter "In brief"."""

    course: str
    criteria: tuple[CriterionOutcome, ...]
    is_open: bool


def summary_chapter(report: StudyReport, words: Words) -> SummaryChapter:
    """The result in words before anything else."""
    return SummaryChapter(
        course=_course(report, words),
        criteria=tuple(_outcome(report, counts, words) for counts in report.analysis.final_counts),
        is_open=bool(report.rounds) and report.study.concluded_at is None,
    )


def _course(report: StudyReport, words: Words) -> str:
    """How many rated how many statements, when."""
    n_statements = len({final.statement for final in report.analysis.final})
    n_rounds = len(report.analysis.rounds)
    statements = words.ngettext("%(n)s statement", "%(n)s statements", n_statements)
    rounds = words.ngettext("%(n)s round", "%(n)s rounds", n_rounds)
    groups = words.formats.listing(words.group_names.values())
    asked = words.gettext(
        "The panel rated %(statements)s in %(rounds)s. It has these groups: %(groups)s.",
        statements=statements,
        rounds=rounds,
        groups=groups,
    )
    opened = [one.round.opened_at for one in report.rounds if one.round.opened_at]
    closed = [one.round.closed_at for one in report.rounds if one.round.closed_at]
    if not opened or not closed:
        return asked
    dates = words.gettext(
        "The first round opened on %(opened)s; the last one closed on %(closed)s.",
        opened=words.day(min(opened)),
        closed=words.day(max(closed)),
    )
    return f"{asked} {dates}"


def _outcome(report: StudyReport, counts: DecisionCounts, words: Words) -> CriterionOutcome:
    rule = next(one.rule for one in report.criteria if one.code == counts.criterion)
    others = report.last_sensitivity(counts.criterion)
    ended = {
        Decision.CONSENSUS_IN: counts.consensus_in,
        Decision.CONSENSUS_OUT: counts.consensus_out,
        Decision.NO_CONSENSUS: counts.no_consensus,
        Decision.NOT_ASSESSABLE: counts.not_assessable,
    }
    return CriterionOutcome(
        name=words.criterion(counts.criterion) if words.has_many_criteria else "",
        rule=rule_sentence(rule, words.locale),
        sentences=_sentences(counts, words),
        robustness=robustness(others, words) if others else "",
        outcomes=tuple(
            Outcome(
                decision, words.decision(decision), words.number(n), words.percent(n / counts.n_statements, 0)
            )
            for decision, n in ended.items()
            if n or decision is not Decision.NOT_ASSESSABLE
        ),
    )


def _sentences(counts: DecisionCounts, words: Words) -> tuple[str, ...]:
    total = words.number(counts.n_statements)
    said = [
        words.ngettext(
            "%(n)s of %(total)s statements reached consensus and is accepted.",
            "%(n)s of %(total)s statements reached consensus and are accepted.",
            counts.consensus_in,
            total=total,
        )
        if counts.consensus_in
        else words.gettext("None of the %(total)s statements was accepted by consensus.", total=total),
        words.ngettext(
            "%(n)s was rejected by consensus.",
            "%(n)s were rejected by consensus.",
            counts.consensus_out,
        )
        if counts.consensus_out
        else words.gettext("None was rejected."),
        words.ngettext(
            "%(n)s ended without consensus.", "%(n)s ended without consensus.", counts.no_consensus
        )
        if counts.no_consensus
        else words.gettext("None was left without consensus."),
    ]
    if counts.not_assessable:
        said.append(
            words.ngettext(
                "%(n)s could not be assessed, because too few rated it.",
                "%(n)s could not be assessed, because too few rated them.",
                counts.not_assessable,
            )
        )
    return tuple(said)
