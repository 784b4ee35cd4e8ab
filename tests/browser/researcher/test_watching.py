"""The response counts by itself while somebody looks, and leaves the page as it was."""

import re

from playwright.sync_api import expect

from tests.browser.states import rate_round

SECONDS_BETWEEN = 16_000


def test_the_response_is_counted_while_it_is_looked_at_and_nothing_jumps(study, arrive):
    study.open_round()
    desk = arrive()
    desk.page.clock.install()
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url) if "/response" in request.url else None)
    desk.sign_in()
    desk.go("/rounds/1")
    news, main = desk.page.locator("#news"), desk.page.locator("main")
    desk.page.get_by_text("By group and language").first.click()
    by_group = desk.page.get_by_role("button", name="Group", exact=True).first
    by_group.click()
    by_group.click()
    first_row = desk.page.locator("#response table").first.locator("tbody th").first
    expect(first_row).to_have_text("Neighbours")

    desk.page.evaluate("Object.defineProperty(document, 'hidden', {configurable: true, get: () => true})")
    rate_round(study)
    desk.page.clock.fast_forward(SECONDS_BETWEEN)
    expect(main).to_contain_text(re.compile(r"Part way\s*0"))
    assert asked == []

    desk.page.evaluate(
        "Object.defineProperty(document, 'hidden', {configurable: true, get: () => false});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    expect(news).to_have_text("0 of 12 have handed in, 12 are part way.")
    expect(main).to_contain_text(re.compile(r"Part way\s*12"))
    expect(first_row).to_have_text("Neighbours")
    expect(desk.page.locator("#response details")).to_have_attribute("open", "")
    expect(by_group).to_be_focused()

    before = len(asked)
    with desk.page.expect_response("**/rounds/1/response"):
        desk.page.clock.fast_forward(SECONDS_BETWEEN)
    expect(news).to_have_text("0 of 12 have handed in, 12 are part way.")
    assert len(asked) == before + 1
