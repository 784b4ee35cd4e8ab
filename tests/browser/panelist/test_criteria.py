"""Criteria that no rule of axe decides: targets, entering once, no puzzle, motion, the system's colours."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect

from app.web.shared.security_headers import SecurityHeaders
from app.web.shared.styleguide import router
from app.web.shared.templating import STATIC_PREFIX, HashedStaticFiles
from tests.browser.chromium import DESK, PHONE
from tests.browser.states import APART, IN_ROUND_1
from tests.panel_study import SLUG, STATEMENTS
from tests.prepared import Prepared
from tests.serving import free_port, serving

PAGES = ("/study", "/profile", "/overview", "/topics/value", "/review", "/results", "/withdraw", "/not-me")

# Links within a sentence may be as low as its line; a choice is pressed on the whole of its label.
SMALL_TARGETS = """(least) => [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), textarea, select, summary")]
  .filter((each) => each.tabIndex >= 0 && each.getClientRects().length)
  .map((each) => (each.matches("[type=radio], [type=checkbox]") && each.closest("label")) || each)
  .filter((each) => each.matches(least > 24 ? ".point, .unable, .button, .choice" : "*"))
  .filter((each) => getComputedStyle(each).display !== "inline")
  .filter((each) => Math.min(each.offsetWidth, each.offsetHeight) < least)
  .map((each) => `${each.className} ${each.textContent.trim().slice(0, 40)}: `
    + `${each.offsetWidth} x ${each.offsetHeight}`)"""


@pytest.fixture
def styleguide() -> Iterator[str]:
    """Where every part of the pages is shown."""
    app = FastAPI()
    app.include_router(router)
    app.mount(STATIC_PREFIX, HashedStaticFiles())
    app.add_middleware(SecurityHeaders, over_tls=False)
    with serving(app, free_port()) as address:
        yield address


@pytest.fixture
def prepared(request: pytest.FixtureRequest) -> Prepared:
    """The study in round 1, or in its second, where everybody has answered before."""
    return APART if "later" in request.fixturenames else IN_ROUND_1


@pytest.fixture
def later(study):
    """The study in its second round."""
    return study


@pytest.mark.parametrize("window", [PHONE, DESK], ids=["phone", "desk"])
def test_targets_have_24_pixels_and_what_answers_have_44(later, arrive, window):
    guest = arrive(viewport=window)
    guest.page.goto(f"/p/{guest.link.token}")
    assert guest.page.evaluate(SMALL_TARGETS, 24) == []
    guest.enter()
    for address in PAGES:
        guest.go(address)
        guest.page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert guest.page.evaluate(SMALL_TARGETS, 24) == [], address
        assert guest.page.evaluate(SMALL_TARGETS, 44) == [], address


def test_nothing_that_was_entered_once_is_asked_again(study, arrive, visitors):
    visitors.expect_fault("status of 422")
    guest = arrive(java_script_enabled=False)
    guest.enter()
    guest.press("Yes, I take part")
    guest.page.fill("[name='profile.words']", "Beans")
    guest.page.check("[name='profile.tools'][value=spade]")
    guest.press("Save and continue")
    expect(guest.page.get_by_role("alert")).to_be_visible()
    expect(guest.page.locator("[name='profile.words']")).to_have_value("Beans")
    expect(guest.page.locator("[name='profile.tools'][value=spade]")).to_be_checked()
    guest.page.check("[name='profile.role'][value=expert]")
    guest.press("Save and continue")
    guest.go("/topics/value")
    guest.choose("S01", 4)
    guest.page.fill("#statement-S01-comment", "For the children.")
    guest.press("Save and go to the overview")
    again = arrive(java_script_enabled=False)
    again.enter()
    expect(again.page).to_have_url(re.compile("/overview$"))
    again.go("/topics/value")
    expect(again.page.locator("[name='S01.agreement'][value='4']")).to_be_checked()
    expect(again.page.locator("#statement-S01-comment")).to_have_value("For the children.")
    again.go("/profile")
    expect(again.page.locator("[name='profile.words']")).to_have_value("Beans")
    expect(again.page.locator("[name='profile.role'][value=expert]")).to_be_checked()


def test_entering_asks_for_nothing_to_be_remembered_typed_or_solved(study, arrive, visitors):
    visitors.expect_fault("status of 4")
    guest = arrive(java_script_enabled=False)
    guest.page.goto(f"/p/{guest.link.token}")
    fields = guest.page.locator("main input:not([type=hidden]), main textarea, main select")
    assert [field.get_attribute("type") for field in fields.all()] == ["checkbox"]
    guest.page.goto("/link")
    email = guest.page.get_by_label("E-mail address")
    assert email.get_attribute("autocomplete") == "email"
    assert email.get_attribute("type") == "email"
    assert email.get_attribute("onpaste") is None
    email.focus()
    guest.page.keyboard.insert_text("ann@example.org")
    expect(email).to_have_value("ann@example.org")
    expect(guest.page.locator("main input:not([type=hidden])")).to_have_count(1)


def outline(page: Page, selector: str) -> str:
    """How a choice is outlined now."""
    style = "(each) => { const s = getComputedStyle(each.closest('label')); return s.outline + s.border; }"
    return str(page.locator(selector).evaluate(style))


def test_where_the_system_chooses_the_colours_a_choice_and_the_focus_still_show(later, arrive):
    guest = arrive(forced_colors="active")
    guest.enter()
    guest.go("/topics/value")
    page, chosen = guest.page, "[name='S01.agreement'][value='4']"
    plain = outline(page, chosen)
    page.check(chosen)
    page.locator("#statement-S01-comment").focus()
    checked = outline(page, chosen)
    page.locator(chosen).focus()
    page.keyboard.press("ArrowDown")
    focused = outline(page, "[name='S01.agreement'][value='5']")
    assert len({plain, checked, focused}) == 3, (plain, checked, focused)
    expect(page.locator("[data-card=S01] rect.bar").first).to_be_visible()
    for bar in page.locator("[data-card=S01] rect.bar").all():
        fill, stroke = bar.evaluate("(e) => [getComputedStyle(e).fill, getComputedStyle(e).stroke]")
        assert fill != stroke, "a bar has an edge that shows on the paper"
    own, paper = page.locator("[data-card=S01] path.own").first.evaluate(
        "(e) => [getComputedStyle(e).fill, getComputedStyle(document.body).backgroundColor]"
    )
    assert own != paper, "the own answer is marked"


DRAWN = {
    "bands of a scale": (".point.band-{}", ("borderLeftStyle",), ("disagree", "neutral", "agree")),
    "bands of a row": (".scale-band.band-{}", ("borderTopStyle",), ("disagree", "neutral", "agree")),
    "bars": (".bar-{}", ("fill",), ("disagree", "neutral", "agree")),
}


def test_where_the_system_chooses_the_colours_bands_differ_by_line_and_pattern(visitors, styleguide):
    page = visitors.arrive(styleguide, viewport=PHONE, forced_colors="active")
    page.goto("/styleguide")
    for what, (selector, properties, bands) in DRAWN.items():
        looks = {
            tuple(
                page.locator(selector.format(band)).first.evaluate(
                    "(each, names) => names.map((name) => getComputedStyle(each)[name])", properties
                )
            )
            for band in bands
        }
        assert len(looks) == len(bands), f"{what}: {looks}"


def test_where_the_system_chooses_the_colours_decisions_keep_their_shapes(visitors, styleguide):
    page = visitors.arrive(styleguide, viewport=DESK, forced_colors="active")
    page.goto("/styleguide/researcher")
    chips = page.locator("main p .chip:has(.sign)")
    expect(chips).to_have_count(4)
    shapes = set()
    for chip in chips.all():
        sign = chip.locator(".sign")
        drawn, paper = sign.evaluate(
            "(e) => [getComputedStyle(e).color, getComputedStyle(document.body).backgroundColor]"
        )
        assert drawn != paper
        symbol = sign.locator("use").get_attribute("href")
        shapes.add(page.locator(f"symbol{symbol}").inner_html())
        assert chip.inner_text().strip(), "the word stands beside the sign"
    assert len(shapes) == 4


def test_who_wants_no_motion_sees_none(study, arrive):
    study.take_part(study.link())
    guest = arrive(reduced_motion="reduce")
    guest.enter()
    guest.go("/topics/value")
    guest.choose(STATEMENTS[0], 4)
    guest.is_told(STATEMENTS[0], "Saved at 10:00.")
    assert guest.page.evaluate("document.getAnimations().length") == 0
    moves = "(each) => { const s = getComputedStyle(each); return s.animationName + s.scrollBehavior; }"
    assert guest.page.locator("[data-card=S01] [data-save-state]").evaluate(moves) == "noneauto"
    assert guest.page.url.endswith(f"/s/{SLUG}/topics/value")
