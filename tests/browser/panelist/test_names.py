"""What a screen reader is told: names, groups, pictures in words, errors, and what happens by itself."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.states import LANGUAGES_APART
from tests.panel_study import STATEMENTS
from tests.prepared import Prepared

AGREE = {
    "en": "4 of 5, Agree",
    "fr": "4 sur 5, D’accord",
    "nl": "4 van 5, Eens",
    "de": "4 von 5, Stimme zu",
}


@pytest.fixture
def prepared() -> Prepared:
    """A study in four languages, in its second round of ratings."""
    return LANGUAGES_APART


def tree(page: Page) -> list[dict[str, Any]]:
    """The page as Chromium tells it to a screen reader, in order, without what is ignored."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    by_id = {node["nodeId"]: node for node in nodes}

    def walk(node: dict[str, Any], groups: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        role, name = node.get("role", {}).get("value", ""), node.get("name", {}).get("value", "")
        inside = groups
        if not node.get("ignored"):
            told = {each["name"]: each["value"].get("value") for each in node.get("properties", ())}
            yield {"role": role, "name": re.sub(r"\s+", " ", name), "groups": groups} | told
            inside = (
                (*groups, re.sub(r"\s+", " ", name)) if role in {"article", "group", "radiogroup"} else groups
            )
        for child in node.get("childIds", ()):
            yield from walk(by_id[child], inside)

    return list(walk(nodes[0], ()))


def named(nodes: list[dict[str, Any]], role: str) -> list[str]:
    return [node["name"] for node in nodes if node["role"] == role]


@pytest.mark.parametrize("language", AGREE)
def test_a_rating_page_says_each_point_statement_group_and_figure_in_words(study, arrive, language):
    guest = arrive(study.link(language))
    guest.enter()
    guest.go("/topics/value")
    nodes = tree(guest.page)
    radios = [node for node in nodes if node["role"] == "radio" and "S01" in node["groups"][-1]]
    assert sum(node["name"].startswith(AGREE[language]) for node in radios) == 1
    assert all(re.match(r"\d \S+ 5, ", node["name"]) for node in radios[:5]), (
        "every point has its place and word"
    )
    text = guest.page.locator("#statement-S01-text").inner_text()
    assert all(node["groups"][0] == text for node in radios), "they are said to belong to their statement"
    question = guest.page.locator("[data-card=S01] legend").first.inner_text()
    assert radios[0]["groups"][-1].startswith(question.splitlines()[0].removesuffix(" (S01)"))
    assert [node["name"] for node in nodes if node["role"] == "main"] == [""]
    assert {"banner", "contentinfo", "navigation"} <= {node["role"] for node in nodes}
    expect(guest.page.locator("html")).to_have_attribute("lang", language)
    others = guest.page.locator("nav.languages [lang]")
    assert {each.get_attribute("lang") for each in others.all()} == set(AGREE)
    levels = [node["level"] for node in nodes if node["role"] == "heading"]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


def test_a_picture_of_answers_says_the_numbers_that_are_drawn_and_stands_beside_its_sentence(study, arrive):
    guest = arrive()
    guest.enter()
    guest.go("/topics/value")
    for figure in guest.page.locator("[data-card=S01] figure.histogram").all():
        name = figure.locator("svg.histogram-plot[role=img]").get_attribute("aria-label")
        told = dict(re.findall(r"(\d): (\d+)", name or ""))
        drawn = zip(
            figure.locator(".bar-point").all_text_contents(),
            figure.locator(".bar-count").all_text_contents(),
            strict=True,
        )
        assert told == dict(drawn)
        sentence = figure.locator(".histogram-words").inner_text()
        agree = int(told["4"]) + int(told["5"])
        assert f"{agree} of {sum(map(int, told.values()))} chose 4 or 5" in sentence


def test_an_error_has_the_focus_and_what_is_saved_is_announced(study, arrive, visitors):
    visitors.expect_fault("status of 422")
    guest = arrive(java_script_enabled=False)
    guest.enter()
    guest.go("/profile")
    guest.page.uncheck("[name='profile.tools'][value=spade]")
    guest.page.fill("[name='profile.years']", "many")
    guest.press("Save and continue")
    expect(guest.page).to_have_title(re.compile("^Error:"))
    focused = [node for node in tree(guest.page) if node.get("focused")]
    assert [node["role"] for node in focused if node["role"] != "RootWebArea"] == ["alert"]


def test_what_happens_by_itself_stands_in_a_live_region(study, arrive):
    guest = arrive()
    guest.enter()
    guest.go("/topics/value")
    guest.choose(STATEMENTS[0], 4)
    guest.is_told(STATEMENTS[0], "Saved at 10:00.")
    said = [node for node in tree(guest.page) if node["role"] == "status"]
    assert {node["live"] for node in said} == {"polite"}
    expect(guest.page.locator("[data-card=S01] [role=status]")).to_have_text("Saved at 10:00.")
