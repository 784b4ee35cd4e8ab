"""The consensus report: its facts read in one moment, rendered, and handed out with an entry in the log."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

from analysis.protocol import AnalysisProtocol
from analysis.result_files import SENSITIVITY_FILE
from analysis.results import RoundAnalysis, StudyAnalysis
from analysis.what_if_results import SensitivityAnalysis
from app.clock import Clock
from app.domain.errors import AnalysisMissing
from app.domain.event import Event, EventKind
from app.domain.study import Language, Study
from app.reports.archive import zip_tables
from app.reports.collected import report_of_ratings
from app.reports.facts import AnalysisOrigin, LogMark, PanelFlow, ReportedRound, ReportedStudy, StudyReport
from app.services.analysing import to_ratings
from app.services.finding import get_study_of
from app.services.other_rules import read_other_rules
from app.services.reported_course import reported_audiences, reported_changes, reported_overrides
from app.storage import events, open_answers, ratings, response, rounds, statements, studies
from app.storage.database import Connection, Database
from app.storage.events import append_event
from app.storage.response import FlowRow
from app.storage.rounds import StoredAnalysis

RECOMMENDING = (
    EventKind.AUDIENCES_CHANGED,
    EventKind.RECOMMENDATION_WRITTEN,
    EventKind.RECOMMENDATION_CHANGED,
    EventKind.RECOMMENDATION_MOVED,
    EventKind.RECOMMENDATION_REMOVED,
    EventKind.THEME_CHANGED,
    EventKind.THEMES_MERGED,
)
"""The events that change what a report recommends, also when the study is over."""

COURSE_OF_THE_STUDY = (
    EventKind.ROUND_CLOSED,
    EventKind.ROUND_ANALYSED,
    EventKind.ROUND_FINISHED,
    EventKind.FEEDBACK_RELEASED,
    EventKind.STATEMENT_SPLIT,
    EventKind.STATEMENTS_MERGED,
    EventKind.STATEMENT_WITHDRAWN,
    EventKind.STATEMENT_RESTORED,
    EventKind.STUDY_CONCLUDED,
    *RECOMMENDING,
)
"""The events a report vouches for. Later entries of the log, such as its own download, do not change it."""


class ReportFormat(StrEnum):
    """The forms in which a report is handed out."""

    HTML = "html"
    CSV = "csv"


@dataclass(frozen=True)
class ReportFile:
    """A report as one file: its name without a folder, its media type and its bytes."""

    name: str
    media_type: str
    content: bytes


def read_report(database: Database, slug: str) -> StudyReport:
    """The facts of a study's report, up to its last analysed round.

    Raises
    ------
    StudyNotFound
    AnalysisMissing
        No round has been analysed yet.
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        stored = rounds.read_analyses(connection, study.id)
        if not stored:
            raise AnalysisMissing(round=1)
        last_round = stored[-1].round_number
        asked = statements.read_last_asked_statements(connection, study.id, last_round)
        protocols = studies.read_protocol_versions(connection, study.id)
        flow = tuple(row for row in response.count_flow(connection, study.id) if row.round <= last_round)
        analyses = [RoundAnalysis.from_dict(one.result) for one in stored]
        recommended = events.find_newest_event(connection, study.id, RECOMMENDING)
        return StudyReport(
            study=_reported_study(study),
            protocols=protocols,
            groups=protocols[-1].protocol.groups,
            criteria=protocols[-1].protocol.criteria,
            topics=studies.read_topics(connection, study.id),
            statements=tuple(one.statement for one in asked),
            evidence=statements.read_evidence(connection, study.id, [one.id for one in asked]),
            rounds=_reported_rounds(connection, study, last_round),
            flow=tuple(_panel_flow(row) for row in flow),
            analysis=_study_analysis(connection, study, flow, analyses),
            sensitivity=tuple(other for one in stored for other in read_other_rules(one.result)),
            origins=tuple(_origin(one) for one in stored),
            log=_log_mark(events.find_newest_event(connection, study.id, COURSE_OF_THE_STUDY)),
            overrides=reported_overrides(connection, study, last_round),
            changes=reported_changes(connection, study, last_round, [one.statement.code for one in asked]),
            audiences=reported_audiences(connection, study),
            recommended_at=None if recommended is None else recommended.occurred_at,
        )


def download_report(
    database: Database,
    clock: Clock,
    slug: str,
    actor: str,
    form: ReportFormat,
    language: Language | None = None,
) -> ReportFile:
    """The report as one file, with its fingerprint in the study's log; CSV tables come as one ZIP.

    Parameters
    ----------
    language
        Of the HTML report; None: the study's reference language.

    Raises
    ------
    StudyNotFound, AnalysisMissing
    """
    report = read_report(database, slug)
    if form is ReportFormat.HTML:
        file = _html_file(report, language)
    else:
        file = ReportFile(f"{slug}-tables.zip", "application/zip", zip_tables(_tables(report)))
    _log_files(database, clock, slug, actor, {file.name: file.content})
    return file


def write_html_report(
    database: Database,
    clock: Clock,
    slug: str,
    path: Path,
    *,
    language: Language | None = None,
    actor: str = "system",
) -> Path:
    """Write the report as one HTML file and return its path; in a folder the file gets its usual name.

    Raises
    ------
    StudyNotFound, AnalysisMissing, OSError
    """
    file = _html_file(read_report(database, slug), language)
    target = path / file.name if path.is_dir() else path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(file.content)
    _log_files(database, clock, slug, actor, {file.name: file.content})
    return target


