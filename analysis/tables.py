"""Results as tables: the CSV files of an analysis, the same bytes for the same result.

UTF-8, line feeds, numbers at full precision (``repr``), an empty cell where a figure is not
assessable and the reason's code in the column beside it.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator

from analysis.results import (
    Divergence,
    Estimate,
    NotAssessable,
    Reason,
    RoundAnalysis,
    StatementAnalysis,
    StudyAnalysis,
)
from analysis.what_if_results import OperatingCharacteristic, SensitivityAnalysis, StatementSensitivity
from analysis.wording import reason_sentence

Cell = str | int | float | None | NotAssessable
Row = dict[str, Cell]
NOT_ASSESSABLE_COLUMN = "not_assessable"


def statements_rows(study: StudyAnalysis) -> Iterator[Row]:
    """One row per round, statement, criterion and group (with ``overall`` and ``group_equal``)."""
    for one, entry in _statements(study):
        for figures in entry.groups:
            row: Row = {
                "round": one.round,
                "statement": entry.statement,
                "criterion": entry.criterion,
                "group": figures.group,
                "n": figures.n,
                "n_abstained": figures.n_abstained,
                "n_missing": figures.n_missing,
            }
            for name in ("agree", "neutral", "disagree"):
                share = getattr(figures, name)
                row |= {name: share.value, f"{name}_lower": share.lower, f"{name}_upper": share.upper}
            for name in ("median", "q1", "q3", "iqr", "mean", "sd", "cns", "a"):
                row[name] = getattr(figures, name)
            yield row | {"decision": figures.decision.value}


def decisions_rows(study: StudyAnalysis) -> Iterator[Row]:
    """One row per round, statement and criterion: the decision and its reasons in words."""
    for one, entry in _statements(study):
        yield {
            "round": one.round,
            "statement": entry.statement,
            "criterion": entry.criterion,
            "decision": entry.decision.value,
            "reasons": _sentences(entry.reasons),
        }


def divergence_rows(study: StudyAnalysis) -> Iterator[Row]:
    """One row per round, statement and criterion: how far all groups are apart."""
    for one, entry in _statements(study):
        yield {
            "round": one.round,
            "statement": entry.statement,
            "criterion": entry.criterion,
            **_divergence_cells(entry.divergence),
        }


def _divergence_cells(divergence: Divergence) -> Row:
    gap, kruskal, cramer = divergence.gap, divergence.kruskal_wallis, divergence.cramer_von_mises
    return {
        "class": divergence.decision_class.value,
        **_estimate_cells("gap", gap.estimate),
        "highest_group": gap.highest_group,
        "lowest_group": gap.lowest_group,
        "kruskal_wallis": kruskal.statistic,
        "kruskal_wallis_p": kruskal.p,
        "kruskal_wallis_p_fdr": kruskal.p_fdr,
        "kruskal_wallis_p_max": kruskal.p_max,
        "epsilon_squared": divergence.epsilon_squared,
        "cramer_von_mises": cramer.statistic,
        "cramer_von_mises_p": cramer.p,
        "cramer_von_mises_p_fdr": cramer.p_fdr,
        "cramer_von_mises_p_max": cramer.p_max,
        "group_informed_consensus": divergence.group_informed_consensus,
        "group_informed_consensus_geometric": divergence.group_informed_consensus_geometric,
    }


def pairwise_rows(study: StudyAnalysis) -> Iterator[Row]:
    """One row per round, statement, criterion and pair of groups."""
    for one, entry in _statements(study):
        for pair in entry.divergence.pairs:
            yield {
                "round": one.round,
                "statement": entry.statement,
                "criterion": entry.criterion,
                "first": pair.first,
                "second": pair.second,
                **_estimate_cells("cliffs_delta", pair.cliffs_delta),
                "wasserstein": pair.wasserstein,
                "brunner_munzel": pair.statistic,
                "p": pair.p,
                "p_holm": pair.p_holm,
            }


def stability_rows(study: StudyAnalysis) -> Iterator[Row]:
    """One row per round from the second, statement, criterion and group (with ``overall``)."""
    for one, entry in _statements(study):
        for stability in entry.stability:
            row: Row = {"round": one.round, "statement": entry.statement, "criterion": entry.criterion}
            for name, value in stability.to_dict().items():
                row[name] = value
            row["kappa_note"] = stability.kappa_note.code if stability.kappa_note else None
            row |= {name: getattr(stability, name) for name in _STABILITY_FIGURES}
            yield row


_STABILITY_FIGURES = (
    "unchanged",
    "up",
    "down",
    "towards",
    "away",
    "net_change",
    "wilcoxon_statistic",
    "wilcoxon_p",
    "kappa",
    "mcnemar_p",
)


def agreement_rows(study: StudyAnalysis) -> Iterator[Row]:
    """One row per round, criterion and group (with ``overall``): agreement over all statements."""
    for one in study.rounds:
        for entry in one.agreement:
            yield {
                "round": one.round,
                "criterion": entry.criterion,
                "group": entry.group,
                "n_panelists": entry.n_panelists,
                "n_statements": entry.n_statements,
                **_estimate_cells("krippendorff_alpha", entry.krippendorff_alpha),
                **_estimate_cells("gwet_ac2", entry.gwet_ac2),
                "notes": _sentences(entry.notes),
            }


def attrition_rows(study: StudyAnalysis) -> Iterator[Row]:
    """One row per round and group (with ``overall``): who took part."""
    for flow in study.flow:
        yield {
            "round": flow.round,
            "group": flow.group,
            "invited": flow.invited,
            "took_part": flow.took_part,
            "stayed_from_first": flow.stayed_from_first,
            "newly_in": flow.newly_in,
            "lost_since_previous": flow.lost_since_previous,
            "response": flow.response,
            "retention": flow.retention,
        }


def leavers_rows(study: StudyAnalysis) -> Iterator[Row]:
    """One row per round but the last, statement and criterion: who left against who stayed."""
    for entry in study.leavers:
        yield {name: getattr(entry, name) for name in COLUMNS["leavers.csv"][:-1]}


TABLES: dict[str, Callable[[StudyAnalysis], Iterable[Row]]] = {
    "statements.csv": statements_rows,
    "decisions.csv": decisions_rows,
    "divergence.csv": divergence_rows,
    "pairwise.csv": pairwise_rows,
    "stability.csv": stability_rows,
    "agreement.csv": agreement_rows,
    "attrition.csv": attrition_rows,
    "leavers.csv": leavers_rows,
}

_ENTRY = ("round", "statement", "criterion")


def _with_limits(*names: str) -> tuple[str, ...]:
    return tuple(f"{name}{suffix}" for name in names for suffix in ("", "_lower", "_upper"))


COLUMNS: dict[str, tuple[str, ...]] = {
    "statements.csv": (
        *_ENTRY,
        "group",
        "n",
        "n_abstained",
        "n_missing",
        *_with_limits("agree", "neutral", "disagree"),
        *("median", "q1", "q3", "iqr", "mean", "sd", "cns", "a", "decision"),
        NOT_ASSESSABLE_COLUMN,
    ),
    "decisions.csv": (*_ENTRY, "decision", "reasons"),
    "divergence.csv": (
        *_ENTRY,
        "class",
        *_with_limits("gap"),
        "highest_group",
        "lowest_group",
        *("kruskal_wallis", "kruskal_wallis_p", "kruskal_wallis_p_fdr", "kruskal_wallis_p_max"),
        "epsilon_squared",
        *("cramer_von_mises", "cramer_von_mises_p", "cramer_von_mises_p_fdr", "cramer_von_mises_p_max"),
        "group_informed_consensus",
        "group_informed_consensus_geometric",
        NOT_ASSESSABLE_COLUMN,
    ),
    "pairwise.csv": (
        *_ENTRY,
        "first",
        "second",
        *_with_limits("cliffs_delta"),
        *("wasserstein", "brunner_munzel", "p", "p_holm"),
        NOT_ASSESSABLE_COLUMN,
    ),
    "stability.csv": (
        *_ENTRY,
        *("group", "previous_round", "n", "unchanged", "up", "down", "towards", "away", "net_change"),
        *(
            "wilcoxon_statistic",
            "wilcoxon_p",
            "kappa",
            "kappa_note",
            "mcnemar_gained",
            "mcnemar_lost",
            "mcnemar_p",
        ),
        "verdict",
        NOT_ASSESSABLE_COLUMN,
    ),
    "agreement.csv": (
        "round",
        "criterion",
        "group",
        "n_panelists",
        "n_statements",
        *_with_limits("krippendorff_alpha", "gwet_ac2"),
        "notes",
        NOT_ASSESSABLE_COLUMN,
    ),
    "attrition.csv": (
        *("round", "group", "invited", "took_part", "stayed_from_first", "newly_in", "lost_since_previous"),
        "response",
        "retention",
        NOT_ASSESSABLE_COLUMN,
    ),
    "leavers.csv": (*_ENTRY, "n_leavers", "n_stayers", "difference", "p", "p_fdr", NOT_ASSESSABLE_COLUMN),
}


def table_bytes(rows: Iterable[Row], columns: tuple[str, ...]) -> bytes:
    """One table as CSV; ``columns`` also when there are no rows."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        explained = {**row, NOT_ASSESSABLE_COLUMN: _missing(row)}
        writer.writerow([_cell(explained[column]) for column in columns])
    return text.getvalue().encode("utf-8")


