"""A study is taken out as its files, and brought in again the same; the log says who took which names."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.errors import ActionBlocked
from app.domain.protocol import protocol_sha256
from app.domain.statement_editing import StatementDraft
from app.domain.study_definition import StudyDefinition
from app.interchange.study_folder import read_study_folder, what_is_missing
from app.services.consent import decline_consent
from app.services.exporting import export_study
from app.services.importing import import_study
from app.services.log import read_log
from app.services.restructuring import withdraw_statement
from app.services.rounds import open_round
from app.services.statement_editing import edit_statement
from app.storage import panel, studies
from app.storage.statement_entries import read_entries
from tests.panel_study import ACTOR, PlayedStudy, panel_study
from tests.unit.domain.test_theme_reading import THEMES

FOLDERS = {
    "the demonstration": Path(__file__).parents[3] / "app" / "demo" / "peer_support",
    **{
        name: Path(__file__).parents[2] / name
        for name in (
            "garden_study",
            "garden_open_study",
            "garden_real_time_study",
            "garden_languages_study",
        )
    },
}


def by_name(study: StudyDefinition) -> StudyDefinition:
    """The study with its people in the order in which they are written."""
    return replace(study, panel=tuple(sorted(study.panel, key=lambda one: (one.name, one.email))))


def read_again(files, folder: Path) -> StudyDefinition:
    """What somebody reads who is given the files."""
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return read_study_folder(folder)


@pytest.mark.parametrize("folder", FOLDERS.values(), ids=FOLDERS)
def test_what_was_imported_is_exported_the_same(database, clock, tmp_path, folder):
    definition = read_study_folder(folder)
    import_study(database, clock, definition)
    exported = export_study(database, clock, definition.slug, ACTOR, with_panel=True)
    again = read_again(exported.files, tmp_path / "again")
    assert again == by_name(definition)
    import_study(database, clock, replace(again, slug="brought-in-again"))
    with database.reading() as connection:
        assert studies.protocol_in_force(connection, 2).sha256 == exported.version.sha256
    twin = export_study(database, clock, "brought-in-again", ACTOR, with_panel=True)
    assert {**twin.files, "study.toml": b""} == {**exported.files, "study.toml": b""}


def test_a_study_translated_by_half_makes_the_round_and_waits_with_its_first_round(database, clock, tmp_path):
    whole = panel_study()
    first, *others = whole.statements
    card, *cards = whole.evidence
    half = replace(
        whole,
        topics=(replace(whole.topics[0], name={"nl": "Waarvoor"}), *whole.topics[1:]),
        statements=(replace(first, text={"fr": "Un jardin"}, note={}), *others),
        evidence=(replace(card, what={"en": "What"}, why={}, source=""), *cards),
    )
    import_study(database, clock, half)
    exported = export_study(database, clock, half.slug, ACTOR, with_panel=True)
    again = read_again(exported.files, tmp_path / "again")
    assert again == by_name(half)
    assert exported.version.sha256 == protocol_sha256(whole.tables)
    assert {fault.field.rpartition(".")[0] for fault in what_is_missing(again)} == {
        "topic[1].name",
        "evidence[1].what",
        f"{first.code}.text",
    }
    with pytest.raises(ActionBlocked) as blocked:
        open_round(database, clock, half.slug, ACTOR)
    assert [str(blocker) for blocker in blocked.value.blockers] == [
        f"These statements miss a translation: {first.code}.",
        "These topics miss their name in a language: value.",
        f"These evidence cards miss a translation: {card.code}.",
    ]


def test_the_same_study_gives_the_same_archive_at_another_time(database, clock):
    import_study(database, clock, panel_study())
    first = export_study(database, clock, "garden-study", ACTOR, with_panel=True).archive
    clock.advance(timedelta(days=3))
    assert export_study(database, clock, "garden-study", ACTOR, with_panel=True).archive == first


def test_without_the_panel_no_file_names_anybody(database, clock):
    import_study(database, clock, panel_study())
    exported = export_study(database, clock, "garden-study", ACTOR, with_panel=False)
    assert sorted(exported.files) == ["statements.csv", "study.toml"]
    said = b"".join(exported.files.values()).decode()
    assert not any(person.name in said or person.email in said for person in panel_study().panel)


def test_the_log_says_whether_names_were_taken_out(database, clock):
    import_study(database, clock, panel_study())
    export_study(database, clock, "garden-study", "researcher:7", with_panel=False)
    export_study(database, clock, "garden-study", "researcher:7", with_panel=True)
    with_names, without, *_ = read_log(database, "garden-study").events
    assert (with_names.kind, with_names.actor) == ("StudyExported", "researcher:7")
    assert with_names.payload["n_panelists"] == len(panel_study().panel)
    assert "n_panelists" not in without.payload
    assert without.payload["version"] == 1


def test_whoever_has_left_and_whatever_is_withdrawn_stays_behind(database, clock, tmp_path):
    study = PlayedStudy.begin(database, clock)
    decline_consent(database, clock, study.visitor(study.links[0]))
    withdraw_statement(database, clock, "garden-study", ACTOR, "S02", "Asked elsewhere.")
    exported = export_study(database, clock, "garden-study", ACTOR, with_panel=True)
    again = read_again(exported.files, tmp_path / "again")
    left = panel_study().panel[0]
    assert left.email not in {person.email for person in again.panel}
    assert len(again.panel) == len(panel_study().panel) - 1
    assert "S02" not in {statement.code for statement in again.statements}
    with database.reading() as connection:
        assert panel.read_panel(connection, 1)[0].has_left


def test_a_note_under_a_statement_and_its_newest_wording_come_along(database, clock, tmp_path):
    import_study(database, clock, panel_study())
    first = panel_study().statements[0]
    draft = StatementDraft(first.code, first.topic, {**first.text, "en": "Gardens heal"}, {"en": "=1+1"})
    with database.reading() as connection:
        known = read_entries(connection, 1)[0].entry.fingerprint
    edit_statement(database, clock, "garden-study", ACTOR, draft, known=known)
    exported = export_study(database, clock, "garden-study", ACTOR, with_panel=False)
    again = read_again(exported.files, tmp_path / "again").statements[0]
    assert (again.text["en"], again.note) == ("Gardens heal", {"en": "=1+1"})


def test_themes_come_along_with_the_statements_that_they_are_matched_with(database, clock, tmp_path):
    definition = replace(panel_study(), themes=THEMES)
    import_study(database, clock, definition)
    withdraw_statement(database, clock, "garden-study", ACTOR, "S03", "Asked elsewhere.")
    exported = export_study(database, clock, "garden-study", ACTOR, with_panel=False)
    *others, money = read_again(exported.files, tmp_path / "again").themes
    assert (*others, replace(money, statements=("S02", "S03"))) == THEMES
    assert money.statements == ("S02",)
