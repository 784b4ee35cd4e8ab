"""A stored study becomes a report: what is read, what is handed out, and what the log keeps of it."""

import csv
import hashlib
import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from analysis.sensitivity import analyse_study_sensitivity
from app.clock import FixedClock
from app.domain.carry_forward import Override
from app.domain.errors import AnalysisMissing, StudyNotFound
from app.domain.event import Event, EventKind
from app.domain.recommendation import Audience, Basis, Recommendation, audiences_fingerprint
from app.domain.statement_editing import StatementDraft
from app.domain.study import Language
from app.reports.facts import ChangeKind, StudyReport
from app.reports.provenance_tables import COLUMNS
from app.services.analysing import read_frozen_ratings
from app.services.carrying_forward import override_rule
from app.services.finding import get_study_of
from app.services.overview import read_overview
from app.services.recommending import add_recommendation, save_audiences
from app.services.reporting import (
    ReportFormat,
    download_report,
    read_report,
    write_csv_report,
    write_html_report,
)
from app.services.restructuring import merge_statements, split_statement, withdraw_statement
from app.services.rounds import conclude_study
from app.services.statement_desk import read_editable_statements
from app.services.statement_editing import edit_statement
from app.storage import rounds
from app.storage.database import Database
from app.storage.events import read_events
from tests.prepared import Prepared
from tests.running_study import RunningStudy, small_study_after, small_study_prepared

EVERYBODY = range(12)
A_WEEK = timedelta(days=7)
TABLES = [
    "statements.csv",
    "decisions.csv",
    "divergence.csv",
    "pairwise.csv",
    "stability.csv",
    "agreement.csv",
    "attrition.csv",
    "sensitivity.csv",
    *COLUMNS,
]


def hold_round_1(study: RunningStudy) -> None:
    """S01 is accepted, and one panelist rates nothing."""
    study.open()
    for n in EVERYBODY[1:]:
        study.rate(
            n, {"S01": 3, "S02": 1 + n % 3, "S03": 2}, comments={"S02": "So it is."} if n < 3 else None
        )
    study.clock.advance(A_WEEK)
    study.close()
    study.release()


BEGUN = small_study_prepared("small-begun")
RATED = small_study_after(BEGUN, "small-rated", hold_round_1)


@pytest.fixture
def prepared(request: pytest.FixtureRequest) -> Prepared:
    """The small study, before or after its first round."""
    return RATED if "rated" in request.fixturenames else BEGUN


@pytest.fixture
def study(database: Database, clock: FixedClock, tmp_path: Path) -> RunningStudy:
    """The small study, imported, with links issued and no round yet."""
    folder = tmp_path / "folder"
    folder.mkdir()
    return RunningStudy(database, clock, folder, stands=True)


@pytest.fixture
def rated(study: RunningStudy) -> RunningStudy:
    """The small study after round 1, in which S01 was accepted and one panelist rated nothing."""
    study.clock.advance(A_WEEK)
    return study


def facts(study: RunningStudy) -> StudyReport:
    return read_report(study.database, study.slug)


def log_of(study: RunningStudy) -> list[Event]:
    with study.database.reading() as connection:
        return list(read_events(connection, get_study_of(connection, study.slug).id))


def download(study: RunningStudy, form: ReportFormat, language: Language | None = None) -> bytes:
    return download_report(study.database, study.clock, study.slug, "system", form, language).content


def test_there_is_no_report_of_a_study_that_is_not_there(database: Database) -> None:
    with pytest.raises(StudyNotFound, match="nowhere"):
        read_report(database, "nowhere")


def test_there_is_no_report_before_a_round_is_analysed(study: RunningStudy) -> None:
    study.open()
    with pytest.raises(AnalysisMissing, match="Round 1 has not been analysed yet"):
        read_report(study.database, study.slug)


def test_the_report_counts_what_the_overview_counts(rated: RunningStudy) -> None:
    (counts,) = facts(rated).analysis.final_counts
    overview = read_overview(rated.database, rated.clock, rated.slug)
    assert {
        decision: getattr(counts, decision.value) for decision in overview.decisions
    } == overview.decisions
    assert counts.n_statements == overview.n_statements == 3


def test_the_panels_flow_counts_invited_and_rated(rated: RunningStudy) -> None:
    report = facts(rated)
    peers, relatives, everybody = report.analysis.flow
    assert (peers.invited, peers.took_part) == (6, 5)
    assert (relatives.invited, relatives.took_part) == (6, 6)
    assert everybody.response == 11 / 12
    assert sum(row.n_started for row in report.flow) == 11