def write_csv_report(
    database: Database, clock: Clock, slug: str, directory: Path, *, actor: str = "system"
) -> tuple[Path, ...]:
    """Write the report's tables into a folder, which is made when it is missing, and return their paths.

    Raises
    ------
    StudyNotFound, AnalysisMissing, OSError
    """
    tables = _tables(read_report(database, slug))
    directory.mkdir(parents=True, exist_ok=True)
    for name, content in tables.items():
        (directory / name).write_bytes(content)
    _log_files(database, clock, slug, actor, tables)
    return tuple(directory / name for name in tables)


def write_report_of_ratings(
    ratings_file: Path,
    analysis: StudyAnalysis,
    sensitivity: Sequence[SensitivityAnalysis],
    protocol: AnalysisProtocol,
    path: Path,
    language: Language = Language.EN,
) -> Path:
    """Write the HTML report on ratings that were collected elsewhere and return its path; nothing is stored.

    Raises
    ------
    OSError
    """
    report = report_of_ratings(ratings_file.name, analysis, sensitivity, protocol, ratings_file.read_bytes())
    path.write_bytes(_rendered(report, language))
    return path


def _tables(report: StudyReport) -> dict[str, bytes]:
    # Only who asks for tables waits for the library that writes them.
    from analysis.tables import all_tables, sensitivity_table  # noqa: PLC0415
    from app.reports.provenance_tables import provenance_tables  # noqa: PLC0415

    figures = all_tables(report.analysis) | {SENSITIVITY_FILE: sensitivity_table(report.sensitivity)}
    return figures | provenance_tables(report)


def _html_file(report: StudyReport, language: Language | None) -> ReportFile:
    spoken = language or Language(report.study.languages[0])
    name = f"{report.study.slug}-report-{spoken}.html"
    return ReportFile(name, "text/html; charset=utf-8", _rendered(report, spoken))


def _rendered(report: StudyReport, language: Language) -> bytes:
    # Only who asks for a drawing waits for the drawing library, which takes a second to load.
    from app.reports.html import render_html  # noqa: PLC0415

    return render_html(report, language).encode()


def _log_files(
    database: Database, clock: Clock, slug: str, actor: str, contents: Mapping[str, bytes]
) -> None:
    fingerprints = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    with database.writing() as connection:
        study = get_study_of(connection, slug)
        payload = {"sha256": fingerprints}
        append_event(connection, study.id, EventKind.REPORT_DOWNLOADED, actor, clock.now(), payload)


def _reported_study(study: Study) -> ReportedStudy:
    return ReportedStudy(
        slug=study.slug,
        texts=study.texts,
        languages=study.languages,
        time_zone=study.time_zone,
        synthetic=study.synthetic,
        contact=study.contact,
        concluded_at=study.concluded_at,
        conclusion_reason=study.conclusion_reason,
    )


def _reported_rounds(connection: Connection, study: Study, up_to_round: int) -> tuple[ReportedRound, ...]:
    n_statements = rounds.count_round_statements(connection, study.id)
    n_comments = ratings.count_comments(connection, study.id)
    n_questions = open_answers.count_round_questions(connection, study.id)
    n_answers = open_answers.count_open_answers(connection, study.id)
    return tuple(
        ReportedRound(
            one,
            n_statements=n_statements.get(one.number, 0),
            n_comments=n_comments.get(one.number, 0),
            n_questions=n_questions.get(one.number, 0),
            n_open_answers=n_answers.get(one.number, 0),
        )
        for one in rounds.read_rounds(connection, study.id)
        if one.number <= up_to_round
    )


def _panel_flow(row: FlowRow) -> PanelFlow:
    return PanelFlow(
        round=row.round,
        group=row.group,
        language=row.language,
        n_invited=row.n_invited,
        n_opened=row.n_opened,
        n_started=row.n_started,
        n_submitted=row.n_submitted,
    )


def _study_analysis(
    connection: Connection, study: Study, flow: Iterable[FlowRow], analyses: Sequence[RoundAnalysis]
) -> StudyAnalysis:
    """The stored analyses put together, with what became of the panel, from the frozen ratings."""
    # Only who asks for figures waits for the libraries they are computed with.
    from analysis.attrition import compare_leavers, panel_flow  # noqa: PLC0415
    from analysis.study_analysis import summarise_study  # noqa: PLC0415
    from app.storage.rating_columns import read_rating_columns  # noqa: PLC0415

    version = studies.protocol_in_force(connection, study.id).version
    protocol = AnalysisProtocol.from_mapping(studies.read_protocol_tables(connection, study.id, version))
    columns = read_rating_columns(connection, study.id, analyses[-1].round)
    asked = {one.round: tuple(dict.fromkeys(entry.statement for entry in one.statements)) for one in analyses}
    rated = to_ratings(columns, protocol, asked)
    invited: Counter[tuple[int, str]] = Counter()
    for row in flow:
        invited[row.round, row.group] += row.n_invited
    leavers = [
        comparison
        for one, (before, after) in zip(analyses[1:], pairwise(rated.rounds), strict=True)
        for comparison in compare_leavers(before, after, n_permutations=one.n_permutations, seed=one.seed)
    ]
    return summarise_study(analyses, panel_flow(rated, protocol.group_codes, invited), leavers)


def _origin(stored: StoredAnalysis) -> AnalysisOrigin:
    return AnalysisOrigin(
        round=stored.round_number,
        input_sha256=stored.input_sha256,
        protocol_version=stored.protocol_version,
        code_version=stored.code_version,
        seed=stored.seed,
        n_permutations=stored.result["n_permutations"],
        computed_at=stored.created_at,
    )


def _log_mark(event: Event | None) -> LogMark | None:
    return None if event is None else LogMark(event.sequence, event.kind, event.occurred_at, event.hash)
