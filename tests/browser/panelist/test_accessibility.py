"""Every page a panelist can meet, in every state and language, held to WCAG 2.2 AA in every look."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app.clock import FixedClock
from app.domain.open_question import AnswerChange
from app.i18n import LANGUAGE_NAMES
from app.services.consent import decline_consent, give_consent
from app.services.entering import Visitor
from app.services.links import IssuedLink
from app.services.open_answers import save_open_answers
from app.services.rounds import open_round
from tests.browser.barriers import assert_no_barrier
from tests.browser.chromium import PHONE
from tests.browser.panelist.conftest import Panelist
from tests.browser.panelist.pages import (
    EVERY_PAGE,
    ONE_STATEMENT,
    OTHER_RULES,
    REPORT,
    ROUNDS,
    WAYS_IN_AND_OUT,
    Trail,
    Where,
    routes_of_pages,
    templates_of_pages,
)
from tests.browser.states import LANGUAGES
from tests.panel_study import ACTOR, SLUG, STATEMENTS, PlayedStudy, panel_study, with_parts
from tests.prepared import Prepared

ONE_A_PAGE = {"statements_per_page": "one", "rounds": 3}
ENDS = {
    "en": ["little", "much"],
    "fr": ["peu", "beaucoup"],
    "nl": ["weinig", "veel"],
    "de": ["wenig", "viel"],
}
NINE = {
    "code": "agreement",
    "name": {code: f"{code}: 1–9" for code in LANGUAGE_NAMES},
    "question": {code: f"{code}: 1–9?" for code in LANGUAGE_NAMES},
    "scale": {
        "points": list(range(1, 10)),
        "direction": "high_is_agreement",
        "disagree": [1, 2, 3],
        "neutral": [4, 5, 6],
        "agree": [7, 8, 9],
    },
    "labels": ENDS,
}
HUNDRED = {
    **NINE,
    "code": "priority",
    "scale": {
        "points": list(range(101)),
        "direction": "high_is_agreement",
        "disagree": list(range(31)),
        "neutral": list(range(31, 70)),
        "agree": list(range(70, 101)),
    },
}
WIDE_SCALES = {
    "criterion": [NINE, HUNDRED],
    "protocol": {"rounds": 3, "withdrawal": "erase", "feedback": {"policy": "every_group"}},
}
SAVED = "[data-card={code}] [data-save-state][data-state=saved]"


@pytest.fixture(params=LANGUAGE_NAMES)
def language(request: pytest.FixtureRequest) -> str:
    """One language of the study after the other."""
    return str(request.param)


@pytest.fixture
def prepared(request: pytest.FixtureRequest) -> Prepared | None:
    """A study in four languages with every kind of round, and a report, for a test that plays no other."""
    return LANGUAGES if "study" in request.fixturenames else None


class Walk:
    """One browser that shows page after page, and a list of those it must show."""

    def __init__(self, guest: Panelist, trail: Trail, language: str, pages: dict[str, Where]) -> None:
        self.guest = guest
        self.page = guest.page
        self.language = language
        self._trail = trail
        self._pages = dict(pages)
        self._shown: Where | None = None

    def look(self, name: str) -> None:
        """Hold the page that is shown now, which has this name, against everything."""
        where = self._pages.pop(name)
        assert where == self._shown or self._trail.leads_to(where), f"{self.page.url} shows not {name}"
        self._shown = where
        assert self.page.locator("html").get_attribute("lang") == self.language, name
        assert_no_barrier(self.page)
        self.page.set_viewport_size(PHONE)

    def visit(self, address: str, name: str) -> None:
        """Go to an address within the study, and look."""
        self.guest.go(address)
        self.look(name)

    def press(self, selector: str) -> None:
        """Press what a selector finds first in the page's content, and wait for the next page."""
        with self.page.expect_event("domcontentloaded"):
            self.page.locator(f"main {selector}").first.click()

    def rate(self, code: str, value: object) -> None:
        """Choose a point and wait until it is saved."""
        self.guest.choose(code, value)
        self.page.locator(SAVED.format(code=code)).wait_for()

    def enter(self, link: IssuedLink) -> None:
        """Let the person of a link sit down and enter."""
        self.page.context.clear_cookies()
        self.guest = Panelist(self.page, link)
        self.guest.enter()

    def end(self) -> None:
        """Everything was shown."""
        assert not self._pages