def test_comments_are_counted_by_round(rated: RunningStudy) -> None:
    assert [(one.n_statements, one.n_comments) for one in facts(rated).rounds] == [(3, 2)]


def test_statements_stand_in_the_studys_order_with_their_evidence(rated: RunningStudy) -> None:
    report = facts(rated)
    assert [statement.code for statement in report.statements] == ["S01", "S02", "S03"]
    assert [(card.code, card.statements) for card in report.evidence] == [("E01", ("S01", "S03"))]


def test_a_round_that_is_open_is_no_part_of_the_report(rated: RunningStudy) -> None:
    before = download(rated, ReportFormat.HTML)
    rated.open()
    rated.rate(3, {"S02": 1}, round_number=2)
    assert [one.round.number for one in facts(rated).rounds] == [1]
    assert download(rated, ReportFormat.HTML) == before


def test_the_report_vouches_for_the_log_up_to_the_last_step_of_the_study(rated: RunningStudy) -> None:
    mark = facts(rated).log
    assert mark is not None
    entry = log_of(rated)[mark.sequence - 1]
    assert entry.kind == mark.kind == EventKind.FEEDBACK_RELEASED
    assert entry.hash == mark.hash


def test_the_log_keeps_the_fingerprint_of_every_report_handed_out(rated: RunningStudy) -> None:
    content = download(rated, ReportFormat.HTML, Language.NL)
    last = log_of(rated)[-1]
    assert (last.kind, last.actor) == (EventKind.REPORT_DOWNLOADED, "system")
    assert last.payload == {"sha256": {"small-study-report-nl.html": hashlib.sha256(content).hexdigest()}}


def test_taking_the_report_twice_gives_the_same_bytes(rated: RunningStudy) -> None:
    for form in ReportFormat:
        first = download(rated, form)
        rated.clock.advance(timedelta(days=400))
        assert download(rated, form) == first


def test_the_report_speaks_the_reference_language_unless_asked_otherwise(rated: RunningStudy) -> None:
    assert b'<html lang="fr">' in download(rated, ReportFormat.HTML)
    assert b'<html lang="de">' in download(rated, ReportFormat.HTML, Language.DE)


def test_the_html_report_is_written_to_a_file_or_into_a_folder(rated: RunningStudy, tmp_path: Path) -> None:
    named = write_html_report(
        rated.database, rated.clock, rated.slug, tmp_path / "new" / "our-report.html", language=Language.NL
    )
    placed = write_html_report(rated.database, rated.clock, rated.slug, tmp_path, language=Language.NL)
    assert named == tmp_path / "new" / "our-report.html"
    assert placed == tmp_path / "small-study-report-nl.html"
    assert named.read_bytes() == placed.read_bytes() == download(rated, ReportFormat.HTML, Language.NL)


def test_the_tables_are_written_into_a_folder_and_are_those_of_the_archive(
    rated: RunningStudy, tmp_path: Path
) -> None:
    written = write_csv_report(rated.database, rated.clock, rated.slug, tmp_path / "tables")
    assert set(TABLES) <= {path.name for path in written}
    with zipfile.ZipFile(io.BytesIO(download(rated, ReportFormat.CSV))) as archive:
        assert {path.name: path.read_bytes() for path in written} == {
            name: archive.read(name) for name in archive.namelist()
        }
    with (tmp_path / "tables" / "decisions.csv").open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert [(row["round"], row["statement"], row["decision"]) for row in rows] == [
        ("1", "S01", "consensus_in"),
        ("1", "S02", "no_consensus"),
        ("1", "S03", "no_consensus"),
    ]


def test_other_rules_are_tried_when_a_round_is_analysed_and_stand_in_the_report(
    rated: RunningStudy, tmp_path: Path
) -> None:
    (stored,) = facts(rated).sensitivity
    assert (stored.round, [entry.statement for entry in stored.statements]) == (1, ["S01", "S02", "S03"])
    frozen = read_frozen_ratings(rated.database, rated.slug)
    assert (stored,) == analyse_study_sensitivity(frozen.ratings, frozen.protocol)
    assert b'id="sensitivity"' in download(rated, ReportFormat.HTML)
    write_csv_report(rated.database, rated.clock, rated.slug, tmp_path)
    with (tmp_path / "sensitivity.csv").open(newline="", encoding="utf-8") as lines:
        assert {row["statement"] for row in csv.DictReader(lines)} == {"S01", "S02", "S03"}


