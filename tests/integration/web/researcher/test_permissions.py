"""Every route x part x state of the study x another study.

What is asked of each route, and what it answers, stands in ``route_cases.py``: a new route gets a line there.
"""

import pytest
from sqlalchemy import select

from app.domain.account import Part, Permission, Role, may
from app.domain.link import person_sign
from app.storage.tables.panel import panelist
from app.web.shared.permissions import ROUTES, Audience
from app.web.shared.refusals import ANSWERS
from tests.integration.web.researcher.conftest import words
from tests.integration.web.researcher.house import OTHER_STUDY, PARTS, STATES, AtDesk, house_of
from tests.integration.web.researcher.route_cases import CASES, Case, Expected
from tests.integration.web.test_refusal_pages import asks_to_sign_in
from tests.panel_study import SECRET, SLUG

AS_A_SCRIPT = {"Accept": "application/json"}
"""A refusal then says its own name."""
STATUS_OF = {answer.code: answer.status for answer in ANSWERS.values()}
RESEARCHERS = {
    route: access.permission for route, access in ROUTES.items() if access.audience is Audience.RESEARCHER
}
WALKED = [route for route in RESEARCHERS if route in CASES]
IN_A_STUDY = [route for route in WALKED if "{slug}" in route[1]]


@pytest.fixture
def state(prepared):
    """How far the study is."""
    return next(name for name, one in STATES.items() if one is prepared)


@pytest.fixture
def house(app, clock, database_url):
    """The installation, in the state that the test names."""
    with house_of(app, clock, database_url).open() as house:
        yield house


def test_every_route_for_researchers_has_its_case():
    assert sorted(set(RESEARCHERS) - set(CASES)) == [], "each needs a line in CASES of route_cases.py"
    assert sorted(set(CASES) - set(RESEARCHERS)) == [], "nothing answers there any more"


def test_every_route_of_a_study_asks_for_a_permission():
    assert [route for route in IN_A_STUDY if RESEARCHERS[route] is None] == []


def is_allowed(part: Part, permission: Permission | None) -> bool:
    return permission is None or may(part, permission)


def given(answer) -> Expected:
    """The status of an answer, or the name of a refusal."""
    if answer.headers.get("Content-Type", "").startswith("application/json"):
        return str(answer.json()["error"])
    return int(answer.status_code)


def is_as_expected(answer, expected: Expected) -> bool:
    if isinstance(expected, str):
        return given(answer) == expected and answer.status_code == STATUS_OF[expected]
    leads_in = answer.status_code != 303 or "/sign-in" not in answer.headers["Location"]
    return given(answer) == expected and leads_in


@pytest.mark.parametrize("prepared", STATES.values(), ids=STATES)
def test_every_part_gets_exactly_what_it_includes_in_every_state(house, state):
    surprises: dict[str, list[str]] = {}
    for name, desk in house.desks.items():
        desk.client.headers |= AS_A_SCRIPT
        for method, path in WALKED:
            case = CASES[method, path]
            allowed = is_allowed(PARTS[name], RESEARCHERS[method, path])
            expected = case.answer_in(state) if allowed else "not_allowed"
            for address in house.addresses(path, case, desk):
                if allowed:
                    answer = house.answer(method, address, case, desk)
                else:
                    answer = desk.ask(method, address, case, case.sends)
                if not is_as_expected(answer, expected):
                    said = f"{method} {address}: {expected} expected, {given(answer)} answered"
                    surprises.setdefault(said, []).append(name)
                if method == "POST" or case.after:
                    house.put_back()
    assert not surprises, "\n".join(f"{said} ({', '.join(names)})" for said, names in surprises.items())


@pytest.mark.parametrize("prepared", STATES.values(), ids=STATES)
def test_a_study_one_has_no_part_in_is_not_there_at_any_address(house):
    for method, path in IN_A_STUDY:
        case = CASES[method, path]
        for desk, slug in ((house.stranger, SLUG), (house.desks["owner"], OTHER_STUDY)):
            for address in house.addresses(path, case, desk, slug):
                answer = desk.ask(method, address, case, case.sends)
                assert answer.status_code == 404, (method, address)
                assert "A garden for everybody" not in answer.text


@pytest.mark.parametrize("prepared", [STATES["closed"]], ids=["closed"])
def test_what_belongs_to_another_study_is_not_there_under_ones_own(house):
    owner = house.desks["owner"]
    with house.database.reading() as connection:
        foreign = connection.scalar(select(panelist.c.pseudonym).where(panelist.c.study_id == 2))
    stranger = house.stranger.researcher.id
    for method, page in (
        ("GET", f"/panel/{foreign}/unmask"),
        ("POST", f"/panel/{foreign}/unmask"),
        *(
            (method, f"/panel/people/{person_sign(SECRET.encode(), 2, 1)}{part}")
            for method, part in (("GET", ""), ("POST", ""), ("POST", "/new-link"), ("POST", "/revoke-link"))
        ),
        ("GET", f"/people/{stranger}"),
        ("POST", f"/people/{stranger}"),
        ("POST", f"/people/{stranger}/remove"),
        ("POST", "/people/invitations/2/withdraw"),
    ):
        sent = {"reason": "Why not.", "role": "analyst"}
        answer = owner.ask(method, f"/research/{SLUG}{page}", Case(404), sent)
        assert answer.status_code == (200 if page.endswith("unmask") and method == "GET" else 404), page
        assert "example.org" not in answer.text.replace("garden@example.org", "")


@pytest.mark.parametrize("prepared", [STATES["draft"]], ids=["draft"])
def test_a_table_that_somebody_else_has_uploaded_is_not_there(house):
    editor, owner = house.desks["editor with the mail list"], house.desks["owner"]
    for page, token in (
        ("statement-import", owner.previews["statements"]),
        ("panel-import", owner.previews["panel"]),
        ("panel-import", editor.previews["statements"]),
        ("statement-import", editor.previews["panel"]),
    ):
        for method in ("GET", "POST"):
            answer = editor.ask(method, f"/research/{SLUG}/{page}/{token}", Case(404), {})
            assert answer.status_code == 404, (method, page)


@pytest.mark.parametrize("prepared", [STATES["draft"]], ids=["draft"])
def test_a_study_that_does_not_exist_answers_as_one_that_is_not_yours(house):
    mine, nobodys = (house.stranger.client.get(f"/research/{slug}") for slug in (SLUG, "no-such-study"))
    assert (mine.status_code, nobodys.status_code) == (404, 404)
    assert words(mine).replace(SLUG, "") == words(nobodys).replace("no-such-study", "")


@pytest.mark.parametrize("prepared", [STATES["open"]], ids=["open"])
def test_researchers_and_panelists_do_not_get_into_each_others_pages(house, browser):
    panelist = browser()
    assert panelist.post(f"/p/{house.study.links[0].token}", data={"step": ""}).status_code == 303
    assert panelist.get(f"/s/{SLUG}/overview").status_code == 200
    at_no_desk = AtDesk(panelist, house.desks["owner"].researcher, "")
    for method, path in WALKED:
        case = CASES[method, path]
        for address in house.addresses(path, case, at_no_desk):
            assert asks_to_sign_in(at_no_desk.ask(method, address, case, case.sends)), (method, address)
    for method, path in [route for route, access in ROUTES.items() if access.audience is Audience.PANELIST]:
        address = path.format(slug=SLUG, code="value") + "?round=1"
        sent = {"json": {}} if "autosave" in address else {"data": {"x": ""}}
        for desk in house.desks.values():
            answer = desk.client.request(method, address, **(sent if method == "POST" else {}))
            assert answer.status_code == 401, (method, address)


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