def all_tables(study: StudyAnalysis) -> dict[str, bytes]:
    """Every table by file name."""
    return {name: table_bytes(rows(study), COLUMNS[name]) for name, rows in TABLES.items()}


SENSITIVITY_COLUMNS = (*_ENTRY, "study_decision", "n_decisive", "variant", "axis", "decision", "same")


def sensitivity_table(analyses: Iterable[SensitivityAnalysis]) -> bytes:
    """``sensitivity.csv``: every statement under every variant of the rule, and without each group."""
    return table_bytes(
        (row for analysis in analyses for entry in analysis.statements for row in _variants(analysis, entry)),
        SENSITIVITY_COLUMNS,
    )


def _variants(analysis: SensitivityAnalysis, entry: StatementSensitivity) -> Iterator[Row]:
    listed = [(variant.code, variant.axis) for variant in analysis.variants]
    if entry.without_group:
        listed += [(f"without_{group}", "group") for group in analysis.groups]
    for (code, axis), decision in zip(listed, (*entry.decisions, *entry.without_group), strict=True):
        yield {
            "round": analysis.round,
            "statement": entry.statement,
            "criterion": analysis.criterion,
            "study_decision": entry.decision.value,
            "n_decisive": entry.n_decisive,
            "variant": code,
            "axis": axis,
            "decision": decision.value,
            "same": "true" if decision is entry.decision else "false",
        }


