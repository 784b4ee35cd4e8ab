"""Networks fail, servers die, tabs and devices cross each other: nothing is lost, and nothing invented."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.panelist.conftest import PHONE, Panelist
from tests.browser.panelist.ledger import Ledger
from tests.browser.panelist.mortal_server import MortalServer
from tests.browser.waiting import wait_for, wait_until_kept
from tests.panel_study import SLUG

SAVED = "Saved at 10:00."
UNSENT = "Not saved yet"
BANNER = "[data-autosave-banner]"
KEPT = "Object.entries(localStorage).flat()"
TOPIC = re.compile("/topics/value$")
NEXT_TOPIC = re.compile("/topics/pay$")


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def guest(study, arrive, ledger):
    """A panelist who takes part, on the first topic, in a browser that keeps account."""
    study.take_part(study.link())
    guest = arrive()
    ledger.watch(guest.page)
    guest.enter()
    guest.go("/topics/value")
    return guest


def cut(guest, visitors) -> None:
    visitors.expect_fault("ERR_INTERNET_DISCONNECTED")
    guest.page.context.set_offline(True)


def hold_next(page, address="**/autosave*"):
    """Keep the next request for an address, as a rule an autosave, on its way until the caller lets it go."""
    held = []

    def hold(route):
        held.append(route)

    page.route(address, hold, times=1)
    return held


def test_a_network_that_is_away_for_a_minute_costs_nothing(study, arrive, visitors, ledger):
    study.take_part(study.link())
    guest = arrive()
    ledger.watch(guest.page)
    attempts = []

    def count(request):
        attempts.append(request)

    guest.page.on("requestfailed", count)
    guest.page.clock.install()
    guest.enter()
    guest.go("/topics/value")
    cut(guest, visitors)
    for code, value in {"S01": 4, "S02": "unable", "S03": 1}.items():
        guest.choose(code, value)
    guest.page.fill("#statement-S03-comment", "Written without a network.")
    guest.choose("S01", 5)
    guest.is_told("S01", UNSENT)
    expect(guest.page.locator(BANNER)).to_contain_text("encrypted")
    for _ in range(12):
        guest.page.clock.fast_forward(5000)
        guest.page.wait_for_timeout(20)
    n_attempts = len(attempts)
    assert 4 <= n_attempts <= 20, "it keeps trying, and rests longer each time"
    guest.try_to_press("Save and go to the next topic")
    wait_for(lambda: len(attempts) > n_attempts, guest.page)
    expect(guest.page, "the page stays while nothing could be sent").to_have_url(TOPIC)
    guest.page.context.set_offline(False)
    for code in ("S01", "S02", "S03"):
        guest.is_told(code, SAVED)
    expect(guest.page.locator(BANNER)).to_be_hidden()
    guest.press("Save and go to the next topic")
    expect(guest.page).to_have_url(NEXT_TOPIC)
    ledger.assert_agrees(study.database, guest.link.pseudonym)
    guest.go("/topics/value")
    expect(guest.comment("S03")).to_have_value("Written without a network.")


def test_a_browser_closed_without_a_network_finds_its_answers_again_with_the_same_link(
    study, guest, visitors, ledger
):
    context = guest.page.context
    cut(guest, visitors)
    guest.choose("S01", 4)
    guest.page.fill("#statement-S02-comment", "A secret thought")
    guest.is_told("S02", UNSENT)
    expect(guest.page.locator(BANNER)).to_contain_text("encrypted")
    kept = " ".join(guest.page.evaluate(KEPT))
    for word in ("S01", "agreement", "point", "secret", SLUG, guest.link.pseudonym):
        assert word not in kept
    guest.page.close()
    context.clear_cookies()
    context.set_offline(False)
    guest.page = context.new_page()
    ledger.watch(guest.page)
    guest.enter()
    guest.go("/topics/pay")
    wait_for(lambda: ledger.told["S01"] == [4], guest.page)
    wait_until_kept(guest.page, 0)
    guest.go("/topics/value")
    expect(guest.point("S01", 4)).to_be_checked()
    expect(guest.comment("S02")).to_have_value("A secret thought")
    ledger.assert_agrees(study.database, guest.link.pseudonym)


def test_what_waited_in_the_browser_while_the_round_closed_is_given_back_and_not_counted(
    study, guest, visitors, ledger
):
    context = guest.page.context
    cut(guest, visitors)
    guest.choose("S01", 4)
    guest.page.fill("#statement-S02-comment", "Too late")
    expect(guest.page.locator(BANNER)).to_contain_text("encrypted")
    guest.page.close()
    study.close_round()
    context.set_offline(False)
    guest.page = context.new_page()
    guest.enter()
    for _ in range(2):
        expect(guest.page.locator("#late-answers-text")).to_have_value("S01: 4\nS02: Too late")
        guest.page.reload()
    study.release_feedback()
    study.open_round()
    guest.go("/topics/value")
    wait_until_kept(guest.page, 0)
    expect(guest.point("S01", 4)).not_to_be_checked()
    assert ledger.told == {}


def test_what_another_person_left_in_the_browser_is_neither_read_nor_sent(study, guest, visitors, arrive):
    cut(guest, visitors)
    guest.choose("S01", 4)
    expect(guest.page.locator(BANNER)).to_be_visible()
    context = guest.page.context
    guest.page.close()
    context.set_offline(False)
    guest.link = study.link(group="neighbours")
    study.take_part(guest.link)
    guest.page = context.new_page()
    guest.enter()
    guest.go("/topics/value")
    guest.save("S02", 2)
    expect(guest.point("S01", 4)).not_to_be_checked()
    assert guest.page.evaluate("localStorage.length") == 1, "it waits for its owner"


@pytest.mark.parametrize("place", ["a shared device", "a page that cannot encrypt"])
def test_nothing_is_kept_where_it_must_not_or_cannot_be(study, arrive, visitors, place):
    study.take_part(study.link())
    guest = arrive()
    if place == "a shared device":
        guest.page.goto(f"/p/{guest.link.token}")
        guest.page.check("[name=shared_device]")
        with guest.page.expect_navigation():
            guest.page.locator("main form button.button-primary").first.click()
    else:
        guest.page.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
        guest.enter()
    guest.go("/topics/value")
    cut(guest, visitors)
    guest.choose("S01", 4)
    expect(guest.page.locator(BANNER)).to_contain_text("Please keep this page open")
    assert guest.page.evaluate(KEPT) == []
    guest.page.context.set_offline(False)
    guest.is_told("S01", SAVED)


def test_leaving_on_this_device_clears_what_it_kept(guest, visitors):
    guest.page.evaluate("localStorage.setItem('castalia:left', 'by a page that is gone')")
    guest.leave()
    wait_until_kept(guest.page, 0)


def test_what_is_typed_just_before_leaving_on_this_device_is_saved_first(guest, arrive):
    guest.page.fill("#statement-S01-comment", "My last word")
    guest.leave()
    guest.enter()
    guest.go("/topics/value")
    expect(guest.comment("S01")).to_have_value("My last word")


def test_a_reply_that_is_cut_off_is_asked_for_again(study, guest, ledger):
    def cut_off_the_reply(route):
        route.fetch()
        route.fulfill(content_type="application/json", body='{"saved')

    guest.page.route("**/autosave*", cut_off_the_reply, times=1)
    guest.choose("S01", 4)
    guest.is_told("S01", SAVED)
    guest.save("S01", 5)
    ledger.assert_agrees(study.database, guest.link.pseudonym)


def test_a_reply_that_is_lost_is_no_conflict_with_oneself(study, guest, visitors, ledger):
    visitors.expect_fault("ERR_FAILED")
    visitors.expect_fault("status of 409")

    def lose_the_reply(route):
        route.fetch()
        route.abort()

    guest.page.route("**/autosave*", lose_the_reply, times=1)
    guest.choose("S01", 4)
    guest.is_told("S01", UNSENT)
    guest.choose("S01", 2)
    guest.is_told("S01", SAVED)
    expect(guest.page.get_by_role("alert")).to_have_count(0)
    ledger.assert_agrees(study.database, guest.link.pseudonym)


def test_of_changes_in_quick_succession_the_last_counts_and_the_page_never_overtakes_them(
    study, guest, ledger
):
    held = hold_next(guest.page)
    guest.choose("S01", 1)
    wait_for(lambda: held, guest.page)
    guest.choose("S01", 2)
    guest.choose("S01", 5)
    guest.comment("S01").press_sequentially("Typed while it was sent")
    with guest.page.expect_navigation(url=NEXT_TOPIC):
        guest.page.locator("button[value=next]").last.click()
        held[0].continue_()
    ledger.assert_agrees(study.database, guest.link.pseudonym)
    assert ledger.sent["S01"] == [1, 5]
    guest.go("/topics/value")
    expect(guest.comment("S01")).to_have_value("Typed while it was sent")


def test_two_devices_at_once_each_keep_what_they_did(study, guest, arrive, visitors, ledger):
    other = arrive()
    ledger.watch(other.page)
    other.enter()
    other.go("/topics/value")
    guest.choose("S01", 4)
    other.choose("S02", 2)
    guest.is_told("S01", SAVED)
    other.is_told("S02", SAVED)
    visitors.expect_fault("409")
    other.choose("S01", 1)
    other.page.get_by_role("alert").get_by_text("Keep the other answer").click()
    ledger.sent["S01"].remove(1)
    ledger.assert_agrees(study.database, guest.link.pseudonym)


def test_a_conflict_about_a_statement_of_another_page_waits_there(study, guest, arrive, visitors, ledger):
    cut(guest, visitors)
    guest.choose("S01", 4)
    expect(guest.page.locator(BANNER)).to_contain_text("encrypted")
    context = guest.page.context
    guest.page.close()
    other = arrive()
    other.enter()
    other.go("/topics/value")
    other.save("S01", 2)
    context.set_offline(False)
    visitors.expect_fault("409")
    guest.page = context.new_page()
    guest.page.on("dialog", lambda dialog: dialog.accept())
    guest.go("/topics/pay")
    guest.page.locator(BANNER).filter(has_text="two different answers").get_by_text("S01").click()
    box = guest.page.get_by_role("alert")
    expect(box).to_contain_text("Here: 4, Agree")
    expect(box).to_contain_text("There: 2, Disagree")


def test_who_enters_again_in_another_tab_goes_on_in_the_first(study, guest, visitors, ledger):
    visitors.expect_fault("status of 40")
    context = guest.page.context
    context.clear_cookies()
    guest.choose("S01", 4)
    guest.is_told("S01", "you are no longer signed in")
    tab = context.new_page()
    tab.goto(f"/p/{guest.link.token}")
    with tab.expect_navigation(url="**/s/**"):
        tab.locator("main form button.button-primary").first.click()
    tab.close()
    guest.page.evaluate("window.dispatchEvent(new Event('focus'))")
    guest.is_told("S01", SAVED)
    ledger.assert_agrees(study.database, guest.link.pseudonym)


@pytest.fixture
def save_elsewhere(arrive, ledger):
    """Another device of the same person, that saves an answer to S01."""

    def save_elsewhere(value):
        other = arrive()
        ledger.watch(other.page)
        other.enter()
        other.go("/topics/value")
        other.save("S01", value)
        other.page.close()

    return save_elsewhere


def test_back_and_refresh_show_what_is_stored_and_send_only_what_was_not(
    study, guest, save_elsewhere, ledger
):
    guest.save("S01", 4)
    save_elsewhere(2)
    guest.page.reload()
    expect(guest.point("S01", 2)).to_be_checked()
    guest.press("Save and go to the next topic")
    save_elsewhere(5)
    guest.page.go_back()
    expect(guest.point("S01", 5)).to_be_checked()
    ledger.assert_agrees(study.database, guest.link.pseudonym)


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_what_stood_in_the_fields_before_is_never_put_over_something_newer(
    study, arrive, save_elsewhere, ledger, scripts
):
    """Chromium fills in a form again when one comes back to it, and knows nothing of versions."""
    study.take_part(study.link())
    guest = arrive(java_script_enabled=scripts)
    guest.page.route("**/js/autosave.js*", lambda route: route.fulfill(content_type="text/javascript"))
    guest.enter()
    guest.go("/topics/value")
    guest.choose("S01", 4)
    guest.go("/overview")
    save_elsewhere(2)
    guest.page.go_back()
    expect(guest.point("S01", 2)).to_be_checked()
    guest.press("Save and go to the next topic")
    ledger.assert_agrees(study.database, guest.link.pseudonym)


def test_what_a_browser_fills_in_of_its_own_accord_is_neither_shown_nor_sent(
    study, guest, save_elsewhere, ledger
):
    """As a browser might that does not heed what a form asks for, and that forgets the state of a page."""
    guest.save("S01", 4)
    field = """document.querySelector("[name='S01.agreement'][value='4']")"""
    guest.page.add_init_script(f"addEventListener('load', () => {{ if ({field}) {field}.checked = true; }})")
    guest.page.evaluate("history.replaceState(null, '')")
    save_elsewhere(2)
    guest.page.reload()
    expect(guest.point("S01", 2)).to_be_checked()
    guest.save("S02", 1)
    ledger.assert_agrees(study.database, guest.link.pseudonym)


def test_what_is_chosen_before_the_script_has_come_is_saved_with_it(study, arrive, ledger):
    study.take_part(study.link())
    guest = arrive()
    ledger.watch(guest.page)
    held = hold_next(guest.page, "**/js/kept_answers.js*")
    guest.enter()
    guest.page.goto(f"/s/{SLUG}/topics/value", wait_until="commit")
    guest.choose("S01", 4)
    guest.comment("S02").fill("Written early")
    with guest.page.expect_response("**/autosave*"):
        held[0].continue_()
    guest.is_told("S01", SAVED)
    guest.is_told("S02", SAVED)
    ledger.assert_agrees(study.database, guest.link.pseudonym)
    guest.go("/topics/value")
    expect(guest.point("S01", 4)).to_be_checked()
    expect(guest.comment("S02")).to_have_value("Written early")


def test_what_is_saved_before_the_page_has_come_as_a_whole_stays_shown(study, arrive, ledger):
    study.take_part(study.link())
    guest = arrive()
    ledger.watch(guest.page)
    guest.enter()
    held = hold_next(guest.page, "**/css/print.css*")
    guest.page.goto(f"/s/{SLUG}/topics/value", wait_until="domcontentloaded")
    guest.save("S01", 4)
    guest.page.evaluate("addEventListener('pageshow', () => setTimeout(() => { window.isThere = true; }))")
    held[0].continue_()
    wait_for(lambda: guest.page.evaluate("window.isThere"), guest.page)
    expect(guest.point("S01", 4)).to_be_checked()


@pytest.mark.parametrize("script", ["autosave.js", "kept_answers.js"])
def test_a_script_that_never_arrives_leaves_a_page_that_works_and_comes_with_the_next_refresh(
    study, arrive, visitors, ledger, script
):
    visitors.expect_fault("ERR_FAILED")
    study.take_part(study.link())
    guest = arrive()
    ledger.watch(guest.page)
    guest.page.route(f"**/js/{script}*", lambda route: route.abort())
    guest.enter()
    guest.go("/topics/value")
    guest.choose("S01", 4)
    guest.press("Save and go to the next topic")
    expect(guest.page).to_have_url(NEXT_TOPIC)
    assert ledger.sent == {}
    guest.page.unroute_all()
    guest.go("/topics/value")
    expect(guest.point("S01", 4)).to_be_checked()
    guest.save("S02", 2)
    assert ledger.sent == {"S02": [2]}


@pytest.fixture
def mortal(sqlite_url, clock):
    """A server on the study's database."""
    server = MortalServer(sqlite_url, clock.now())
    server.start()
    yield server
    server.kill()


def test_a_server_that_is_killed_and_started_again_has_lost_nothing(study, visitors, mortal, ledger):
    visitors.expect_fault("ERR_CONNECTION_REFUSED")
    visitors.expect_fault("ERR_EMPTY_RESPONSE")
    visitors.expect_fault("ERR_CONNECTION_RESET")
    visitors.expect_fault("ERR_CONTENT_LENGTH_MISMATCH")
    study.take_part(study.link())
    page = visitors.arrive(mortal.address, viewport=PHONE)
    ledger.watch(page)
    guest = Panelist(page, study.link())
    guest.enter()
    guest.go("/topics/value")
    guest.save("S01", 4)
    guest.choose("S02", 2)
    mortal.kill()
    guest.choose("S01", 5)
    guest.choose("S03", "unable")
    guest.is_told("S03", UNSENT)
    guest.try_to_press("Save and go to the next topic")
    mortal.start()
    guest.page.evaluate("window.dispatchEvent(new Event('focus'))")
    for code in ("S01", "S02", "S03"):
        guest.is_told(code, SAVED)
    guest.press("Save and go to the next topic")
    expect(guest.page).to_have_url(NEXT_TOPIC)
    ledger.assert_agrees(study.database, guest.link.pseudonym)