@pytest.fixture
def walk(app, address, visitors, monkeypatch, language) -> Callable[[PlayedStudy, dict[str, Where]], Walk]:
    """A walk of the first gardener who speaks the language."""

    def walk(study: PlayedStudy, pages: dict[str, Where]) -> Walk:
        visitors.expect_fault("status of 4")
        page = visitors.arrive(address, viewport=PHONE, locale=language)
        guest = Panelist(page, study.link(language))
        return Walk(guest, Trail(app, page, monkeypatch), language, pages)

    return walk


def test_every_route_and_template_of_a_panelist_is_looked_at():
    pages = [where for pages in EVERY_PAGE for where in pages.values()]
    assert routes_of_pages() - {where.route for where in pages} == set()
    assert templates_of_pages() == {
        where.template for where in pages if where.template.startswith("panelist/")
    }
    assert REPORT in {where.template for where in pages}


def test_the_ways_in_and_out_have_no_barrier(study, walk, language):
    study.open_round()
    walk = walk(study, WAYS_IN_AND_OUT)
    page, invitation = walk.page, f"/p/{walk.guest.link.token}"
    for address, name in (
        ("/p/nonsense", "a link that opens nothing"),
        ("/nothing", "an address that is no page"),
        (f"/s/{SLUG}", "a page of somebody who has not entered"),
        (f"/link?language={language}", "asking for a lost link"),
    ):
        page.goto(address)
        walk.look(name)
    walk.press("button")
    walk.look("asking for a lost link without an address")
    page.fill("[name=email]", "nobody@example.org")
    walk.press("button")
    walk.look("a lost link is asked for")
    page.goto(invitation)
    walk.look("the invitation")
    walk.press("button.link-button")
    walk.look("not me, before entering")
    walk.press("button")
    walk.look("not me, before entering, without a reason")
    page.goto(invitation)
    page.check("[name=shared_device]")
    walk.press("button.button-primary")
    walk.look("the study before consent")
    walk.visit("/not-me", "not me, on a shared device")
    walk.press("button")
    walk.look("not me, without a reason")
    walk.guest.go("/study")
    walk.press(f"[action='/s/{SLUG}/decline'] button")
    walk.look("a no")
    page.goto(invitation)
    walk.look("the invitation after a no")
    walk.guest.go("/declined")
    walk.press("button")
    walk.look("a no for good")
    page.goto(f"/goodbye?language={language}&why=not_me")
    walk.look("goodbye to somebody else")
    walk.guest.go("/declined")
    with page.expect_event("domcontentloaded"):
        page.locator(f"[action='/s/{SLUG}/leave'] button").click()
    walk.look("goodbye")
    page.goto(invitation)
    walk.look("the invitation after a no for good")
    walk.end()


def test_every_round_from_the_first_question_to_the_report_has_no_barrier(study, walk, language, clock):
    walk = walk(study, ROUNDS)
    of_language = [link for link in study.links if link.language == language]
    late, absent, leaving = of_language[1:4]
    decline_consent(study.database, clock, study.visitor(absent))
    _before_the_first_round(walk)
    others = [study.take_part(link) for link in study.links if link not in {walk.guest.link, absent}]
    study.open_round()
    _in_own_words(walk, study)
    open_round(study.database, clock, SLUG, ACTOR, closes_at=clock.now() + timedelta(hours=1))
    _ratings(walk, study)
    for n, visitor in enumerate(others[:10]):
        study.rate(visitor, dict.fromkeys(STATEMENTS, 4 + n % 2))
    _after_time(walk, clock, late)
    give_consent(study.database, clock, study.visitor(absent))
    walk.enter(absent)
    walk.look("home of somebody who is not asked")
    _figures(walk, study, of_language[0])
    _live(walk, study, others, leaving)
    study.conclude()
    walk.enter(of_language[0])
    walk.look("home at the end")
    walk.press("a.button-primary")
    walk.look("the report")
    walk.end()


