"""Every command has help with an example; every error is one clear line that tells whose turn it is."""

import pytest
import typer

from app.cli.command import castalia as command
from app.storage.database import Database


def every_command(group, *path):
    """Return the words of every command there is."""
    return [
        words
        for name, found in group.commands.items()
        for words in (every_command(found, *path, name) if hasattr(found, "commands") else [(*path, name)])
    ]


@pytest.mark.parametrize("words", every_command(typer.main.get_group(command)), ids=" ".join)
def test_every_command_has_help_with_an_example(castalia, words):
    answer = castalia(*words, "--help")
    assert answer.code == 0
    assert "Example: " in answer.said
    assert "castalia " + " ".join(words) in " ".join(answer.said.replace("│", " ").split())


def test_the_command_alone_shows_what_it_can_do(castalia):
    answer = castalia()
    assert answer.code == 0
    assert "migrate" in answer.said
    assert answer.complained == []


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["celebrate"], "castalia: No such command 'celebrate'."),
        (["migrate", "--twice"], "castalia: No such option: --twice"),
        (["serve", "--processes", "many"], "castalia: Invalid value for '--processes'"),
        (["serve", "--processes", "0"], "castalia: Invalid value for '--processes'"),
    ],
)
def test_a_command_that_cannot_be_meant_is_one_line_and_code_2(castalia, words, line):
    answer = castalia(*words)
    assert answer.code == 2
    assert len(answer.complained) == 1
    assert answer.complained[0].startswith(line)
    assert answer.said == ""


def test_a_wrong_setting_is_named(castalia):
    answer = castalia("migrate", CASTALIA_DATABASE_URL="mysql://castalia")
    assert answer.code == 2
    assert len(answer.complained) == 1
    assert answer.complained[0].startswith("castalia: CASTALIA_DATABASE_URL: ")


def test_production_without_a_secret_is_refused(castalia):
    answer = castalia("migrate", CASTALIA_ENVIRONMENT="production")
    assert answer.code == 2
    assert answer.complained == ["castalia: In production, set CASTALIA_SECRET to a secret of your own."]


def test_migrating_makes_a_database_that_is_ready_and_migrating_again_keeps_it(castalia, empty_database_url):
    for _ in range(2):
        answer = castalia("migrate", CASTALIA_DATABASE_URL=empty_database_url)
        assert (answer.code, answer.complained) == (0, [])
        assert answer.said == "The database is up to date.\n"
    database = Database(empty_database_url)
    assert database.is_ready()
    database.close()


def test_a_database_that_is_away_is_one_line_and_code_1(castalia, tmp_path):
    answer = castalia("migrate", CASTALIA_DATABASE_URL=f"postgresql:///castalia?host={tmp_path}")
    assert answer.code == 1
    assert len(answer.complained) == 1
    assert answer.complained[0].startswith("castalia: The database does not answer.")


def test_a_database_of_a_newer_version_is_left_alone(castalia, database_url):
    database = Database(database_url)
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'from the future'")
    database.close()
    answer = castalia("migrate", CASTALIA_DATABASE_URL=database_url)
    assert answer.code == 1
    assert answer.complained == [
        "castalia: This database was made by a newer Castalia. Nothing was changed: use that version."
    ]
