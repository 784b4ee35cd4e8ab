"""The coding workbench in a browser: by keys, without scripts, and without a barrier in any language."""

import pytest
from playwright.sync_api import expect

from app.domain.material import PieceFilter
from app.domain.theme import ThemeDraft
from app.services.coding import Coder, code_piece, read_workbench
from app.services.experience import bring_in_texts
from app.services.themes import add_theme
from app.storage.accounts import insert_researcher
from tests.browser.barriers import assert_no_barrier
from tests.panel_study import ACTOR, SECRET, SLUG, STATEMENTS, PlayedStudy

SAID = ("More shade, please.", "The soil is thin.", "Yes.")


@pytest.fixture
def coded(study: PlayedStudy) -> PlayedStudy:
    """The study with round 1 closed, three comments on S01, themes, and a colleague who has coded all."""
    database, clock = study.database, study.clock
    study.open_round()
    for n, link in enumerate(study.links[: len(SAID)]):
        study.rate(study.take_part(link), dict.fromkeys(STATEMENTS, 4), {"S01": SAID[n]})
    study.close_round()
    bring_in_texts(database, clock, SLUG, ACTOR, pasted="A letter.", source="Letters", language="en")
    hope = add_theme(database, clock, SLUG, ACTOR, ThemeDraft("Hope", "Whatever is hoped for."))
    add_theme(database, clock, SLUG, ACTOR, ThemeDraft("Light", colour="ochre", parent_id=hope))
    with database.writing() as connection:
        alex = insert_researcher(
            connection,
            email="alex@example.org",
            name="Alex Analyst",
            password_hash="none",
            language="en",
            at=clock.now(),
        )
    coder = Coder(alex, sees_originals=True, secret=SECRET.encode())
    for piece in read_workbench(database, SLUG, coder, PieceFilter()).pieces:
        code_piece(database, clock, SLUG, coder, piece.reference, shown=(), wanted=(hope,), fits_none=False)
    return study


def test_texts_are_coded_by_keys_until_they_are_switched_off(coded, arrive):
    desk = arrive()
    desk.sign_in()
    desk.go("/coding")
    page = desk.page
    pieces = page.locator(".piece")
    press = page.keyboard.press
    for key in ("j", "j"):
        press(key)
    expect(pieces.nth(1)).to_be_focused()
    press("1")
    expect(pieces.nth(1)).to_contain_text("Coded")
    expect(pieces.nth(1).get_by_label("Hope")).to_be_checked()
    press("k")
    press("0")
    expect(pieces.nth(0).get_by_label("No theme fits")).to_be_checked()
    press("2")
    expect(pieces.nth(0).get_by_label("No theme fits")).not_to_be_checked()
    expect(pieces.nth(0).locator(".piece-said")).to_have_text("Coded")
    page.get_by_label("Search in the texts").press_sequentially("j1")
    expect(page.get_by_label("Search in the texts")).to_have_value("j1")
    expect(page.get_by_label("Hope").and_(page.locator(":checked"))).to_have_count(1)
    page.locator(".keys summary").click()
    page.get_by_role("button", name="Keys are on").click()
    expect(page.get_by_role("button", name="Keys are off")).to_be_visible()
    pieces.nth(2).focus()
    press("1")
    press("j")
    expect(pieces.nth(2)).to_be_focused()
    expect(pieces.nth(2).get_by_label("Hope")).not_to_be_checked()
    desk.go("/coding?state=coded")
    expect(page.locator(".piece")).to_have_count(2)


def test_without_scripts_a_button_stores_what_is_ticked(coded, arrive):
    desk = arrive(java_script_enabled=False)
    desk.sign_in()
    desk.go("/coding?about=S01")
    first = desk.page.locator(".piece").first
    first.get_by_label("Hope").check()
    first.get_by_label("Light").check()
    first.get_by_role("button", name="Save").click()
    expect(desk.page.locator(".piece").first).to_contain_text("Coded")
    expect(desk.page.locator(".piece").first.get_by_label("Light")).to_be_checked()
    first.get_by_label("Choose").check()
    desk.press("Write a statement from the chosen texts")
    expect(desk.page.get_by_text("Written from what the panel said")).to_be_visible()
    expect(desk.page.get_by_text(SAID[0])).to_be_visible()


def test_no_page_of_the_room_has_a_barrier_in_any_language(coded, arrive, visitors):
    visitors.expect_fault("status of 422")
    desk = arrive()
    desk.sign_in()
    desk.go("/coding")
    desk.page.locator(".piece").nth(1).get_by_label("Hope").check()
    expect(desk.page.locator(".piece").nth(1)).to_contain_text("Coded")
    assert_no_barrier(desk.page)
    for page in (
        "/coding/themes",
        "/coding/themes/1",
        "/coding/themes/1/edit",
        "/coding/themes/1/remove",
        "/coding/experience",
        "/new-statement?theme=1",
    ):
        desk.go(page)
        assert_no_barrier(desk.page)
    desk.go("/coding/new-theme")
    desk.press("Save")
    expect(desk.page.get_by_text("Write a name.").first).to_be_visible()
    assert_no_barrier(desk.page)
    for language in ("Français", "Nederlands", "Deutsch"):
        desk.page.get_by_role("button", name=language).click()
        for page in ("/coding?others=1", "/coding/agreement"):
            desk.go(page)
            assert_no_barrier(desk.page)