def _before_the_first_round(walk: Walk) -> None:
    walk.guest.enter()
    walk.press(f"[action='/s/{SLUG}/consent'] button")
    walk.look("questions about oneself")
    walk.press("button")
    walk.look("questions about oneself, with one missing")
    walk.page.check("[name='profile.role'][value=expert]")
    walk.press("button.button-primary")
    walk.look("home before the first round")


def _in_own_words(walk: Walk, study: PlayedStudy) -> None:
    walk.visit("/questions", "open questions")
    walk.page.locator("main textarea").first.fill("Shade")
    walk.press("button[value='more.Q1']")
    walk.look("open questions, some answered")
    walk.visit("/review", "review of own words")
    walk.guest.go("/questions")
    elsewhere = study.visitor(walk.guest.link)
    save_open_answers(study.database, study.clock, elsewhere, 1, [AnswerChange("Q1", 2, "Trees", 0)])
    walk.page.fill("[name='Q1.2']", "Birds")
    walk.page.locator(".conflict").wait_for()
    walk.look("open questions, one answered elsewhere")
    walk.page.locator("main input[name='Q2.nothing']").check()
    walk.press("button[value=review]")
    walk.look("which own words count")
    walk.press("form button")
    walk.guest.go("/review")
    walk.press("button.button-primary")
    walk.look("receipt of own words")
    walk.guest.go("/questions")
    study.close_round()
    walk.page.fill("[name='Q1.1']", "Too late")
    walk.page.get_by_role("alert").wait_for()
    walk.look("open questions after time")
    walk.press("button[value=review]")
    walk.look("own words that were not counted")
    walk.visit("", "home after the round")
    study.release_feedback()
    walk.visit("", "home between rounds")


def _ratings(walk: Walk, study: PlayedStudy) -> None:
    page = walk.page
    walk.visit("/overview", "overview, nothing answered")
    walk.visit("/topics/value", "a topic")
    study.rate(study.visitor(walk.guest.link), {"S02": 5})
    walk.rate("S01", 4)
    walk.guest.choose("S02", 2)
    page.locator(".conflict").wait_for()
    walk.look("a topic with an answer changed elsewhere")
    walk.press("button[value=overview]")
    walk.look("which answer counts")
    walk.press("form button")
    walk.visit("/overview", "overview, some answered")
    walk.visit("/review", "review with gaps")
    walk.visit("/study", "the study after consent")
    walk.visit("/withdraw", "the question before leaving")
    study.rate(study.visitor(walk.guest.link), dict.fromkeys(STATEMENTS[2:], 2), {"S03": "Much too loud."})
    walk.visit("/review", "review of everything")
    walk.press("form button")
    walk.look("receipt")
    walk.visit("/overview", "overview, handed in")


def _after_time(walk: Walk, clock: FixedClock, late: IssuedLink) -> None:
    walk.enter(late)
    walk.guest.go("/review")
    clock.advance(timedelta(hours=2))
    walk.press("form button")
    walk.look("handing in after time")
    walk.visit("", "home after time")
    clock.advance(timedelta(hours=-2))
    walk.guest.go("/topics/value")
    clock.advance(timedelta(hours=2))
    walk.page.fill("#statement-S01-comment", "Too late")
    walk.page.get_by_role("alert").wait_for()
    walk.look("a topic after time")
    walk.press("button[value=overview]")
    walk.look("what was not counted")


