"""Every page of a study's, in every language, held to WCAG 2.2 AA in every look."""

import pytest
from playwright.sync_api import FilePayload, expect

from app.i18n import LANGUAGE_NAMES
from tests.browser.researcher.conftest import AtDesk
from tests.browser.researcher.pages import IN_STATES, UPLOADS
from tests.browser.states import BETWEEN
from tests.prepared import Prepared


@pytest.mark.parametrize("prepared", IN_STATES, indirect=True, ids=lambda state: state.name)
def test_no_page_has_a_barrier_in_any_language(arrive, prepared: Prepared) -> None:
    desk: AtDesk = arrive()
    desk.sign_in()
    for language in LANGUAGE_NAMES:
        desk.speak(language)
        for page in IN_STATES[prepared]:
            desk.go(page)
            desk.look(language)


@pytest.mark.parametrize("prepared", [BETWEEN], indirect=True, ids=lambda state: state.name)
def test_no_file_that_is_looked_at_first_has_a_barrier_in_any_language(arrive, prepared: Prepared) -> None:
    desk: AtDesk = arrive()
    desk.sign_in()
    for language in LANGUAGE_NAMES:
        desk.speak(language)
        for page, content in UPLOADS.items():
            desk.go(page)
            file = FilePayload(name="table.csv", mimeType="text/csv", buffer=content)
            desk.page.locator("main input[type=file]").set_input_files(file)
            desk.page.locator("main form:has(input[type=file]) button").first.click()
            expect(desk.page.get_by_text("table.csv").first).to_be_visible()
            desk.look(language)
