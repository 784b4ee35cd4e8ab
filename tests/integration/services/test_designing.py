"""A study's design is put in place of the one before as long as nobody rates; nothing else is touched."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.clock import FixedClock
from app.domain.design import with_languages_only
from app.domain.errors import (
    ActionBlocked,
    ContactNeedsReason,
    DesignChangedMeanwhile,
    GroupHasPanelists,
    LanguageHasOnlyTexts,
    LanguageHasPanelists,
    OpenQuestionsAreFixed,
    ProfileIsFixed,
    ProtocolNotValid,
    TextsAreFixed,
)
from app.services.designing import read_standing_design, save_design
from app.services.exporting import export_study
from app.services.importing import import_study
from app.services.overview import read_overview
from app.services.rounds import conclude_study
from app.storage.database import Database
from app.storage.profiles import read_profile_questions
from tests.running_study import RunningStudy
from tests.small_study import Folder


def design_of(study: RunningStudy) -> tuple[dict[str, Any], str]:
    standing = read_standing_design(study.database, study.slug)
    return deepcopy(dict(standing.document)), standing.fingerprint


def save(study: RunningStudy, document: dict[str, Any], seen: str, reason: str = "") -> None:
    save_design(study.database, study.clock, study.slug, document, seen, "system", reason=reason)


def codes(study: RunningStudy, table: str) -> dict[str, int]:
    with study.database.reading() as connection:
        return {row.code: row.id for row in connection.execute(text(f"SELECT code, id FROM {table}"))}


def test_a_design_takes_the_place_of_the_one_before(study: RunningStudy) -> None:
    document, seen = design_of(study)
    before = codes(study, "stakeholder_group")
    document["study"] |= {"contact": "new@example.org", "minutes_per_round": 5}
    document["protocol"]["rounds"] = 4
    new = deepcopy(document["group"][0]) | {"code": "cooks"}
    document["group"].insert(0, new)
    save(study, document, seen)
    overview = read_overview(study.database, study.clock, study.slug)
    assert (overview.study.contact, overview.study.minutes_per_round) == ("new@example.org", 5)
    assert overview.protocol.protocol.rounds == 4
    assert overview.protocol.version == 1
    assert overview.protocol.protocol.group_codes == ("cooks", *before)
    after = codes(study, "stakeholder_group")
    assert {code: after[code] for code in before} == before, "panelists stay in their groups"


def test_the_round_opens_with_the_design_as_it_was_last_saved(study: RunningStudy) -> None:
    document, seen = design_of(study)
    document["criterion"][0]["code"] = "support"
    save(study, document, seen)
    study.open(days=7)
    overview = read_overview(study.database, study.clock, study.slug)
    assert overview.protocol.frozen_at is not None
    assert overview.protocol.protocol.criterion_codes == ("support",)
    assert list(codes(study, "criterion")) == ["support"]


def test_a_second_writer_does_not_overwrite_the_first(study: RunningStudy) -> None:
    document, seen = design_of(study)
    save(study, {**document, "study": {**document["study"], "contact": "first@example.org"}}, seen)
    with pytest.raises(DesignChangedMeanwhile):
        save(study, {**document, "study": {**document["study"], "contact": "second@example.org"}}, seen)
    assert design_of(study)[0]["study"]["contact"] == "first@example.org"


def test_what_panelists_hang_on_stays(study: RunningStudy) -> None:
    document, seen = design_of(study)
    without = {**document, "group": document["group"][1:]}
    with pytest.raises(GroupHasPanelists, match="panelists belong to the group"):
        save(study, without, seen)
    languages = document["study"]["languages"]
    fewer = deepcopy(document)
    fewer["study"]["languages"] = languages[:1]
    with pytest.raises(ProtocolNotValid):
        save(study, fewer, seen)
    assert design_of(study) == (document, seen)


def test_a_language_somebody_reads_stays(study: RunningStudy) -> None:
    document, seen = design_of(study)
    kept = document["study"]["languages"][0]
    only = with_languages_only(document, [kept])
    only["study"]["languages"] = [kept]
    with pytest.raises(LanguageHasPanelists):
        save(study, only, seen)


def test_a_language_in_which_alone_something_is_written_stays(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    files = Folder(tmp_path)
    files.edit("statements.csv", "De hoop groeit.", "")
    files.edit("study.toml", 'name = { fr = "Valeur", nl = "Waarde" }', 'name = { fr = "Valeur" }')
    files.edit("study.toml", 'what = { fr = "Quoi", nl = "Wat" }', 'what = { fr = "Quoi" }')
    (tmp_path / "panel.csv").unlink()
    definition = files.read()
    import_study(database, clock, definition)
    standing = read_standing_design(database, definition.slug)
    only = with_languages_only(dict(standing.document), ["nl"])
    only["study"]["languages"] = ["nl"]
    with pytest.raises(LanguageHasOnlyTexts, match="S01, value, E01"):
        save_design(database, clock, definition.slug, only, standing.fingerprint, "system")
    kept = with_languages_only(dict(standing.document), ["fr"])
    kept["study"]["languages"] = ["fr"]
    save_design(database, clock, definition.slug, kept, standing.fingerprint, "system")
    exported = export_study(database, clock, definition.slug, "system", with_panel=False)
    for name, content in exported.files.items():
        files.write(name, content)
    assert files.read().languages == ("fr",)


def test_after_round_1_has_opened_only_the_protocol_changes_and_only_between_rounds(
    study: RunningStudy,
) -> None:
    study.open(days=7)
    document, seen = design_of(study)
    document["protocol"]["minimum_group_size"] = 7
    with pytest.raises(ActionBlocked):
        save(study, document, seen, "We were asked to")
    for n in range(12):
        study.rate(n, {"S01": 3, "S02": 3})
    study.close()
    study.release()
    other = {**document, "study": {**document["study"], "minutes_per_round": 99}}
    with pytest.raises(TextsAreFixed):
        save(study, other, seen, "We moved")
    save(study, document, seen, "We were asked to")
    overview = read_overview(study.database, study.clock, study.slug)
    assert (overview.protocol.version, overview.protocol.protocol.minimum_group_size) == (2, 7)


def test_the_contact_is_put_right_with_a_reason_until_the_study_is_concluded(study: RunningStudy) -> None:
    study.open(days=7)
    document, seen = design_of(study)
    document["study"]["contact"] = "right@example.org"
    with pytest.raises(ContactNeedsReason):
        save(study, document, seen, " ")
    save(study, document, seen, "A letter was missing")
    assert read_standing_design(study.database, study.slug).study.contact == "right@example.org"
    for n in range(12):
        study.rate(n, {"S01": 3, "S02": 3})
    study.close()
    study.release()
    conclude_study(study.database, study.clock, study.slug, "system", reason="Enough is known")
    document, seen = design_of(study)
    document["study"]["contact"] = "late@example.org"
    with pytest.raises(TextsAreFixed):
        save(study, document, seen, "We moved")


def test_questions_are_changed_before_round_1_and_stand_afterwards(study: RunningStudy) -> None:
    document, seen = design_of(study)
    hint = dict.fromkeys(study.definition.languages, "In your own words")
    document["profile_question"][0]["hint"] = hint
    save(study, document, seen)
    with study.database.reading() as connection:
        assert read_profile_questions(connection, 1)[0].hint == hint
    document, seen = design_of(study)
    study.open(days=7)
    document["profile_question"].pop()
    with pytest.raises(ProfileIsFixed):
        save(study, document, seen)
    document, seen = design_of(study)
    document["open_question"] = [{"code": "Q1", "text": hint}]
    with pytest.raises(OpenQuestionsAreFixed):
        save(study, document, seen)
