"""What the report rests on: the evidence shown, and the fingerprints by which figures can be checked."""

from dataclasses import dataclass

from app.domain.statement import Evidence, EvidenceKind
from app.reports.facts import StudyReport
from app.reports.tables import Body, Cells, Column, Row, Table
from app.reports.words import Text, Words


@dataclass(frozen=True)
class EvidenceEntry:
    """A piece of evidence with the statements it stood beside."""

    id: str
    code: str
    title: Text
    kind: str
    what: Text
    why: Text
    source: str
    statements: str


@dataclass(frozen=True)
class SourcesChapter:
    """The chapters on evidence and on where the figures come from."""

    evidence: tuple[EvidenceEntry, ...]
    origins: Table | None
    log: str
    log_hash: str
    command: str


def sources_chapter(report: StudyReport, words: Words) -> SourcesChapter:
    """The evidence list and the appendix on provenance."""
    return SourcesChapter(
        evidence=tuple(_entry(card, words) for card in report.evidence),
        origins=_origin_table(report, words) if report.origins else None,
        log=_log(report, words),
        log_hash=report.log.hash if report.log else "",
        command=_command(report, words) if report.protocols else "",
    )


def _command(report: StudyReport, words: Words) -> str:
    return f"castalia report {report.study.slug} --format html --language {words.locale}"


def _entry(card: Evidence, words: Words) -> EvidenceEntry:
    kind = (
        words.gettext("Good practice")
        if card.kind is EvidenceKind.GOOD_PRACTICE
        else words.gettext("Literature")
    )
    return EvidenceEntry(
        id=f"evidence-{card.code}",
        code=card.code,
        title=words.text(card.title),
        kind=f"{kind}, {words.formats.territory(card.country)}" if card.country else kind,
        what=words.text(card.what),
        why=words.text(card.why),
        source=card.source,
        statements=words.formats.listing(card.statements),
    )


def _origin_table(report: StudyReport, words: Words) -> Table:
    cells = Cells(words)
    rows = tuple(
        Row(
            cells.text(words.gettext("Round %(round)s", round=origin.round)),
            (
                cells.moment(origin.computed_at),
                cells.text(origin.code_version),
                cells.whole(origin.protocol_version),
                cells.text(str(origin.seed)),
                cells.whole(origin.n_permutations),
                cells.code(origin.input_sha256),
            ),
        )
        for origin in report.origins
    )
    columns = (
        Column(words.gettext("Round")),
        Column(words.gettext("Computed")),
        Column(words.gettext("Castalia")),
        Column(words.gettext("Protocol"), "number"),
        Column(words.gettext("Seed")),
        Column(words.gettext("Permutations"), "number"),
        Column(words.gettext("Fingerprint of the ratings (SHA-256)"), "code"),
    )
    return cells.table(
        "table-origins", words.gettext("Where the figures of each round come from"), columns, [Body(rows)]
    )


def _log(report: StudyReport, words: Words) -> str:
    if report.log is None:
        return ""
    return words.gettext(
        "Everything that happened in the study stands in a log whose entries are chained by their "
        "fingerprints. This report vouches for the log up to entry %(sequence)s, of %(moment)s. That entry "
        "has this fingerprint:",
        sequence=words.number(report.log.sequence),
        moment=words.moment(report.log.occurred_at),
    )
