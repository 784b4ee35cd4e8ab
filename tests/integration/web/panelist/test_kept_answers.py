"""What a page gives a browser to keep unsent answers with: the same to the same person, nothing to others."""

import base64
import re

from tests.integration.web.panelist.conftest import Guest, enter

LENGTH = 32


def given(guest: Guest, page: str) -> tuple[str, str]:
    """Name and key as they stand on a page."""
    found = re.search(r'data-autosave-key="(.*?)" data-autosave-secret="(.*?)"', guest.get(page).text)
    assert found
    return found[1], found[2]


def name_and_key(guest: Guest, page: str = "/topics/value") -> tuple[str, bytes]:
    name, masked = given(guest, page)
    content = base64.b64decode(masked)
    return name, bytes(a ^ b for a, b in zip(content[:LENGTH], content[LENGTH:], strict=True))


def test_who_comes_back_by_the_same_link_gets_the_same_name_and_key(guest, browser):
    name, key = name_and_key(guest)
    assert len(key) == LENGTH
    assert name_and_key(enter(browser(), guest.link), "/topics/pay") == (name, key)


def test_another_person_gets_another_name_and_key(study, guest, browser):
    other = study.link(group="neighbours")
    study.take_part(other)
    mine, theirs = name_and_key(guest), name_and_key(enter(browser(), other))
    assert mine[0].split(".")[0] != theirs[0].split(".")[0]
    assert mine[1] != theirs[1]


def test_the_next_round_has_another_key_under_the_same_persons_name(study, guest):
    first = name_and_key(guest)
    study.close_round()
    study.release_feedback()
    study.open_round()
    second = name_and_key(guest)
    assert first[0].split(".")[0] == second[0].split(".")[0]
    assert first[0] != second[0]
    assert first[1] != second[1]


def test_the_key_never_stands_twice_the_same_in_a_compressed_page(guest):
    assert len({given(guest, "/topics/value") for _ in range(3)}) == 3


def test_a_shared_device_gets_neither(study, browser):
    study.open_round()
    study.take_part(study.link())
    client = browser()
    client.post(f"/p/{study.link().token}", data={"shared_device": "yes"})
    assert given(Guest(client, study.link()), "/topics/value") == ("", "")