PLAN_COLUMNS = (
    *("statement", "truth", "group_size", "attrition", "n_simulations"),
    *("consensus_in", "consensus_out", "no_consensus", "not_assessable_share"),
    *("false_consensus", "missed_consensus", "error", NOT_ASSESSABLE_COLUMN),
)


def plan_table(characteristics: Iterable[OperatingCharacteristic]) -> bytes:
    """``plan.csv``: how often the protocol decides what, by statement, group size and attrition."""
    return table_bytes((_characteristic(one) for one in characteristics), PLAN_COLUMNS)


def _characteristic(one: OperatingCharacteristic) -> Row:
    names = [
        name for name in PLAN_COLUMNS if name not in ("truth", "not_assessable_share", NOT_ASSESSABLE_COLUMN)
    ]
    row: Row = {name: getattr(one, name) for name in names}
    return row | {"truth": one.truth.value, "not_assessable_share": one.not_assessable}


def _statements(study: StudyAnalysis) -> Iterator[tuple[RoundAnalysis, StatementAnalysis]]:
    for one in study.rounds:
        for entry in one.statements:
            yield one, entry


def _estimate_cells(name: str, estimate: Estimate) -> Row:
    return {name: estimate.value, f"{name}_lower": estimate.lower, f"{name}_upper": estimate.upper}


def _sentences(reasons: Iterable[Reason]) -> str:
    return " ".join(reason_sentence(reason, "en") for reason in reasons)


def _cell(value: Cell) -> str:
    if value is None or isinstance(value, NotAssessable):
        return ""
    return repr(value) if isinstance(value, float) else str(value)


def _missing(row: Row) -> str:
    """The columns that are empty because a figure is not assessable, with the reason's code."""
    return "; ".join(
        f"{name}: {value.reason.code}" for name, value in row.items() if isinstance(value, NotAssessable)
    )
