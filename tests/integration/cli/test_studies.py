"""A study is run from the command line: brought in, rounds opened and closed, ended; a refusal says why."""

import io
import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from app.interchange.study_folder import read_study_folder
from app.services.accounts import sign_in
from app.services.overview import read_overview
from app.storage.database import Database
from tests.small_study import PANEL, Folder

MODEL_STUDY = Path(__file__).parents[3] / "app" / "demo" / "peer_support"


@pytest.fixture
def installed(castalia, database_url):
    """The command, on a database with the whole schema."""
    return lambda *words: castalia(*words, CASTALIA_DATABASE_URL=database_url)


def test_a_study_is_run_from_its_files_to_its_end(installed, clock, database_url):
    deadline = "2999-05-12T18:00+02:00"
    for words, said in [
        (
            ["study", "import", str(MODEL_STUDY)],
            "The study peer-support is stored: 52 statements, 70 panelists.",
        ),
        (
            ["round", "open", "peer-support", "--closes", deadline],
            "Round 1 of peer-support is open: 52 statements, ",
        ),
        (
            ["round", "close", "peer-support"],
            "Round 1 of peer-support is closed: 0 of 70 panelists handed in. ",
        ),
        (["round", "release", "peer-support"], "The feedback of round 1 of peer-support is released."),
    ]:
        answer = installed(*words)
        assert (answer.code, answer.complained) == (0, [])
        assert answer.said.startswith(said)
    refused = installed("study", "conclude", "peer-support")
    why = "castalia: The stopping rule advises to go on. Say why the study ends; the report prints it."
    assert (refused.code, refused.complained) == (2, [why])
    ended = installed("study", "conclude", "peer-support", "--reason", "The council decides next week.")
    assert ended.said.startswith("The study peer-support is concluded.")
    database = Database(database_url)
    closed = read_overview(database, clock, "peer-support").rounds[0].round
    database.close()
    assert closed.closes_at is not None
    assert closed.closes_at.isoformat() == "2999-05-12T16:00:00+00:00"


def test_a_study_is_exported_as_the_folder_from_which_it_came(installed, tmp_path):
    installed("study", "import", str(MODEL_STUDY))
    out = tmp_path / "taken" / "out"
    answer = installed("study", "export", "peer-support", "--out", str(out))
    assert (answer.code, answer.complained) == (0, [])
    assert answer.said.startswith(f"{out}: study.toml, statements.csv, panel.csv. Version 1 of the protocol")
    assert out.stat().st_mode & 0o077 == 0
    assert read_study_folder(out).tables == read_study_folder(MODEL_STUDY).tables
    again = installed("study", "export", "peer-support", "--out", str(out))
    assert (again.code, "is there already" in again.complained[0]) == (2, True)


def test_a_study_is_exported_without_its_panel_and_none_leaves_no_folder_behind(installed, tmp_path):
    installed("study", "import", str(MODEL_STUDY))
    out = tmp_path / "out"
    assert installed("study", "export", "nothing", "--out", str(out)).code == 2
    assert not out.exists()
    assert installed("study", "export", "peer-support", "--out", str(out), "--no-panel").code == 0
    assert sorted(file.name for file in out.iterdir()) == ["statements.csv", "study.toml"]


def test_a_second_import_of_the_same_study_says_so(installed):
    installed("study", "import", str(MODEL_STUDY))
    answer = installed("study", "import", str(MODEL_STUDY))
    assert answer.code == 1
    assert answer.complained[0].startswith("castalia: The study “peer-support” is already stored.")


