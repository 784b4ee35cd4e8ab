"""A lost link and a shared device: nothing to remember, nothing to solve, and a way out in sight."""

from playwright.sync_api import expect

from tests.browser.panelist.conftest import PHONE


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
    expect(page.locator("h1")).to_have_text("Look into your mailbox")


def test_on_a_shared_device_the_way_out_stands_on_top_of_every_page(study, arrive, visitors):
    visitors.expect_fault("401")
    study.take_part(study.link())
    guest = arrive()
    guest.page.goto(f"/p/{guest.link.token}")
    guest.page.check("[name=shared_device]")
    guest.page.locator("main form button.button-primary").click()
    for address in ("/overview", "/topics/value", "/study"):
        guest.go(address)
        leave = guest.page.get_by_role("button", name="Leave on this device")
        expect(leave).to_be_visible()
        box = leave.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < PHONE["height"]
        assert box["height"] >= 44
    guest.page.get_by_role("button", name="Leave on this device").click()
    expect(guest.page.locator("h1")).to_have_text("You have left on this device")
    assert guest.page.context.cookies() == []
    guest.page.go_back()
    expect(guest.page.locator("h1")).to_have_text("Please open your personal link again")
