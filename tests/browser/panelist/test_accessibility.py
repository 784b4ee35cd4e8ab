"""Every page a panelist can meet, held to WCAG 2.2 AA: on a telephone and a desk, light and dark."""

import pytest

from tests.browser.chromium import assert_no_axe_violations
from tests.browser.panelist.conftest import DESK, PHONE
from tests.panel_study import STATEMENTS, TOPICS


def unfold(page):
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")


def fits(page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.fixture(params=[(PHONE, "light"), (DESK, "dark")], ids=["phone, light", "desk, dark"])
def look(request) -> dict[str, object]:
    viewport, scheme = request.param
    # Without motion, so that no page is looked at while something fades.
    return {"viewport": viewport, "color_scheme": scheme, "reduced_motion": "reduce"}


def test_the_first_round_has_no_barrier(study, arrive, visitors, look):
    guest = arrive(**look)
    page = guest.page

    def check() -> None:
        unfold(page)
        assert_no_axe_violations(page)
        assert fits(page), page.url

    page.goto("/")
    check()
    page.goto(f"/p/{guest.link.token}")
    check()
    guest.enter()
    check()
    guest.press("No, I do not take part")
    check()
    guest.go("/study")
    guest.press("Yes, I take part")
    check()
    visitors.expect_fault("422")
    guest.press("Save and continue")
    check()
    page.check("[name='profile.role'][value=expert]")
    guest.press("Save and continue")
    check()
    guest.press("Begin")
    check()
    guest.choose("S01", 4)
    guest.is_told("S01", "Saved at")
    check()
    guest.go("/review")
    check()
    for topic, codes in TOPICS.items():
        guest.go(f"/topics/{topic}")
        for code in codes:
            guest.choose(code, 5)
        page.locator("main button.button-primary").click()
    check()
    guest.press("Hand in my answers")
    check()
    guest.go("/withdraw")
    check()
    guest.press("Yes, stop taking part")
    check()
    page.goto(f"/p/{guest.link.token}")
    check()


def test_later_rounds_and_refusals_have_no_barrier(study, arrive, visitors, look):
    for status in ("404", "401", "409", "422"):
        visitors.expect_fault(f"status of {status}")
    study.rate_apart(study.links[1:])
    study.rate(study.take_part(study.links[0]), dict.fromkeys(STATEMENTS, 2))
    guest = arrive(study.links[0], **look)
    page = guest.page

    def check() -> None:
        unfold(page)
        assert_no_axe_violations(page)
        assert fits(page), page.url

    for address in ("/p/nonsense", "/nothing", "/s/no-study"):
        page.goto(address)
        check()
    guest.enter()
    guest.go("/topics/value")
    study.close_round()
    page.fill("#statement-S01-comment", "Too late")
    page.get_by_role("alert").wait_for()
    check()
    guest.press("Save and go to the overview")
    check()
    guest.go()
    check()
    study.release_feedback()
    guest.go()
    check()
    study.open_round()
    guest.go("/overview")
    check()
    guest.go("/topics/value")
    guest.choose("S01", 5)
    guest.is_told("S01", "Saved at")
    check()


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_pages_in_other_languages_have_no_barrier_and_say_which_language_they_are(study, arrive, language):
    study.take_part(study.link(language))
    guest = arrive(study.link(language))
    guest.enter()
    for address in ("/study", "/profile", "/overview", "/topics/value", "/review"):
        guest.go(address)
        assert_no_axe_violations(guest.page)
        assert guest.page.locator("html").get_attribute("lang") == language


def test_text_of_twice_the_size_stays_inside_the_page(study, arrive):
    study.take_part(study.link())
    guest = arrive()
    guest.enter()
    for address in ("/study", "/profile", "/overview", "/topics/value", "/review"):
        guest.go(address)
        guest.page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert fits(guest.page), address
