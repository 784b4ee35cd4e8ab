"""A study folder is read whole: a good one completely, a bad one with every fault in every file."""

from pathlib import Path

import pytest

from app.domain.errors import ImportRefused
from app.domain.feedback import FeedbackPolicy
from app.domain.panel import Invitee
from app.domain.profile import QuestionKind
from app.domain.protocol import protocol_from_tables
from app.interchange import source_text
from app.interchange.study_folder import files_in_windows_1252, read_study_folder
from tests.small_study import PANEL

DEMO = Path(__file__).parents[3] / "app" / "demo" / "peer_support"


def test_a_good_folder_is_read_completely(folder):
    study = folder.read()
    assert (study.slug, study.time_zone, study.languages) == ("small-study", "Europe/Brussels", ("fr", "nl"))
    assert (study.synthetic, study.contact, study.minutes_per_round) == (True, "team@example.org", 10)
    assert study.texts.title == {"fr": "Petite étude", "nl": "Kleine studie"}
    assert study.protocol.group_codes == ("peers", "relatives")
    assert [topic.code for topic in study.topics] == ["value", "pay"]
    assert [(question.code, question.kind) for question in study.profile_questions] == [
        ("role", QuestionKind.SINGLE),
        ("years", QuestionKind.NUMBER),
    ]
    assert [option.code for option in study.profile_questions[0].options] == ["a", "b"]
    assert study.evidence[0].statements == ("S01", "S03")
    assert study.panel == (
        Invitee("Ann Example", "ann@example.org", "peers", "nl"),
        Invitee("Éloi Exemple", "eloi@example.org", "relatives", "fr"),
    )


def test_statements_keep_their_order_and_their_commas(folder):
    statements = folder.read().statements
    assert [statement.code for statement in statements] == ["S01", "S02", "S03"]
    assert statements[1].text["fr"] == "Le salaire, pour tous, est égal."
    assert [statement.origin for statement in statements] == ["literature", "", "experience"]


def test_the_stored_tables_are_the_protocol(folder):
    study = folder.read()
    assert protocol_from_tables(study.tables) == study.protocol


def test_the_model_study_has_no_fault():
    study = read_study_folder(DEMO)
    assert len(study.statements) == 52
    assert study.protocol.feedback.policy is FeedbackPolicy.ALL


def test_faults_of_all_three_files_are_named_together(folder):
    folder.edit("study.toml", "rounds = 3", "rounds = 0")
    folder.edit("statements.csv", "S01,value", "S01,")
    folder.edit("panel.csv", ",peers,", ",nobody,")
    assert folder.faults() == [
        (
            "study.toml, protocol.rounds: must be a whole number from 1 to 20, or a list of rounds, "
            "each one of open, rating, real_time."
        ),
        "statements.csv, row 2, topic: is empty; every statement belongs to a topic.",
        "panel.csv, row 2, group: “nobody” is not a group of this study. Its groups are peers, relatives.",
    ]


def test_the_refusal_counts_its_faults(folder):
    folder.edit("statements.csv", "S01,value", "S01,")
    folder.edit("panel.csv", ",peers,", ",nobody,")
    with pytest.raises(ImportRefused) as refusal:
        folder.read()
    assert str(refusal.value) == "Nothing was stored: the files have 2 faults."


@pytest.mark.parametrize("file", ["study.toml", "statements.csv"])
def test_a_missing_file_is_named(folder, file):
    (folder.path / file).unlink()
    assert folder.faults() == [f"{file}: is missing from the folder."]


def test_without_a_panel_nobody_is_invited_yet(folder):
    (folder.path / "panel.csv").unlink()
    assert folder.read().panel == ()


def test_a_folder_that_is_not_there_misses_what_every_study_has(tmp_path):
    with pytest.raises(ImportRefused) as refusal:
        read_study_folder(tmp_path / "nowhere")
    assert [fault.file for fault in refusal.value.faults] == ["study.toml", "statements.csv"]


def test_a_file_that_cannot_be_opened_says_why(folder):
    (folder.path / "panel.csv").unlink()
    (folder.path / "panel.csv").mkdir()
    assert folder.faults() == ["panel.csv: cannot be opened: Is a directory."]


def test_files_in_windows_1252_are_named_and_read_if_that_is_wanted(folder):
    for file in ("statements.csv", "panel.csv"):
        folder.write(file, (folder.path / file).read_text(encoding="utf-8").encode("cp1252"))
    assert files_in_windows_1252(folder.path) == ("statements.csv", "panel.csv")
    assert "row 2, text_fr: is not written in UTF-8. In Windows-1252 it reads “L’espoir" in folder.faults()[0]
    study = read_study_folder(folder.path, windows_1252=True)
    assert study.statements[2].text["fr"] == "Le rôle est “connu”."
    assert study.panel[1].name == "Éloi Exemple"


def test_a_file_that_mixes_encodings_or_is_too_large_is_not_read_as_windows_1252(folder, monkeypatch):
    folder.write("panel.csv", PANEL.encode() + "Zoé Mixte,zoe@example.org,peers,fr\n".encode("cp1252"))
    assert files_in_windows_1252(folder.path) == ()
    with pytest.raises(ImportRefused, match="one fault"):
        read_study_folder(folder.path, windows_1252=True)
    folder.write("panel.csv", PANEL.encode("cp1252"))
    monkeypatch.setattr(source_text, "SIZE_LIMIT", len(PANEL) - 1)
    with pytest.raises(ImportRefused) as refusal:
        read_study_folder(folder.path, windows_1252=True)
    said = [str(fault) for fault in refusal.value.faults if fault.file == "panel.csv"]
    assert len(said) == 1
    assert said[0].startswith("panel.csv: is larger than")


def test_evidence_on_an_unknown_statement_is_named(folder):
    folder.edit("study.toml", '["S01", "S03"]', '["S01", "S99"]')
    assert folder.faults() == [
        "study.toml, evidence[1].statements: “S99” is not a statement of statements.csv."
    ]


def test_evidence_is_not_blamed_for_a_statement_that_could_not_be_read(folder):
    folder.edit("statements.csv", "S03,pay,experience,", "S03,pay,")
    assert [fault.partition(":")[0] for fault in folder.faults()] == ["statements.csv, row 4"]


def test_faults_are_listed_file_by_file(folder):
    folder.edit("panel.csv", ",peers,", ",nobody,")
    folder.edit("study.toml", '["S01", "S03"]', '["S99"]')
    with pytest.raises(ImportRefused) as refusal:
        folder.read()
    assert [str(fault).partition(",")[0] for fault in refusal.value.faults] == ["study.toml", "panel.csv"]