def _figures(walk: Walk, study: PlayedStudy, link: IssuedLink) -> None:
    study.close_round()
    study.release_feedback()
    walk.enter(link)
    walk.visit("/results", "results")
    study.reword("S01", {code: f"{code}: S01" for code in LANGUAGE_NAMES}, "It was not clear.")
    study.open_round()
    walk.visit("/topics/value", "a topic with the groups' figures")
    walk.rate("S03", 5)
    walk.page.locator("#field-S03-agreement-reason").wait_for()
    walk.look("a topic with a reason asked")
    study.close_round()
    study.release_feedback()


def _live(walk: Walk, study: PlayedStudy, others: list[Visitor], leaving: IssuedLink) -> None:
    study.open_round()
    for visitor in others:
        study.rate(visitor, {"S01": 4})
    walk.visit("/topics/value", "a topic of a real-time round")
    walk.rate("S01", 4)
    walk.page.locator("[data-card=S01] [data-live-feedback] figure").first.wait_for()
    walk.rate("S02", 4)
    walk.page.locator("[data-card=S02] [data-live-feedback] .is-withheld").first.wait_for()
    walk.look("a topic of a real-time round, with figures and with some that wait for more answers")
    walk.enter(leaving)
    walk.guest.go("/withdraw")
    walk.press("form button")
    walk.look("home of somebody who has left")
    study.close_round()
    study.release_feedback()


def test_pages_of_single_statements_have_no_barrier(app, address, clock, walk, language):
    definition = with_parts(panel_study("garden_languages_study"), protocol=ONE_A_PAGE)
    study = PlayedStudy.begin(app.state.database, clock, definition)
    study.open_round()
    study.take_part(study.link(language))
    walk = walk(study, ONE_STATEMENT)
    walk.guest.enter()
    walk.look("overview of single statements")
    walk.visit("/statements/S01", "a statement")
    walk.end()


def test_pages_of_wide_scales_comments_and_erasing_have_no_barrier(app, address, clock, walk, language):
    definition = with_parts(panel_study("garden_languages_study"), **WIDE_SCALES)
    study = PlayedStudy.begin(app.state.database, clock, definition)
    study.open_round()
    walk = walk(study, OTHER_RULES)
    page, visitor = walk.page, study.take_part(walk.guest.link)
    walk.guest.enter()
    walk.visit("/topics/value", "a topic of wide scales")
    page.fill("[name='S01.priority']", "101")
    walk.press("button[value=overview]")
    walk.look("a number off the scale")
    _feed_back_comments_and_a_group_too_small(study, visitor, walk.guest.link)
    walk.guest.go("/topics/value")
    walk.rate("S01", 9)
    for shown in (".outlier", ".released", ".wording-change", ".strip-head + .strip-words", ".reason"):
        expect(page.locator(f"[data-card=S01] {shown}").first).to_be_visible()
    walk.look("a topic with everything that can be fed back")
    walk.visit("/results", "results with comments and a group withheld")
    walk.visit("/study", "the study where leaving erases")
    walk.visit("/withdraw", "the question before erasing")
    walk.press("form button")
    walk.look("home of somebody who is erased")
    walk.end()


def _feed_back_comments_and_a_group_too_small(study: PlayedStudy, visitor: Visitor, link: IssuedLink) -> None:
    study.rate(visitor, dict.fromkeys(STATEMENTS, 2))
    gardeners = [other for other in study.links if other.group == "gardeners" and other is not link]
    neighbours = [other for other in study.links if other.group == "neighbours"][:3]
    for n, other in enumerate((*gardeners, *neighbours)):
        study.rate(study.take_part(other), dict.fromkeys(STATEMENTS, 7 + n % 3), {"S01": f"Shade: {n}."})
    study.close_round()
    study.release_comments(1, "Shade")
    study.release_feedback()
    study.reword("S01", {code: f"{code}: S01" for code in LANGUAGE_NAMES}, "It was not clear.")
    study.open_round()
