"""The log on its page: who did what when, found by person, subject and day, and held against its chain."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from app.web.researcher import log_page
from tests.integration.web.researcher.conftest import words


def test_the_log_says_who_did_what_and_that_it_is_whole(decided, owner):
    owner.send("/rounds/1/release")
    page = words(owner.get("/log"))
    assert "The log is whole: " in page
    assert "Owner of the study released the feedback of round 1" in page
    assert page.index("released the feedback") < page.index("closed round 1")
    assert "made Owner of the study owner of the study" in words(owner.get("/log?who=team"))
    panel = words(owner.get("/log?who=panel"))
    assert "saved in round 1 (ratings: 6, comments: 0)" in panel
    assert "closed round" not in panel


def test_every_kind_of_event_has_its_sentence(decided, owner):
    for who in ("team", "panel"):
        page = words(owner.get(f"/log?who={who}"))
        assert "?" not in page.partition("Hash")[2], page
    with decided.database.reading() as connection:
        kinds = set(connection.scalars(text("SELECT DISTINCT kind FROM event")))
    assert not [kind for kind in kinds if kind in owner.get("/log").text]


def sequences(page: str) -> list[int]:
    return [int(part.partition("<")[0]) for part in page.split('<th scope="row">')[1:]]


def test_entries_are_found_by_who_by_what_they_are_about_and_by_day(decided, owner):
    owner.send("/rounds/1/release")
    whole = sequences(owner.get("/log").text)
    owners = owner.get("/log?who=researcher:1").text
    assert '<option value="researcher:1" selected>Owner of the study</option>' in owners
    assert sequences(owners) == whole[:1]
    rounds = words(owner.get("/log?about=rounds"))
    assert "opened round 1" in rounds
    assert "saved in round 1" not in rounds
    assert "opened round 1" in words(owner.get("/log?who=team&about=rounds&from=2026-03-02&to=2026-03-02"))
    none = owner.get("/log?about=rounds&from=2026-03-03")
    assert sequences(none.text) == []
    assert "No entry fits." in words(none)
    assert sequences(owner.get("/log?to=2026-03-01").text) == []
    assert sequences(owner.get("/log?who=nobody&about=nothing").text) == whole


def test_a_day_of_the_study_begins_at_its_own_midnight(decided, owner):
    with decided.database.writing() as connection:
        late = text("UPDATE event SET occurred_at = :at WHERE sequence = 60")
        connection.execute(late, {"at": datetime(2026, 3, 1, 23, 30, tzinfo=UTC)})
    assert 60 in sequences(owner.get("/log?from=2026-03-02&to=2026-03-02").text)
    assert 60 not in sequences(owner.get("/log?to=2026-03-01").text)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("from=12 May", "Write the day like this: 2026-05-12."),
        ("to=0001-01-01", "Write the day like this: 2026-05-12."),
        ("from=2026-05-12&to=2026-05-11", "The last day lies before the first."),
    ],
)
def test_a_day_that_is_none_is_said_at_its_field_and_kept(decided, owner, typed, fault):
    page = owner.get(f"/log?{typed}")
    assert page.status_code == 422
    assert page.text.count(fault) == 2, "in the summary and at the field"
    assert f'value="{typed.rpartition("=")[2]}"' in page.text


def test_the_page_of_older_entries_keeps_what_was_chosen(decided, owner, monkeypatch):
    monkeypatch.setattr("app.services.log.PAGE_SIZE", 5)
    page = owner.get("/log?who=panel&about=answers").text
    older = re.search(
        r'href="/research/garden-study(/log\?who=panel&amp;about=answers&amp;before=\d+)"', page
    )
    assert older is not None
    after = owner.get(older[1].replace("&amp;", "&")).text
    assert '<option value="answers" selected>' in after
    assert max(sequences(after)) < min(sequences(page))


def test_a_log_that_was_changed_says_where_it_breaks(decided, owner):
    with decided.database.writing() as connection:
        connection.execute(text("UPDATE event SET actor = 'system' WHERE sequence = 7"))
    page = words(owner.get("/log"))
    assert "The log is not whole." in page
    assert "From entry 7 on" in page


def test_a_long_log_is_read_page_by_page_and_checked_on_request(decided, owner, monkeypatch):
    monkeypatch.setattr(log_page, "CHECKED_AT_ONCE", 0)
    page, read = owner.get("/log").text, []
    assert "The log is whole" not in page
    assert "The log is whole" in words(owner.get("/log?check=yes"))
    monkeypatch.setattr("app.services.log.PAGE_SIZE", 20)
    address = "/log"
    while address:
        page = owner.get(address).text
        read += sequences(page)
        _, older, rest = page.partition('href="/research/garden-study/log?before=')
        address = f"/log?before={rest.partition(chr(34))[0]}" if older else ""
    assert read == list(range(len(read), 0, -1))
    assert len(read) > 40
