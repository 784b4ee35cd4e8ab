"""The panel: who was asked, who answered, and who stayed, round by round."""

from collections import defaultdict
from dataclasses import dataclass

from analysis.results import OVERALL, GroupFlow
from app.reports.facts import PanelFlow, ReportedRound, StudyReport
from app.reports.tables import Body, Cells, Column, Row, Table
from app.reports.words import Words


@dataclass(frozen=True)
class PanelChapter:
    """The chapter on the panel. ``by_language`` is missing where languages are not known."""

    by_group: Table | None
    by_language: Table | None
    rounds: Table | None
    comments: str


@dataclass
class _Came:
    """How far a part of the panel came, added up over rows of the flow."""

    n_invited: int = 0
    n_opened: int = 0
    n_started: int = 0
    n_submitted: int = 0

    def add(self, row: PanelFlow) -> None:
        self.n_invited += row.n_invited
        self.n_opened += row.n_opened
        self.n_started += row.n_started
        self.n_submitted += row.n_submitted


def panel_chapter(report: StudyReport, words: Words) -> PanelChapter:
    """Flow, response and retention; how many comments were written."""
    return PanelChapter(
        by_group=_group_table(report, words) if report.analysis.flow else None,
        by_language=_language_table(report, words) if report.flow else None,
        rounds=_rounds_table(report, words) if report.rounds else None,
        comments=_comments(report, words) if report.rounds else "",
    )


def _group_table(report: StudyReport, words: Words) -> Table:
    cells = Cells(words)
    came: dict[tuple[int, str], _Came] = defaultdict(_Came)
    for row in report.flow:
        came[row.round, row.group].add(row)
        came[row.round, OVERALL].add(row)
    bodies = [
        Body(
            tuple(
                _group_row(flow, came.get((flow.round, flow.group)), cells, words)
                for flow in report.analysis.flow
                if flow.round == one.round
            ),
            heading=words.gettext("Round %(round)s", round=one.round),
        )
        for one in report.analysis.rounds
    ]
    columns = (
        Column(words.gettext("Group")),
        Column(words.gettext("Invited"), "number"),
        Column(words.gettext("Opened"), "number"),
        Column(words.gettext("Partial"), "number", words.gettext("began, did not submit")),
        Column(words.gettext("Submitted"), "number"),
        Column(words.gettext("Rated"), "number", words.gettext("at least one statement")),
        Column(words.gettext("Response"), "number", words.gettext("of invited")),
        Column(words.gettext("Retention"), "number", words.gettext("of round 1")),
    )
    caption = words.gettext("Panel flow by round and group")
    return cells.table("table-flow", caption, columns, bodies)


def _group_row(flow: GroupFlow, came: _Came | None, cells: Cells, words: Words) -> Row:
    return Row(
        cells.text(words.group(flow.group)),
        (
            cells.whole(flow.invited),
            cells.whole(came.n_opened if came else None),
            cells.whole(came.n_started - came.n_submitted if came else None),
            cells.whole(came.n_submitted if came else None),
            cells.whole(flow.took_part),
            cells.percent(flow.response),
            cells.percent(flow.retention),
        ),
        is_total=flow.group == OVERALL,
    )


def _language_table(report: StudyReport, words: Words) -> Table:
    cells = Cells(words)
    came: dict[tuple[int, str], _Came] = defaultdict(_Came)
    for row in report.flow:
        came[row.round, row.language].add(row)
    bodies = [
        Body(
            tuple(
                Row(
                    cells.text(words.language(language)),
                    (
                        cells.whole(of_language.n_invited),
                        cells.whole(of_language.n_opened),
                        cells.whole(of_language.n_started - of_language.n_submitted),
                        cells.whole(of_language.n_submitted),
                    ),
                )
                for language in report.study.languages
                if (of_language := came.get((one.round, language)))
            ),
            heading=words.gettext("Round %(round)s", round=one.round),
        )
        for one in report.analysis.rounds
    ]
    columns = (
        Column(words.gettext("Language")),
        Column(words.gettext("Invited"), "number"),
        Column(words.gettext("Opened"), "number"),
        Column(words.gettext("Partial"), "number", words.gettext("began, did not submit")),
        Column(words.gettext("Submitted"), "number"),
    )
    return cells.table("table-languages", words.gettext("Panel flow by round and language"), columns, bodies)


def _rounds_table(report: StudyReport, words: Words) -> Table:
    cells = Cells(words)
    rows = tuple(
        Row(
            cells.text(words.gettext("Round %(round)s", round=one.round.number)),
            (
                cells.moment(one.round.opened_at),
                cells.moment(one.round.closed_at),
                cells.moment(one.round.fed_back_at),
                cells.whole(one.n_statements),
                cells.whole(one.n_comments),
            ),
        )
        for one in report.rounds
    )
    columns = (
        Column(words.gettext("Round")),
        Column(words.gettext("Opened")),
        Column(words.gettext("Closed")),
        Column(words.gettext("Fed back")),
        Column(words.gettext("Statements"), "number"),
        Column(words.gettext("Comments"), "number"),
    )
    caption = words.gettext("Rounds, in the time zone %(zone)s", zone=report.study.time_zone)
    return cells.table("table-rounds", caption, columns, [Body(rows)])


def _comments(report: StudyReport, words: Words) -> str:
    answers = tuple(_open_answers(one, words) for one in report.rounds if one.n_questions)
    return " ".join((*answers, _comments_written(report, words)))


def _open_answers(one: ReportedRound, words: Words) -> str:
    return words.ngettext(
        "In round %(round)s the panel gave %(n)s answer to open questions.",
        "In round %(round)s the panel gave %(n)s answers to open questions.",
        one.n_open_answers,
        round=one.round.number,
    )


def _comments_written(report: StudyReport, words: Words) -> str:
    n_comments = sum(one.n_comments for one in report.rounds)
    if not n_comments:
        return words.gettext("The panel wrote no comments.")
    written = words.ngettext("The panel wrote %(n)s comment.", "The panel wrote %(n)s comments.", n_comments)
    counted = words.gettext("Comments are counted here, not quoted.")
    return f"{written} {counted}"
