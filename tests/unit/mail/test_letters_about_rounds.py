"""What panelists read while a round waits for them, and the team when one did not open."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from app.domain.study import Language
from app.mail.hindered_opening import HinderedOpening, write_hindered_opening
from app.mail.letter import Letter
from app.mail.still_open import StillOpen, write_extension, write_reminder

LINK = "https://delphi.example.org/p/token"
CLOSES_AT = datetime(2026, 5, 12, 16, tzinfo=UTC)
WRITERS = (write_reminder, write_extension)


def still_open(language: str, closes_at: datetime | None = CLOSES_AT) -> StillOpen:
    return StillOpen(
        language, "Ann Example", "A title", 2, closes_at, "Europe/Brussels", "team@example.org", LINK
    )


def whole(letter: Letter) -> str:
    return "\n".join((letter.subject, letter.greeting, *letter.before, letter.link_words, *letter.after))


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("write", WRITERS)
def test_it_names_the_study_the_round_the_deadline_and_whom_to_ask_in_every_language(
    language: str, write: Callable[[StillOpen], Letter]
) -> None:
    letter = write(still_open(language))
    text = whole(letter)
    assert (letter.language, letter.link) == (language, LINK)
    for part in ("Ann Example", "A title", "2026", "18", "team@example.org"):
        assert part in text
    assert re.search(r"\b2\b", text)
    assert "%(" not in text


def test_the_languages_differ_and_so_do_the_two_letters() -> None:
    written = {whole(write(still_open(language))) for language in Language for write in WRITERS}
    assert len(written) == len(Language) * len(WRITERS)


def test_a_reminder_of_a_round_without_a_deadline_names_none_and_presses_nobody() -> None:
    letter = write_reminder(still_open("en", None))
    assert "before" not in whole(letter)
    assert "you need not do anything" in whole(letter)


@pytest.mark.parametrize("language", Language)
def test_the_team_is_led_to_the_page_that_says_what_stood_in_the_way(language: str) -> None:
    letter = write_hindered_opening(HinderedOpening(language, "A title", 2, LINK))
    assert letter.link == LINK
    assert "A title" in letter.subject
    assert "%(" not in whole(letter)
