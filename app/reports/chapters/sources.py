"""What the report rests on: the evidence shown, and the fingerprints by which figures can be checked."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.statement import Evidence, EvidenceKind
from app.i18n import N_
from app.reports.facts import ChangeKind, StatementChange, StudyReport
from app.reports.tables import Body, Cells, Column, Row, Table
from app.reports.words import Text, Words

CHANGE_WORDS: Mapping[ChangeKind, str] = {
    ChangeKind.SPLIT: N_("split into %(others)s"),
    ChangeKind.MERGED: N_("merged from %(others)s"),
    ChangeKind.REWORDED: N_("came out of %(others)s, reworded"),
    ChangeKind.FROM_OPEN_ANSWERS: N_("written from open answers, after %(others)s"),
    ChangeKind.NEW_WORDING: N_("new wording (version %(version)s), first asked in round %(round)s"),
    ChangeKind.WITHDRAWN: N_("withdrawn"),
}


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
    changes: Table | None
    origins: Table | None
    after_the_end: str
    log: str
    log_hash: str
    command: str


def sources_chapter(report: StudyReport, words: Words) -> SourcesChapter:
    """The evidence list and the appendix on provenance."""
    return SourcesChapter(
        evidence=tuple(_entry(card, words) for card in report.evidence),
        changes=_change_table(report, words) if report.changes else None,
        origins=_origin_table(report, words) if report.origins else None,
        after_the_end=_after_the_end(report, words),
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


def _change_table(report: StudyReport, words: Words) -> Table:
    cells = Cells(words)
    rows = tuple(
        Row(cells.text(one.statement), (cells.text(_change(one, words)), cells.text(one.reason)))
        for one in report.changes
    )
    columns = (
        Column(words.gettext("Statement")),
        Column(words.gettext("What happened"), "words"),
        Column(words.gettext("Reason"), "words"),
    )
    caption = words.gettext("What became of statements on the way")
    return cells.table("table-changes", caption, columns, [Body(rows)])


def _change(one: StatementChange, words: Words) -> str:
    if one.kind is ChangeKind.FROM_TEXTS:
        return words.ngettext(
            "written out of %(n)s coded text", "written out of %(n)s coded texts", one.n_texts
        )
    return words.gettext(
        CHANGE_WORDS[one.kind],
        others=words.formats.listing(one.others),
        version=one.version,
        round=one.round,
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


def _after_the_end(report: StudyReport, words: Words) -> str:
    ended_at, changed_at = report.study.concluded_at, report.recommended_at
    if ended_at is None or changed_at is None or changed_at <= ended_at:
        return ""
    return words.gettext(
        "The study ended on %(end)s. What it recommends was last changed after that, on %(moment)s; its "
        "decisions and figures are those of its end.",
        end=words.moment(ended_at),
        moment=words.moment(changed_at),
    )
