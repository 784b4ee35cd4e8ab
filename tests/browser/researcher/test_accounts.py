"""Accounts and colleagues in Chromium: invited, with a second factor, and on no page a barrier."""

from datetime import timedelta

import pyotp
import pytest
from playwright.sync_api import expect

from app.domain.link import invitation_token, token_hash
from app.i18n import LANGUAGE_NAMES, SOURCE_LANGUAGE
from app.storage import recoveries
from tests.browser.barriers import assert_no_barrier
from tests.browser.chromium import PHONE
from tests.browser.states import EMAIL, PASSWORD
from tests.panel_study import SECRET, SLUG

INVITED = f"/research/join/{invitation_token(SECRET.encode(), 1, 1)}"


def heading(desk, words):
    expect(desk.page.get_by_role("heading", level=1)).to_have_text(words)


def shared_secret(desk):
    """The device that the page's secret was typed into."""
    return pyotp.TOTP(desk.page.locator(".shared-secret").inner_text().replace(" ", ""))


def recovery_link(study):
    """The address that is mailed to the owner who forgot the password."""
    now = study.clock.now()
    with study.database.writing() as connection:
        expires = now + timedelta(hours=1)
        recoveries.insert_link(connection, 1, token_hash("link"), at=now, expires_at=expires)
    return "/research/recover/link"


def test_a_colleague_is_invited_and_makes_an_account_without_javascript(study, arrive):
    owner, colleague = arrive(), arrive(java_script_enabled=False)
    owner.sign_in()
    owner.go("/people")
    owner.press("Invite a colleague")
    owner.page.get_by_label("E-mail address").fill("zoe@example.org")
    owner.page.get_by_label("editor", exact=False).first.check()
    owner.page.get_by_label("May see the mail list").check()
    owner.press("Write the invitation")
    expect(owner.page.get_by_text("The invitation is written.")).to_be_visible()
    owner.page.get_by_text("Show the link").click()
    link = owner.page.locator(".link-in-full").inner_text()
    assert link.endswith(INVITED)
    colleague.page.goto(INVITED)
    heading(colleague, "You are invited to work on a study")
    colleague.page.get_by_label("Your name").fill("Zoë")
    colleague.page.get_by_label("Password").fill(PASSWORD)
    colleague.press("Make the account and accept")
    colleague.page.get_by_role("link", name="A garden for everybody").click()
    colleague.go("/panel/people")
    heading(colleague, "Who was invited")
    owner.go("/people")
    expect(owner.page.get_by_role("link", name="Zoë")).to_be_visible()


def test_a_second_factor_is_set_up_and_asked_for(study, arrive, clock, visitors):
    visitors.expect_fault("status of 422")
    desk = arrive()
    desk.sign_in()
    desk.page.get_by_role("link", name="Robin Researcher").click()
    desk.press("Set it up")
    expect(desk.page.locator(".qr svg")).to_be_visible()
    device = shared_secret(desk)
    desk.page.get_by_label("Type the code that the app now shows").fill(device.at(clock.now()))
    desk.press("Switch it on")
    heading(desk, "Your recovery codes")
    code = desk.page.locator(".recovery-codes code").first.inner_text()
    desk.press("I have kept them")
    expect(desk.page.get_by_text("The second factor is on.")).to_be_visible()
    desk.page.get_by_role("button", name="Sign out").click()
    desk.sign_in()
    heading(desk, "Your code")
    desk.page.get_by_label("Code").fill(device.at(clock.now()))
    desk.press("Sign in")
    expect(desk.page.get_by_role("link", name="This code is not right")).to_be_visible()
    desk.page.get_by_label("Code").fill(code)
    desk.press("Sign in")
    heading(desk, "Your studies")


@pytest.mark.parametrize("code", LANGUAGE_NAMES)
def test_no_page_of_accounts_and_colleagues_has_a_barrier(study, arrive, clock, visitors, code):
    visitors.expect_fault("status of 422")
    desk = arrive(viewport=PHONE)

    def check(address, press=""):
        """Look at a page; in English also at what it says when a form is sent empty."""
        desk.page.goto(address)
        if press and code == SOURCE_LANGUAGE:
            desk.page.locator("main").locator(press).first.click()
            expect(desk.page.locator("#error-summary")).to_be_visible()
        assert_no_barrier(desk.page)

    send = "form button[type=submit]"
    at_the_door = ("/research/recover?noted=yes", "/research/sign-in?done=password")
    for page in at_the_door:
        check(f"{page}&language={code}")
    check(f"/research/recover?language={code}", send)
    check(f"{recovery_link(study)}?language={code}", send)
    desk.sign_in()
    desk.speak(code)
    pseudonym = study.links[0].pseudonym
    people, unmask = f"/research/{SLUG}/people", f"/research/{SLUG}/panel/{pseudonym}/unmask"
    check(f"{people}/invite", send)
    desk.page.locator("#field-email").fill("zoe@example.org")
    desk.page.locator("input[value=editor]").check()
    desk.page.locator("main form button").click()
    expect(desk.page.locator(".link-in-full")).to_be_attached()
    for page in ("?done=invited", "/1"):
        check(f"{people}{page}")
    check(unmask, send)
    desk.page.locator("#field-reason").fill("Asked for the data.")
    desk.page.locator("main form button").click()
    expect(desk.page.locator("main dl")).to_be_visible()
    assert_no_barrier(desk.page)
    check(INVITED)
    check("/research/account?done=ended")
    check("/research/account", "section[aria-labelledby=password] button")
    check("/research/account/second-factor", send)
    desk.page.locator("#field-code").fill(shared_secret(desk).at(clock.now()))
    desk.page.locator("main form button").click()
    expect(desk.page.locator(".recovery-codes")).to_be_visible()
    assert_no_barrier(desk.page)
    check("/research/account/second-factor", send)
    check("/research/account?done=on")
    desk.page.context.clear_cookies()
    check(f"{INVITED}?language={code}", send)
    desk.page.goto(f"/research/sign-in?language={code}")
    desk.page.locator("#field-email").fill(EMAIL)
    desk.page.locator("#field-password").fill(PASSWORD)
    desk.page.locator("main form button").click()
    expect(desk.page.locator("#field-code")).to_be_visible()
    assert_no_barrier(desk.page)
