"""A text is changed in its cell of the table: by keyboard alone, against a colleague, and taken back."""

from dataclasses import replace

from playwright.sync_api import expect

from app.services.statement_desk import read_editable_statements
from app.services.statement_editing import edit_statement
from tests.browser.barriers import assert_no_barrier
from tests.panel_study import SLUG


def test_a_text_is_changed_in_its_cell_and_a_colleagues_is_not_overwritten(study, arrive, clock, visitors):
    visitors.expect_fault("status of 409")
    desk = arrive()
    desk.sign_in()
    desk.go("/statements")
    page, keys = desk.page, desk.page.keyboard
    cell = page.locator("tbody tr").first.locator("td[data-language=fr]")
    field = cell.get_by_label("S01, French", exact=True)
    pencil = page.get_by_role("button", name="Edit S01, French")

    page.get_by_role("button", name="Edit S01, English").focus()
    keys.press("ArrowRight")
    expect(pencil).to_be_focused()
    keys.press("F2")
    expect(field).to_be_focused()
    assert_no_barrier(page)
    keys.press("Escape")
    expect(pencil).to_be_focused()
    keys.press("Enter")
    field.fill("Un jardin pour respirer.")
    keys.press("Control+Enter")
    expect(page.get_by_role("status")).to_have_text("S01 is saved.")
    expect(pencil).to_be_focused()
    assert_no_barrier(page)
    cell.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_have_text("S01: the change is taken back.")

    keys.press("F2")
    field.fill("Un jardin pour rêver.")
    entry = read_editable_statements(study.database, SLUG).get("S01")
    draft = replace(entry.draft, text={**entry.draft.text, "fr": "Un jardin pour jouer."})
    edit_statement(study.database, clock, SLUG, "system", draft, known=entry.fingerprint)
    cell.get_by_role("button", name="Save").click()
    expect(cell).to_contain_text("Somebody else was faster. Nothing was overwritten.")
    expect(cell.locator("del")).to_contain_text("jouer")
    expect(field).to_have_value("Un jardin pour rêver.")
    assert_no_barrier(page)
    cell.get_by_role("button", name="Save mine all the same").click()
    expect(cell).to_contain_text("Un jardin pour rêver.")
