"""Which language a reader gets, and how it writes dates and numbers."""

from datetime import UTC, datetime

import pytest

from app.i18n import UnknownLanguage, negotiate_language, translations
from app.i18n.formats import formats

DEADLINE = datetime(2026, 5, 12, 16, 0, tzinfo=UTC)
BRUSSELS = "Europe/Brussels"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr-BE,fr;q=0.9,en;q=0.8", "fr"),
        ("en;q=0.5, nl;q=0.9", "nl"),
        ("de-AT", "de"),
        ("it, es;q=0.8", "en"),
        ("nl;q=0, de;q=0.1", "de"),
        ("", "en"),
        ("*", "en"),
        ("fr;q=nonsense, de", "de"),
    ],
)
def test_the_browser_s_best_liked_language_is_chosen(header: str, language: str) -> None:
    assert negotiate_language(header) == language


def test_only_the_study_s_languages_are_offered_and_its_first_is_the_fallback() -> None:
    assert negotiate_language("de, en;q=0.5", ("fr", "nl")) == "fr"
    assert negotiate_language("de, nl;q=0.5", ("fr", "nl")) == "nl"


def test_no_line_breaks_within_an_e_mail_or_before_a_french_sign() -> None:
    assert translations("de").gettext("E-mail address") == "E\N{NON-BREAKING HYPHEN}Mail-Adresse"
    assert translations("nl").gettext("E-mail") == "E\N{NON-BREAKING HYPHEN}mail"
    several = translations("de").ngettext(
        "%(num)s panelist has an address at which no e-mail arrives.",
        "%(num)s panelists have an address at which no e-mail arrives.",
        2,
    )
    assert "E\N{NON-BREAKING HYPHEN}Mail" in several
    assert (
        translations("fr").gettext("Option %(number)s: code") == "Option %(number)s\N{NO-BREAK SPACE}: code"
    )
    assert (
        translations("fr")
        .gettext("%(same)s of %(num)s other rule decides alike.")
        .count("\N{NO-BREAK SPACE}")
        == 0
    )


def test_a_language_that_stands_alone_has_a_capital_and_within_a_sentence_as_its_language_writes_it() -> None:
    assert (formats("fr").language("nl"), formats("fr").language_head("nl")) == ("néerlandais", "Néerlandais")
    assert formats("de").language_head("fr") == formats("de").language("fr") == "Französisch"


def test_a_language_without_a_catalog_is_refused() -> None:
    with pytest.raises(UnknownLanguage):
        translations("tlh")


def test_english_is_the_source_of_every_sentence() -> None:
    assert translations("en").gettext("No, go back") == "No, go back"


def test_a_catalog_translates() -> None:
    assert translations("fr").gettext("No, go back") == "Non, revenir en arrière"
    assert translations("de").ngettext("%(num)s rating", "%(num)s ratings", 2) == "%(num)s Bewertungen"


def test_french_counts_nothing_as_one() -> None:
    assert translations("fr").ngettext("%(num)s rating", "%(num)s ratings", 0) == "%(num)s évaluation"


@pytest.mark.parametrize(
    ("language", "day", "share", "number", "points"),
    [
        ("en", "Tuesday, 12 May 2026", "79%", "1,234.5", "4 or 5"),
        ("fr", "mardi 12 mai 2026", "79\xa0%", "1\u202f234,5", "4 ou 5"),
        ("nl", "dinsdag 12 mei 2026", "79%", "1.234,5", "4 of 5"),
        ("de", "Dienstag, 12. Mai 2026", "79\xa0%", "1.234,5", "4 oder 5"),
    ],
)
def test_each_language_writes_days_shares_numbers_and_lists_in_its_way(
    language: str, day: str, share: str, number: str, points: str
) -> None:
    written = formats(language)

    assert written.date(DEADLINE, BRUSSELS) == day
    assert written.percent(0.79) == share
    assert written.number(1234.5) == number
    assert written.listing([4, 5], "or") == points


def test_times_are_told_in_the_study_s_zone() -> None:
    assert formats("nl").time(DEADLINE, BRUSSELS) == "18:00"
    assert formats("nl").time(DEADLINE, "UTC") == "16:00"
    assert formats("fr").place(BRUSSELS) == "Bruxelles"


def test_an_instant_without_a_zone_is_never_shown() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        formats("en").date(DEADLINE.replace(tzinfo=None), BRUSSELS)


def test_decimals_can_be_fixed() -> None:
    assert formats("en").number(4, 2) == "4.00"
    assert formats("en").number(3.6, 0) == "4"
    assert formats("en").percent(0.1234, 1) == "12.3%"


def test_places_and_languages_have_names_or_keep_their_code() -> None:
    assert formats("nl").territory("de") == "Duitsland"
    assert formats("nl").territory("ZQ") == "ZQ"
    assert formats("de").language("fr") == "Französisch"
    assert formats("de").language("zzz") == "zzz"


def test_a_table_writes_moments_and_days_short() -> None:
    assert formats("en").moment(DEADLINE, BRUSSELS) == "12 May 2026 18:00"
    assert formats("fr").short_date(DEADLINE, BRUSSELS) == "12 mai"
