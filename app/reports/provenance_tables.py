"""Tables beside the figures: where these come from, what was done against the rule, what is recommended."""

from collections.abc import Callable, Iterator
from typing import Final

from analysis.tables import Row, table_bytes
from app.reports.facts import StudyReport

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "provenance.csv": (
        "round",
        "computed_at",
        "code_version",
        "protocol_version",
        "protocol_sha256",
        "seed",
        "n_permutations",
        "input_sha256",
        "log_entry",
        "log_sha256",
    ),
    "protocols.csv": ("version", "sha256", "frozen_at", "amendment_reason"),
    "overrides.csv": ("round", "statement", "asked", "reason"),
    "statement_changes.csv": ("statement", "change", "others", "n_texts", "version", "round", "reason"),
    "recommendations.csv": (
        "audience",
        "place",
        "language",
        "audience_name",
        "text",
        "reservation",
        "statements",
        "evidence",
        "themes",
    ),
}


def provenance_tables(report: StudyReport) -> dict[str, bytes]:
    """Every one of these tables by file name, those without rows too."""
    return {name: table_bytes(rows(report), COLUMNS[name]) for name, rows in _ROWS.items()}


def _origins(report: StudyReport) -> Iterator[Row]:
    """One row per analysed round, with where the log stood when the report was made."""
    protocols = {version.version: version.sha256 for version in report.protocols}
    for one in report.origins:
        yield {
            "round": one.round,
            "computed_at": one.computed_at.isoformat() if one.computed_at else None,
            "code_version": one.code_version,
            "protocol_version": one.protocol_version,
            "protocol_sha256": protocols.get(one.protocol_version or 0),
            "seed": one.seed,
            "n_permutations": one.n_permutations,
            "input_sha256": one.input_sha256,
            "log_entry": report.log.sequence if report.log else None,
            "log_sha256": report.log.hash if report.log else None,
        }


def _protocols(report: StudyReport) -> Iterator[Row]:
    for version in report.protocols:
        yield {
            "version": version.version,
            "sha256": version.sha256,
            "frozen_at": version.frozen_at.isoformat() if version.frozen_at else None,
            "amendment_reason": version.amendment_reason,
        }


def _overrides(report: StudyReport) -> Iterator[Row]:
    for one in report.overrides:
        yield {
            "round": one.round,
            "statement": one.statement,
            "asked": "yes" if one.asks else "no",
            "reason": one.reason,
        }


def _changes(report: StudyReport) -> Iterator[Row]:
    for one in report.changes:
        yield {
            "statement": one.statement,
            "change": one.kind.value,
            "others": " ".join(one.others),
            "n_texts": one.n_texts or None,
            "version": one.version or None,
            "round": one.round or None,
            "reason": one.reason,
        }


def _recommendations(report: StudyReport) -> Iterator[Row]:
    """One row per recommendation and language of the study; a missing translation is an empty cell."""
    for audience in report.audiences:
        for place, one in enumerate(audience.recommendations, start=1):
            for language in report.study.languages:
                yield {
                    "audience": audience.code,
                    "place": place,
                    "language": language,
                    "audience_name": audience.name.get(language, ""),
                    "text": one.text.get(language, ""),
                    "reservation": one.reservation.get(language, ""),
                    "statements": " ".join(one.statements),
                    "evidence": " ".join(one.evidence),
                    "themes": "; ".join(theme.name for theme in one.themes),
                }


_ROWS: Final[dict[str, Callable[[StudyReport], Iterator[Row]]]] = {
    "provenance.csv": _origins,
    "protocols.csv": _protocols,
    "overrides.csv": _overrides,
    "statement_changes.csv": _changes,
    "recommendations.csv": _recommendations,
}
