"""The keyboard alone leads from the link to the receipt, and what has focus is seen at every step."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import DESK, PHONE
from tests.panel_study import SLUG, STATEMENTS

MOST_STEPS = 120

# What has focus and what shows it: a choice has its ring around the whole of its label.
FOCUSED = """() => {
  const element = document.activeElement;
  const isChoice = element.matches("input[type=radio], input[type=checkbox]");
  const shown = (isChoice && element.closest(".point, .unable")) || element;
  const style = getComputedStyle(shown);
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => parts(colour).slice(0, 3).map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, n) => sum + part * [0.2126, 0.7152, 0.0722][n], 0);
  let ground = shown.parentElement;
  while (ground && parts(getComputedStyle(ground).backgroundColor)[3] === 0) ground = ground.parentElement;
  const paper = getComputedStyle(ground ?? document.documentElement).backgroundColor;
  const [bright, dark] = [style.outlineColor, paper].map(light).sort((a, b) => b - a);
  const box = shown.getBoundingClientRect();
  const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
  const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
  const above = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  return {
    tag: element.tagName, field: element.name ?? "", value: element.value ?? "",
    text: element.textContent.trim(), href: element.getAttribute("href") ?? "",
    ring: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    contrast: (bright + 0.05) / (dark + 0.05),
    isSeen: top < bottom && above !== null && (shown.contains(above) || above.contains(shown)),
  };
}"""


class Keyboard:
    """Somebody without a mouse: every step goes from where the focus is."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def step(self, key: str = "Tab") -> dict[str, Any]:
        """Press a key; what has focus now must be seen."""
        self.page.keyboard.press(key)
        focused: dict[str, Any] = self.page.evaluate(FOCUSED)
        if focused["tag"] != "BODY":
            where = f"{focused} on {self.page.url}"
            assert focused["ring"] >= 2, f"no ring: {where}"
            assert focused["contrast"] >= 3, f"a faint ring: {where}"
            assert focused["isSeen"], f"hidden: {where}"
        return focused

    def to(self, **wanted: str) -> dict[str, Any]:
        """Go on with the tabulator until the focus is on what is wanted."""
        for _ in range(MOST_STEPS):
            focused = self.step()
            if all(str(focused[key]).startswith(value) for key, value in wanted.items()):
                return focused
        raise AssertionError(f"{wanted} is not reached on {self.page.url}")

    def press(self, key: str = "Enter") -> None:
        """Press a key that leads to another page."""
        with self.page.expect_event("domcontentloaded"):
            self.page.keyboard.press(key)

    def rate(self, code: str, point: int) -> None:
        """Go to a statement's scale and choose: the space bar takes the first point, arrows the others."""
        focused = self.to(field=f"{code}.agreement")
        if focused["value"] == "1":
            self.step("Space")
        for _ in range(abs(point - int(str(focused["value"])))):
            self.step("ArrowDown" if point > int(str(focused["value"])) else "ArrowUp")
        expect(self.page.locator(f"[name='{code}.agreement'][value='{point}']")).to_be_checked()


@pytest.mark.parametrize("window", [PHONE, DESK], ids=["phone", "desk"])
def test_the_keyboard_leads_from_the_link_to_the_receipt(study, arrive, window):
    guest = arrive(viewport=window)
    page, keys = guest.page, Keyboard(guest.page)
    page.goto(f"/p/{guest.link.token}")
    assert keys.step()["href"] == "#content", "the first step skips to the content"
    keys.page.keyboard.press("Enter")
    keys.to(tag="BUTTON", text="Enter the study")
    keys.press()
    keys.to(tag="BUTTON", field="locale", value="fr")
    keys.press()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    keys.to(tag="BUTTON", field="locale", value="en")
    keys.press()
    keys.to(tag="BUTTON", text="Yes, I take part")
    keys.press()
    keys.to(field="profile.role")
    keys.step("Space")
    keys.step("ArrowDown")
    keys.to(tag="BUTTON", text="Save and continue")
    keys.press()
    keys.to(text="Begin")
    keys.press()
    keys.to(tag="SUMMARY")
    keys.step("Enter")
    expect(page.locator("details.evidence").first).to_have_attribute("open", "")
    for code in STATEMENTS[:3]:
        keys.rate(code, 4)
    keys.to(tag="TEXTAREA")
    page.keyboard.type("For the children.")
    keys.to(tag="BUTTON", text="Save and go to the next topic")
    keys.press()
    for code in STATEMENTS[3:]:
        keys.rate(code, 5)
    keys.to(tag="BUTTON", text="Save and look over all answers")
    keys.press()
    keys.to(tag="BUTTON", text="Hand in my answers")
    keys.press()
    expect(page).to_have_url(re.compile(f"/s/{SLUG}/receipt$"))


@pytest.mark.parametrize("window", [PHONE, DESK], ids=["phone", "desk"])
def test_in_a_later_round_the_keyboard_keeps_an_answer_changes_one_and_says_why(study, arrive, window):
    study.rate_apart(study.links[1:])
    study.rate(study.take_part(study.links[0]), dict.fromkeys(STATEMENTS, 2))
    study.close_round()
    study.release_feedback()
    study.open_round()
    guest = arrive(study.links[0], viewport=window)
    guest.enter()
    guest.go("/topics/value")
    page, keys = guest.page, Keyboard(guest.page)
    keys.to(tag="BUTTON", text="Keep my last answer: 2, Disagree")
    keys.step("Enter")
    guest.is_told("S01", "Saved at 10:00.")
    expect(page.locator("[name='S01.agreement'][value='2']")).to_be_checked()
    expect(page.locator("[name='S01.agreement']:focus"), "the focus stays at the statement").to_have_count(1)
    keys.rate("S02", 5)
    guest.is_told("S02", "Saved at 10:00.")
    keys.to(field="S02.agreement.reason")
    keys.step("Space")
    keys.to(field="S02.agreement.reason_text")
    page.keyboard.type("I have seen it work.")
    keys.to(tag="BUTTON", text="Save and go to the next topic")
    keys.press()
    guest.go("/topics/value")
    expect(page.locator("[name='S02.agreement.reason_text']")).to_have_value("I have seen it work.")