def test_every_fault_of_a_folder_is_a_line_of_its_own_and_nothing_is_stored(installed, tmp_path):
    folder = Path(shutil.copytree(MODEL_STUDY, tmp_path / "study"))
    panel = folder / "panel.csv"
    panel.write_text(panel.read_text(encoding="utf-8") + "Zoe,no address,nobody,fr\n", encoding="utf-8")
    (folder / "statements.csv").unlink()
    answer = installed("study", "import", str(folder))
    assert answer.code == 2
    assert answer.said == ""
    *faults, last = answer.complained
    assert len(faults) == 3
    assert faults[0].startswith("castalia: statements.csv: ")
    assert all(line.startswith("castalia: panel.csv, row 72, ") for line in faults[1:])
    assert last == "castalia: Nothing was stored: the files have 3 faults."
    assert installed("round", "open", "peer-support").code == 2


def test_faults_of_a_folder_are_told_in_the_language_that_is_asked_for(installed, tmp_path):
    folder = Path(shutil.copytree(MODEL_STUDY, tmp_path / "study"))
    (folder / "statements.csv").unlink()
    answer = installed("study", "import", str(folder), "--language", "fr")
    assert answer.code == 2
    assert answer.complained == [
        "castalia: statements.csv: manque dans le dossier.",
        "castalia: Rien n’a été enregistré : les fichiers contiennent une erreur.",
    ]


def test_what_is_not_translated_yet_is_listed_and_keeps_no_study_from_being_stored(installed, tmp_path):
    folder = Folder(tmp_path)
    folder.edit("statements.csv", "De hoop groeit.", "")
    answer = installed("study", "import", str(tmp_path), "--language", "nl")
    assert (answer.code, answer.complained) == (0, [])
    stored, what, missing = answer.said.splitlines()
    assert stored == "The study small-study is stored: 3 statements, 2 panelists."
    assert what == "Dit moet nog geschreven worden voordat de eerste ronde kan beginnen:"
    assert missing.startswith("- statements.csv, S01.text.nl: ")


def test_a_folder_in_windows_1252_is_named_and_read_if_that_is_wanted(installed, tmp_path):
    folder = Folder(tmp_path)
    folder.write("panel.csv", PANEL.encode("cp1252") + b"Zoe,no address,peers,fr\n")
    refused = installed("study", "import", str(tmp_path))
    assert refused.code == 2
    assert refused.complained[0].startswith("castalia: panel.csv, row 3, name: is not written in UTF-8.")
    assert refused.complained[-1] == (
        "castalia: panel.csv: seems to be written in Windows-1252. "
        "With --encoding windows-1252 it is read so."
    )
    still = installed("study", "import", str(tmp_path), "--encoding", "windows-1252")
    fault, last = still.complained
    assert fault.startswith("castalia: panel.csv, row 4, email: ")
    assert last == "castalia: Nothing was stored: the files have one fault."
    folder.write("panel.csv", PANEL.encode("cp1252"))
    answer = installed("study", "import", str(tmp_path), "--encoding", "windows-1252")
    assert (answer.code, answer.complained) == (0, [])
    assert answer.said.splitlines() == [
        "Read as Windows-1252: panel.csv.",
        "The study small-study is stored: 3 statements, 2 panelists.",
    ]


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (
            ["study", "import", "nowhere"],
            2,
            "Invalid value for 'directory': dir 'nowhere' does not exist.",
        ),
        (["study", "conclude", "nothing"], 2, "There is no study “nothing” here."),
        (["round", "open", "nothing"], 2, "There is no study “nothing” here."),
        (
            ["round", "open", "s", "--closes", "2999-05-12T18:00"],
            2,
            "Invalid value for '--closes': Write date, time",
        ),
        (["round", "open", "s", "--closes", "tomorrow"], 2, "Invalid value for '--closes': Write date, time"),
        (
            ["researcher", "add", "a@b.org", "--name", "Ana", "--study", "nothing"],
            2,
            "There is no study “nothing” here.",
        ),
    ],
)
def test_what_is_not_there_is_named(installed, words, code, line):
    answer = installed(*words)
    assert answer.code == code
    assert len(answer.complained) == 1
    assert answer.complained[0].startswith(f"castalia: {line}")


