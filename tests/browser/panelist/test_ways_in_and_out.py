"""A lost link, a shared device, a wrong person and a no: pages without a barrier in every language."""

import pytest

from tests.browser.chromium import assert_no_axe_violations
from tests.browser.panelist.conftest import DESK, PHONE
from tests.browser.panelist.test_accessibility import fits
from tests.panel_study import SLUG

LOOKS = {
    "en": {"viewport": PHONE, "color_scheme": "light"},
    "fr": {"viewport": DESK, "color_scheme": "dark"},
    "nl": {"viewport": PHONE, "color_scheme": "dark"},
}


@pytest.mark.parametrize("language", LOOKS)
def test_every_way_in_and_out_has_no_barrier(study, arrive, visitors, language):
    visitors.expect_fault("status of 4")
    guest = arrive(study.link(language), reduced_motion="reduce", **LOOKS[language])
    page = guest.page

    def check() -> None:
        assert_no_axe_violations(page)
        assert fits(page), page.url
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert fits(page), f"{page.url} at 200%"

    page.goto(f"/link?language={language}")
    check()
    page.locator("main button").click()
    check()
    page.fill("[name=email]", "nobody@example.org")
    page.locator("main button").click()
    check()
    page.goto(f"/p/{guest.link.token}")
    page.locator("main button.link-button").click()
    check()
    page.locator("main button").click()
    check()
    page.goto(f"/p/{guest.link.token}")
    page.check("[name=shared_device]")
    page.locator("main form button.button-primary").click()
    check()
    page.locator(f"[action='/s/{SLUG}/decline'] button").click()
    check()
    guest.go("/not-me")
    check()
    page.locator("main button").click()
    check()
    guest.go("/declined")
    page.locator("main button").click()
    check()
    page.goto(f"/p/{guest.link.token}")
    check()
    page.goto(f"/goodbye?language={language}&why=not_me")
    check()


def test_a_lost_link_is_asked_for_with_the_keyboard_and_an_address_that_is_pasted(study, arrive, visitors):
    visitors.expect_fault("401")
    guest = arrive(java_script_enabled=False)
    page, keyboard = guest.page, guest.page.keyboard
    page.goto("/s/garden-study")
    page.get_by_role("link", name="Have my link sent again").focus()
    keyboard.press("Enter")
    field = page.get_by_label("E-mail address")
    field.focus()
    keyboard.insert_text("ann@example.org")  # as from the clipboard, without a key for each sign
    keyboard.press("Enter")
    page.wait_for_url("**/link?noted=yes**")
    assert page.locator("h1").inner_text() == "Look into your mailbox"


def test_on_a_shared_device_the_way_out_stands_on_top_of_every_page(study, arrive, visitors):
    visitors.expect_fault("401")
    study.take_part(study.link())
    guest = arrive()
    guest.page.goto(f"/p/{guest.link.token}")
    guest.page.check("[name=shared_device]")
    guest.page.locator("main form button.button-primary").click()
    for address in ("/overview", "/topics/value", "/study"):
        guest.go(address)
        box = guest.page.get_by_role("button", name="Leave on this device").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < PHONE["height"]
        assert box["height"] >= 44
    guest.page.get_by_role("button", name="Leave on this device").click()
    assert guest.page.context.cookies() == []
    guest.page.go_back()
    assert guest.page.locator("h1").inner_text() == "Please open your personal link again"