def test_a_round_analysed_before_other_rules_were_tried_is_reported_without_them(
    rated: RunningStudy, tmp_path: Path
) -> None:
    with rated.database.writing() as connection:
        (stored,) = rounds.read_analyses(connection, get_study_of(connection, rated.slug).id)
        older = {name: part for name, part in stored.result.items() if name != "sensitivity"}
        rounds.insert_analysis(
            connection, get_study_of(connection, rated.slug).id, replace(stored, result=older)
        )
    assert facts(rated).sensitivity == ()
    assert b'id="sensitivity"' not in download(rated, ReportFormat.HTML)
    write_csv_report(rated.database, rated.clock, rated.slug, tmp_path)
    assert (tmp_path / "sensitivity.csv").read_text(encoding="utf-8").count("\n") == 1


def test_no_internal_number_and_no_identity_is_in_the_report(rated: RunningStudy) -> None:
    html = download(rated, ReportFormat.HTML).decode()
    pseudonyms = [link.pseudonym for link in rated.links]
    assert not any(pseudonym in html for pseudonym in pseudonyms)
    assert "@example.org" not in html.replace("team@example.org", "")
    assert "So it is." not in html


def test_those_who_left_are_held_against_those_who_stayed(rated: RunningStudy) -> None:
    rated.open()
    for n in range(1, 10):
        rated.rate(n, {"S02": 2, "S03": 2}, round_number=2)
    rated.close()
    compared = {entry.statement: entry for entry in facts(rated).analysis.leavers}
    assert list(compared) == ["S01", "S02", "S03"]
    assert (compared["S02"].n_leavers, compared["S02"].n_stayers) == (2, 9)


def test_the_report_says_what_was_done_on_the_way_and_what_is_recommended(rated: RunningStudy) -> None:
    here = (rated.database, rated.clock, rated.slug, "system")
    override_rule(*here, 2, Override("S01", asks=True, reason="Unclear."))
    parts = [StatementDraft(code, "pay", {"fr": code, "nl": code}) for code in ("S03a", "S03b")]
    split_statement(*here, "S03", parts, "Two in one.")
    entry = read_editable_statements(rated.database, rated.slug).get("S02")
    other = replace(entry.draft, text={"fr": "Autre.", "nl": "Anders."})
    edit_statement(*here, other, known=entry.fingerprint, reason="Clearer.")
    assert [change.kind for change in facts(rated).changes] == [ChangeKind.SPLIT]
    rated.open()
    assert facts(rated).overrides == ()
    rated.close()
    rated.release()
    conclude_study(*here, reason="No money.")
    save_audiences(*here, [Audience("A01", {"fr": "Équipes"})], known=audiences_fingerprint(()))
    before = facts(rated)
    assert before.audiences == ()
    basis = Basis(("S01",), (), ("E01",))
    add_recommendation(*here, Recommendation(0, "A01", {"fr": "Payez."}, basis, {"fr": "Trop peu."}))
    report = facts(rated)
    assert report.study.conclusion_reason == "No money."
    assert [(one.round, one.statement, one.asks) for one in report.overrides] == [(2, "S01", True)]
    assert [(one.statement, one.kind) for one in report.changes] == [
        ("S02", ChangeKind.NEW_WORDING),
        ("S03", ChangeKind.SPLIT),
    ]
    assert report.audiences[0].recommendations[0].statements == ("S01",)
    assert before.log is not None
    assert report.log is not None
    assert (before.log.kind, report.log.kind) == (
        EventKind.AUDIENCES_CHANGED,
        EventKind.RECOMMENDATION_WRITTEN,
    )


def test_what_was_merged_or_withdrawn_stands_in_the_report(rated: RunningStudy) -> None:
    here = (rated.database, rated.clock, rated.slug, "system")
    merged = StatementDraft("S04", "pay", {"fr": "Un", "nl": "Een"})
    merge_statements(*here, ["S02", "S03"], merged, "The same.")
    withdraw_statement(*here, "S01", "Superseded.")
    assert [(one.statement, one.kind, one.others) for one in facts(rated).changes] == [
        ("S01", ChangeKind.WITHDRAWN, ()),
        ("S04", ChangeKind.MERGED, ("S02", "S03")),
    ]