def test_a_step_that_is_not_possible_now_is_one_line_and_code_1(installed):
    installed("study", "import", str(MODEL_STUDY))
    installed("round", "open", "peer-support")
    answer = installed("round", "open", "peer-support")
    assert answer.code == 1
    assert answer.complained == ["castalia: Round 1 is open; it cannot be opened now."]


def test_a_database_without_tables_says_how_to_make_them(castalia):
    answer = castalia("round", "open", "peer-support")
    assert answer.code == 1
    assert answer.complained == [
        "castalia: The database does not answer, or has no tables yet. `castalia migrate` makes them."
    ]


def test_a_researcher_can_sign_in_with_the_password_that_was_given(
    installed, clock, database_url, monkeypatch
):
    password = "correct horse battery staple"
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    answer = installed("researcher", "add", "ana@example.org", "--name", "Ana Peeters", "--password-stdin")
    assert (answer.code, answer.said) == (0, "Ana Peeters can sign in as ana@example.org.\n")
    database = Database(database_url)
    assert (
        sign_in(database, clock, "ana@example.org", password, session_hours=1).researcher.name
        == "Ana Peeters"
    )
    database.close()


@pytest.mark.parametrize(
    ("email", "password", "line"),
    [
        ("ana", "correct horse battery staple", "“ana” does not look like an e-mail address."),
        ("ana@example.org", "horse", "Choose a password of at least 12 characters."),
    ],
)
def test_an_account_that_cannot_be_made_says_why(installed, monkeypatch, email, password, line):
    monkeypatch.setattr("sys.stdin", io.StringIO(password))
    answer = installed("researcher", "add", email, "--name", "Ana", "--password-stdin")
    assert answer.code == 2
    assert len(answer.complained) == 1
    assert answer.complained[0].startswith(f"castalia: {line}")


def test_a_protocol_is_amended_with_a_reason_and_only_so(installed, tmp_path):
    installed("study", "import", str(MODEL_STUDY))
    folder = Path(shutil.copytree(MODEL_STUDY, tmp_path / "study"))
    rules = (folder / "study.toml").read_text(encoding="utf-8")
    (folder / "study.toml").write_text(rules.replace("threshold = 70", "threshold = 75"), encoding="utf-8")
    answer = installed("study", "amend", "peer-support", str(folder), "--reason", "As in the plan")
    assert answer.code == 0
    assert answer.said.startswith("Version 2 of the protocol of peer-support is in force (SHA-256 ")
    answer = installed("study", "amend", "peer-support", str(folder), "--reason", " ")
    assert (answer.code, answer.complained) == (
        2,
        ["castalia: Say why the protocol is amended; the report prints the reason."],
    )


def test_the_log_is_checked_and_a_printed_hash_is_found_in_it(installed, database_url):
    installed("study", "import", str(MODEL_STUDY))
    whole = installed("study", "check-log", "peer-support")
    assert whole.code == 0
    assert whole.said.startswith("The log of peer-support is whole: ")
    head = whole.said.strip().rpartition(" ")[2].rstrip(".")
    found = installed("study", "check-log", "peer-support", "--hash", head.upper())
    assert (found.code, "The hash that was printed is that of entry " in found.said) == (0, True)
    stranger = installed("study", "check-log", "peer-support", "--hash", "0" * 64)
    assert stranger.code == 2
    assert "none of its entries has the hash 000" in stranger.complained[0]


def test_a_log_that_was_changed_ends_the_check_with_the_entry_that_does_not_fit(installed, database_url):
    installed("study", "import", str(MODEL_STUDY))
    database = Database(database_url)
    with database.writing() as connection:
        connection.execute(text("UPDATE event SET actor = 'researcher:7' WHERE sequence = 1"))
    database.close()
    broken = installed("study", "check-log", "peer-support")
    assert (broken.code, broken.said) == (1, "")
    assert "is not whole: from entry 1 on" in broken.complained[0]
