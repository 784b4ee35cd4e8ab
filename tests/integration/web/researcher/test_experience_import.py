"""Texts from elsewhere out of a file: looked at first, then brought in whole, and never twice."""

import pytest

from tests.integration.web.researcher.conftest import words
from tests.panel_study import SLUG

LETTERS = "text,source,language\nPluie et soleil.,Letters,fr\nTwo\u2019s company.,Talks,en\n".encode()


@pytest.fixture
def database_url(sqlite_url):
    """Nothing here asks a database in a way of its own."""
    return sqlite_url


def upload(desk, content: bytes, name: str = "letters.csv"):
    return desk.client.post(
        f"/research/{SLUG}/coding/import",
        data={"csrf_token": desk.token},
        files={"file": (name, content)} if name else None,
    )


def preview_of(desk, content: bytes) -> str:
    """The address of the preview, below the study."""
    answer = upload(desk, content)
    assert answer.status_code == 303, words(answer)
    return str(answer.headers["location"]).removeprefix(f"/research/{SLUG}")


def test_texts_of_a_file_are_seen_first_and_then_brought_in(study, owner):
    address = preview_of(owner, LETTERS)
    seen = words(owner.get(address))
    assert "Nothing is stored yet. New: 2. There already, and left as they are: 0." in seen
    assert "Pluie et soleil." in seen
    assert "Pluie et soleil." not in words(owner.get("/coding"))
    assert owner.send(address).headers["location"].endswith("/coding/experience?done=added")
    assert "Pluie et soleil." in words(owner.get("/coding"))
    assert "brought in texts from elsewhere (2)" in words(owner.get("/log"))
    assert owner.get(address).status_code == 404


def test_what_is_there_already_is_left_as_it_is(study, owner):
    owner.send(preview_of(owner, LETTERS))
    again = preview_of(owner, LETTERS + b"Third.,Talks,en\n")
    assert "New: 1. There already, and left as they are: 2." in words(owner.get(again))
    owner.send(again)
    nothing_new = preview_of(owner, LETTERS)
    refused = owner.send(nothing_new)
    assert refused.status_code in (409, 422)
    assert "There is nothing to store." in words(refused)
    assert "3 texts are there" in words(owner.get("/coding/experience"))


def test_a_form_without_a_file_says_so(study, owner):
    answer = upload(owner, b"", "")
    assert answer.status_code == 422
    assert "Choose a file first." in words(answer)


def test_a_file_whose_encoding_had_to_be_assumed_is_shown_with_a_warning(study, owner):
    content = "text,source,language\nÉté.,Letters,fr\n".encode("cp1252")
    seen = words(owner.get(preview_of(owner, content)))
    assert "The file was read as" in seen
    assert "Été." in seen
