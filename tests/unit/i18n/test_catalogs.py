"""The catalogs are whole: every sentence found, every placeholder kept, nothing left fuzzy."""

from pathlib import Path

import pytest
from babel.messages.pofile import write_po

from app.i18n import catalogs
from app.i18n.__main__ import main
from app.i18n.catalogs import check_catalogs, extract_messages, read_catalog, update_catalogs


@pytest.fixture
def small_application(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An application of two files, an analysis of one, and no catalogs yet."""
    (tmp_path / "app" / "web" / "templates").mkdir(parents=True)
    (tmp_path / "analysis").mkdir()
    (tmp_path / "app" / "rules.py").write_text(
        'MESSAGE = N_("Round %(number)s is closed.")\n', encoding="utf-8"
    )
    (tmp_path / "analysis" / "scale.py").write_text('FAULT = N_("is empty.")\n', encoding="utf-8")
    (tmp_path / "app" / "web" / "templates" / "page.html").write_text(
        '{{ _("Thank you") }} {{ ngettext("%(num)s rating", "%(num)s ratings", n) }}', encoding="utf-8"
    )
    monkeypatch.setattr(catalogs, "ROOT", tmp_path)
    monkeypatch.setattr(catalogs, "TRANSLATED", ("fr",))
    monkeypatch.setattr(catalogs, "catalog_path", lambda language: tmp_path / "locale" / f"{language}.po")
    return tmp_path


def translate(message: str, *strings: str, is_fuzzy: bool = False) -> None:
    update_catalogs()
    catalog = read_catalog("fr")
    found = catalog.get(message)
    assert found is not None
    found.string = strings if len(strings) > 1 else strings[0]
    found.flags |= {"fuzzy"} if is_fuzzy else set()
    with (catalogs.ROOT / "locale" / "fr.po").open("wb") as file:
        write_po(file, catalog)


def test_sentences_are_found_in_code_and_in_templates_and_in_the_analysis(small_application: Path) -> None:
    found = {
        message.id: [place for place, _ in message.locations] for message in extract_messages() if message.id
    }

    assert found == {
        "Round %(number)s is closed.": ["app/rules.py"],
        "Thank you": ["app/web/templates/page.html"],
        "is empty.": ["analysis/scale.py"],
        ("%(num)s rating", "%(num)s ratings"): ["app/web/templates/page.html"],
    }


def test_what_is_not_translated_is_named(small_application: Path) -> None:
    assert check_catalogs() == [
        "fr: missing: 'Round %(number)s is closed.'",
        "fr: missing: 'Thank you'",
        "fr: missing: ('%(num)s rating', '%(num)s ratings')",
        "fr: missing: 'is empty.'",
    ]


def test_a_whole_catalog_has_no_faults(small_application: Path) -> None:
    translate("Thank you", "Merci")
    translate("Round %(number)s is closed.", "Le tour %(number)s est clos.")
    translate("%(num)s rating", "%(num)s évaluation", "%(num)s évaluations")
    translate("is empty.", "est vide.")

    assert check_catalogs() == []


def test_a_lost_placeholder_is_a_fault(small_application: Path) -> None:
    translate("Round %(number)s is closed.", "Le tour %(numero)s est clos.")

    assert (
        "fr: other placeholders: 'Round %(number)s is closed.' -> 'Le tour %(numero)s est clos.'"
        in check_catalogs()
    )


def test_a_plural_that_lost_its_number_is_a_fault(small_application: Path) -> None:
    translate("%(num)s rating", "une évaluation", "des évaluations")

    assert any("other placeholders: ('%(num)s rating'" in fault for fault in check_catalogs())


def test_a_fuzzy_sentence_is_a_fault_because_it_would_be_skipped(small_application: Path) -> None:
    translate("Thank you", "Merci", is_fuzzy=True)

    assert "fr: fuzzy: 'Thank you'" in check_catalogs()


def test_an_update_keeps_translations_and_forgets_what_nobody_says_any_more(small_application: Path) -> None:
    translate("Thank you", "Merci")
    (small_application / "app" / "rules.py").write_text("", encoding="utf-8")

    assert update_catalogs() == {"fr": 2}
    kept = {message.id: message.string for message in read_catalog("fr") if message.id}
    assert kept == {
        "Thank you": "Merci",
        ("%(num)s rating", "%(num)s ratings"): ("", ""),
        "is empty.": "",
    }


def test_an_update_without_a_change_writes_the_same_bytes(small_application: Path) -> None:
    update_catalogs()
    before = (small_application / "locale" / "fr.po").read_bytes()
    update_catalogs()

    assert (small_application / "locale" / "fr.po").read_bytes() == before


def test_the_check_fails_when_a_catalog_is_behind(
    small_application: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check"]) == 1
    assert "missing: 'Thank you'" in capsys.readouterr().err


def test_the_update_says_what_is_left_to_translate(
    small_application: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["update"]) == 0
    assert capsys.readouterr().out == "fr: 4 sentences to translate\n"


def test_the_sentences_can_be_listed(small_application: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract"]) == 0
    assert "%(num)s rating | %(num)s ratings" in capsys.readouterr().out


def test_what_is_translated_keeps_its_placeholders_and_is_not_fuzzy() -> None:
    assert [fault for fault in check_catalogs() if "missing" not in fault] == []
