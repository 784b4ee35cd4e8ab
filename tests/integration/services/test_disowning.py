"""Somebody else has the link or the page: it is closed, and neither log nor list lifts a pseudonym."""

import pytest

from app.domain.errors import LinkNotValid, PanelistSignedOut
from app.domain.event import EventKind, first_broken_link
from app.domain.panel import Disowning
from app.services.disowning import disown_link, disown_session
from app.services.entering import enter_by_link, find_panelist, look_up_link
from app.services.links import hand_out_links
from app.services.panel_states import read_people
from app.storage.events import read_chain_head, read_events
from tests.running_study import SECRET, SESSION_HOURS, RunningStudy


def session(study: RunningStudy, n: int) -> str:
    return enter_by_link(
        study.database, study.clock, study.link(n).token, session_hours=SESSION_HOURS
    ).session_token


def disowned(study: RunningStudy) -> list[object]:
    with study.database.reading() as connection:
        events = list(read_events(connection, 1))
        n_events, head = read_chain_head(connection, 1)
    assert first_broken_link(events, head, n_events) is None
    found = [event for event in events if event.kind == EventKind.LINK_DISOWNED]
    assert all(event.actor == "system" for event in found)
    return [dict(event.payload) for event in found]


@pytest.mark.parametrize("why", [Disowning.WRONG_ADDRESS, Disowning.PASSED_ON])
def test_a_disowned_link_opens_no_more_and_ends_every_session(
    open_study: RunningStudy, why: Disowning
) -> None:
    database, clock, token = open_study.database, open_study.clock, open_study.link(0).token
    running = session(open_study, 0)
    disown_link(database, clock, token, why)
    with pytest.raises(LinkNotValid):
        look_up_link(database, clock, token)
    with pytest.raises(PanelistSignedOut):
        find_panelist(database, clock, open_study.slug, running)
    assert disowned(open_study) == [{"why": why}]


def test_only_an_address_that_is_somebody_elses_is_marked_and_left_out_of_the_list_to_mail(
    open_study: RunningStudy,
) -> None:
    database, clock = open_study.database, open_study.clock
    disown_link(database, clock, open_study.link(0).token, Disowning.WRONG_ADDRESS)
    disown_link(database, clock, open_study.link(1).token, Disowning.PASSED_ON)
    people = read_people(database, open_study.slug, SECRET).people.values()
    assert [person.email for person in people if person.is_disowned] == ["peers0@example.org"]
    handed_out = hand_out_links(database, clock, open_study.slug, SECRET, "system")
    assert len(handed_out) == 11
    assert "peers0@example.org" not in {link.email for link in handed_out}


def test_of_a_shared_device_only_the_session_ends(open_study: RunningStudy) -> None:
    database, clock = open_study.database, open_study.clock
    here, elsewhere = session(open_study, 0), session(open_study, 0)
    visitor = find_panelist(database, clock, open_study.slug, here)
    disown_session(database, clock, visitor, here, Disowning.SHARED_DEVICE)
    with pytest.raises(PanelistSignedOut):
        find_panelist(database, clock, open_study.slug, here)
    assert find_panelist(database, clock, open_study.slug, elsewhere) == visitor
    look_up_link(database, clock, open_study.link(0).token)
    assert disowned(open_study) == [{"why": Disowning.SHARED_DEVICE}]


def test_a_link_that_opens_nothing_cannot_be_disowned(open_study: RunningStudy) -> None:
    with pytest.raises(LinkNotValid):
        disown_link(open_study.database, open_study.clock, "nonsense", Disowning.PASSED_ON)
    assert disowned(open_study) == []
