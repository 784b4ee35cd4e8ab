"""Who sees and does what: roles, other people's studies, and names that must not appear."""

import pytest

from app.domain.account import Part, Permission, Role, may
from app.web.shared.permissions import ROUTES, Audience
from tests.integration.web.researcher.conftest import words
from tests.panel_study import panel_study

STUDY_ROUTES = [
    (method, path, access.permission)
    for (method, path), access in ROUTES.items()
    if access.audience is Audience.RESEARCHER and "{slug}" in path
]


OF_OPEN_ROUNDS = "/rounds/{number}/answers"
"""What stands at these addresses is there in open rounds only, and the study here has none."""


def address(path: str, slug: str = "garden-study") -> str:
    filled = {"{slug}": slug, "{number}": "1", "{code}": "S02", "{format_}": "csv"}
    for part, value in filled.items():
        path = path.replace(part, value)
    return path


def ask(desk, method: str, path: str):
    if method == "GET":
        return desk.client.get(path)
    return desk.client.post(path, data={"csrf_token": desk.token})


def test_a_study_one_has_no_part_in_is_not_there_at_any_address(decided, sign_in):
    stranger = sign_in(None)
    for method, path, _ in STUDY_ROUTES:
        answer = ask(stranger, method, address(path))
        assert answer.status_code == 404, (method, path)
        assert "A garden for everybody" not in answer.text
    assert "You have no study yet." in stranger.client.get("/research").text


def test_a_study_that_does_not_exist_answers_as_one_that_is_not_yours(decided, sign_in):
    stranger = sign_in(None)
    mine, nobodys = (stranger.client.get(f"/research/{slug}") for slug in ("garden-study", "no-such-study"))
    assert (mine.status_code, nobodys.status_code) == (404, 404)
    assert words(mine).replace("garden-study", "") == words(nobodys).replace("no-such-study", "")


@pytest.mark.parametrize("role", Role)
def test_every_role_gets_what_it_includes_and_nothing_else(decided, sign_in, role):
    desk = sign_in(role)
    for method, path, permission in STUDY_ROUTES:
        assert permission is not None, f"{path} asks for no permission"
        if may(Part(role), permission):
            answered = (404,) if path.startswith(f"/research/{{slug}}{OF_OPEN_ROUNDS}") else (200, 409)
            assert method == "POST" or ask(desk, method, address(path)).status_code in answered, path
        else:
            assert ask(desk, method, address(path)).status_code == 403, path


@pytest.mark.parametrize("role", [role for role in Role if not may(Part(role), Permission.READ_IDENTITIES)])
def test_names_and_addresses_of_the_panel_appear_nowhere_for_those_who_may_not_know(decided, sign_in, role):
    desk = sign_in(role)
    identities = [text for person in panel_study().panel for text in (person.name, person.email)]
    pages = [address(path) for method, path, _ in STUDY_ROUTES if method == "GET"]
    for answer in [*map(desk.client.get, pages), desk.send("/reports/html"), desk.send("/reports/csv")]:
        said = answer.text + str(answer.headers)
        assert not [identity for identity in identities if identity in said], answer.url


def test_the_owner_sees_who_was_invited_but_never_beside_a_pseudonym(decided, owner):
    people, panel = owner.get("/panel/people").text, owner.get("/panel").text
    pseudonyms = {link.pseudonym for link in decided.links}
    names = {person.name for person in panel_study().panel}
    assert all(f">{name}<" in people for name in names)
    assert not any(pseudonym in people for pseudonym in pseudonyms)
    assert all(f">{pseudonym}<" in panel for pseudonym in pseudonyms)
    assert not any(name in panel for name in names)


def test_pseudonyms_do_not_stand_in_the_order_of_the_panel_file(decided, owner):
    page = owner.get("/panel").text
    shown = sorted((page.index(link.pseudonym), link.pseudonym) for link in decided.links)
    assert [pseudonym for _, pseudonym in shown] == sorted(link.pseudonym for link in decided.links)


def test_an_analyst_sees_what_is_next_and_why_it_is_not_theirs_to_do(decided, sign_in):
    analyst = sign_in(Role.ANALYST)
    page = analyst.get("/rounds")
    assert "Your role in this study does not include running rounds." in page.text
    assert 'action="/research/garden-study/rounds' not in page.text
    assert "Release the feedback of round 1" in page.text
