"""A report says what was done against the rule, what became of statements, what is recommended to whom."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest

from app.i18n import LANGUAGE_NAMES
from app.reports.facts import (
    ChangeKind,
    ReportedAudience,
    ReportedOverride,
    ReportedRecommendation,
    ReportedTheme,
    StatementChange,
    StudyReport,
)
from app.reports.html import render_html
from app.reports.provenance_tables import COLUMNS, provenance_tables
from tests.unit.reports.examples import report
from tests.unit.reports.reading import read, table, words

PAY = ReportedTheme("Pay", {"fr": "La rémunération"})
AUDIENCES = (
    ReportedAudience(
        "A01",
        {"fr": "Les équipes", "en": "Teams"},
        (
            ReportedRecommendation({"en": "Pay them.", "fr": "Payez."}, {}, ("S1",), ("E1", "E9"), (PAY,)),
            ReportedRecommendation({"fr": "Attendez."}, {"en": "The panel is <divided>."}, ("S2",), (), ()),
        ),
    ),
    ReportedAudience("A02", {}, (ReportedRecommendation({"en": "Fund it."}, {}, (), ("E1",), ()),)),
)
OVERRIDES = (
    ReportedOverride(2, "S1", asks=True, reason="Its wording was unclear."),
    ReportedOverride(2, "S3", asks=False, reason="It is asked elsewhere."),
)
CHANGES = (
    StatementChange("S1", ChangeKind.NEW_WORDING, "Clearer.", version=2, round=2),
    StatementChange("S1", ChangeKind.FROM_TEXTS, n_texts=3),
    StatementChange("S2", ChangeKind.SPLIT, "Two in one.", ("S2a", "S2b")),
    StatementChange("S3", ChangeKind.WITHDRAWN),
)


def full_report() -> StudyReport:
    """The example's report with everything that a course can have."""
    facts = report(audiences=AUDIENCES, overrides=OVERRIDES, changes=CHANGES)
    return replace(facts, study=replace(facts.study, conclusion_reason="The money ran out."))


@pytest.fixture(scope="module")
def english() -> str:
    return render_html(full_report(), "en")


def test_every_audience_has_a_chapter_of_its_own_right_after_the_summary(english):
    headings = [a["id"] for tag, a in read(english).tags if tag == "h2" and "id" in a]
    assert headings[1:4] == ["summary", "recommendations-A01", "recommendations-A02"]
    said = words(english)
    assert "Recommendations: Teams" in said
    assert "Recommendations: A02" in said


def test_a_recommendation_leads_to_what_it_rests_on(english):
    links = [a.get("href") for tag, a in read(english).tags if tag == "a"]
    assert "#statement-S1-agreement" in links
    assert "#evidence-E1" in links
    assert "#evidence-E9" not in links
    assert "Theme Pay" in words(english)
    names = {a["id"] for _, a in read(english).tags if "id" in a}
    assert {href[1:] for href in links if href} <= names


def test_a_theme_is_called_as_readers_of_the_language_call_it():
    assert "Thème La rémunération" in words(render_html(full_report(), "fr"))


def test_what_was_recommended_after_the_end_is_said_to_be_later_than_the_decisions(english):
    facts = full_report()
    assert facts.study.concluded_at is not None
    later = facts.study.concluded_at + timedelta(days=3)
    assert "was last changed after that" not in words(english)
    for moment, said in ((facts.study.concluded_at, False), (later, True)):
        shown = words(render_html(replace(facts, recommended_at=moment), "en"))
        assert ("What it recommends was last changed after that" in shown) is said


def test_what_rests_on_no_consensus_stands_with_its_reservation(english):
    said = words(english)
    assert "Reservation: The panel is <divided>. Rests on S2 Pay is <b>equal</b>. No consensus" in said
    assert '<span lang="fr">Attendez.</span>' in english


def test_what_was_asked_against_the_rule_stands_in_the_method(english):
    shown = table(english, "Statements that a round asked, or left out, against the rule")
    assert [list(row.values()) for row in (shown.row("Round 2"),)]
    said = words(english)
    assert "Round 2 S1 asked Its wording was unclear." in said
    assert "Round 2 S3 left out It is asked elsewhere." in said
    assert "It was ended against this rule, because: The money ran out." in said


def test_what_became_of_statements_stands_with_the_sources(english):
    said = words(english)
    assert "S1 new wording (version 2), first asked in round 2 Clearer." in said
    assert "S1 written out of 3 coded texts" in said
    assert "S2 split into S2a and S2b Two in one." in said
    assert "S3 withdrawn" in said


def test_a_study_without_any_of_it_says_nothing_of_it():
    said = words(render_html(report(), "en"))
    for heading in ("Recommendations", "against the rule", "What became of statements", "It was ended"):
        assert heading not in said


@pytest.mark.parametrize("locale", LANGUAGE_NAMES)
def test_all_of_it_is_said_in_every_language(locale):
    said = words(render_html(full_report(), locale))
    if locale != "en":
        for english in ("Recommendations:", "Reservation", "Rests on", "against the rule", "left out"):
            assert english not in said
    assert "The money ran out." in said


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_the_tables_have_the_provenance_of_every_round():
    tables = provenance_tables(full_report())
    assert list(tables) == list(COLUMNS)
    first, second = rows_of(tables["provenance.csv"])
    facts = report()
    assert first["input_sha256"] == facts.origins[0].input_sha256
    assert (second["protocol_version"], second["protocol_sha256"]) == ("1", facts.protocols[0].sha256)
    assert (first["seed"], first["log_entry"], first["log_sha256"]) == ("7", "1234", "f" * 64)
    assert rows_of(tables["protocols.csv"])[0]["sha256"] == facts.protocols[0].sha256


def test_the_tables_say_what_was_overridden_changed_and_recommended():
    tables = provenance_tables(full_report())
    assert [(row["statement"], row["asked"]) for row in rows_of(tables["overrides.csv"])] == [
        ("S1", "yes"),
        ("S3", "no"),
    ]
    assert rows_of(tables["statement_changes.csv"])[2]["others"] == "S2a S2b"
    said = rows_of(tables["recommendations.csv"])
    assert [(row["audience"], row["place"], row["language"]) for row in said[:3]] == [
        ("A01", "1", "fr"),
        ("A01", "1", "en"),
        ("A01", "2", "fr"),
    ]
    assert (said[1]["text"], said[1]["evidence"], said[3]["text"]) == ("Pay them.", "E1 E9", "")


def test_ratings_from_a_file_have_tables_with_no_more_than_their_headings():
    bare = replace(report(), protocols=(), origins=(), log=None)
    for name, content in provenance_tables(bare).items():
        assert content.decode().strip() == ",".join(COLUMNS[name])
