"""What the pages say of a study: its home, protocol, statements, panel, response, log and reports."""

import io
import zipfile

import pytest
from sqlalchemy import event, text

from app.domain.account import Role
from app.services.accounts import add_researcher
from app.services.consent import withdraw
from app.services.importing import import_study
from app.services.standings import list_standings
from tests.integration.web.researcher.conftest import PASSWORD, words
from tests.panel_study import STATEMENTS, panel_study


def test_the_home_of_a_new_study_says_what_is_next(owner):
    page = words(owner.get())
    assert "A garden for everybody" in page
    assert "Next: Open round 1" in page
    assert "Nothing is decided yet." in page
    assert "Conclude the study" not in page


def test_the_home_of_an_open_round_leads_to_the_response(divided, owner):
    page = owner.get()
    assert "Round 1 is open: the panel is rating" in words(page)
    assert "0 of 12 have handed in (0%), 12 more are part way." in words(page)
    assert 'href="/research/garden-study/rounds/1"' in page.text


def test_the_home_counts_the_decisions_and_leads_to_their_statements(decided, owner):
    page = owner.get()
    assert "5 Consensus: in" in words(page)
    assert "1 No consensus" in words(page)
    assert 'href="/research/garden-study/results?decision=no_consensus"' in page.text


def test_the_protocol_is_told_in_sentences(study, owner):
    page = words(owner.get("/protocol"))
    assert "at least 70% of every group rate 4 or 5" in page
    assert "No panelist is shown a figure that rests on fewer than 5 others." in page
    assert "Tout à fait d’accord" in page
    assert "These rules are fixed when round 1 opens." in page
    study.open_round()
    assert "before anybody rated" in words(owner.get("/protocol"))


def test_the_rule_is_told_in_the_language_of_the_page(sign_in):
    assert "minstens 70% van elke groep" in words(sign_in(Role.OWNER, language="nl").get("/protocol"))


def test_statements_stand_side_by_side_in_all_languages_with_where_they_stand(decided, owner):
    page = owner.get("/statements").text
    for statement in panel_study().statements:
        assert all(f'lang="{code}">{told}<' in page for code, told in statement.text.items())
    assert page.count("Consensus: in") == 5
    assert 'href="/research/garden-study/results/1/S02"' in page


def test_the_panel_is_counted_by_group_and_shown_under_pseudonyms(decided, owner):
    withdraw(decided.database, decided.clock, decided.visitor(decided.links[0]))
    page = words(owner.get("/panel"))
    assert "Gardeners – 6" in page
    assert "withdrew" in page
    only = owner.get("/panel?group=neighbours").text
    shown = {link.pseudonym: link.group for link in decided.links if link.pseudonym in only}
    assert set(shown.values()) == {"neighbours"}
    assert len(shown) == 6


@pytest.mark.parametrize("page", ["0", "99", "-1", "x", "9" * 30])
def test_a_page_number_beyond_the_table_shows_what_there_is(owner, page):
    assert "Pseudonym" in owner.get(f"/panel?page={page}").text
    assert owner.get(f"/panel/people?page={page}").status_code == 200


def test_a_long_panel_is_shown_a_page_at_a_time(study, owner, monkeypatch):
    monkeypatch.setattr("app.services.panel_states.PAGE_SIZE", 5)
    monkeypatch.setattr("app.web.researcher.panel_page.PAGE_SIZE", 5)
    pages = [owner.get(f"/panel?page={n}").text for n in (1, 2, 3)]
    found = [sum(link.pseudonym in page for link in study.links) for page in pages]
    assert found == [5, 5, 2]
    assert "6 to 10 of 12" in pages[1]
    assert 'href="/research/garden-study/panel?page=3"' in pages[1]


def test_the_response_is_counted_by_group_and_language(divided, owner):
    page = words(owner.get("/rounds/1"))
    assert "Gardeners – 6 6 6 0" in page
    assert "French 4 4 4 0" in page
    assert "Neighbours Dutch 2 2 2 0" in page


def test_an_open_rounds_response_updates_itself_until_this_is_stopped(divided, owner):
    assert 'hx-get="/research/garden-study/rounds/1/response"' in owner.get("/rounds/1").text
    stopped = owner.get("/rounds/1?updates=off").text
    assert "hx-get" not in stopped
    assert "Count now" in stopped
    fresh = owner.get("/rounds/1/response").text
    assert fresh.lstrip().startswith('<div id="response"')
    assert "<html" not in fresh


def test_the_response_of_a_closed_round_stays_as_it_is(decided, owner):
    assert "hx-get" not in owner.get("/rounds/1").text
    assert "hx-get" not in owner.get("/rounds/1/response").text


def test_a_response_that_updates_itself_never_shows_the_sign_in_inside_the_page(divided, browser):
    answer = browser().get("/research/garden-study/rounds/1/response")
    assert (answer.status_code, answer.text, answer.headers["hx-refresh"]) == (200, "", "true")


def test_reports_are_downloaded_and_written_into_the_log(decided, owner):
    page = owner.get("/reports").text
    assert "the report goes up to round 1" in page
    html = owner.send("/reports/html", {"language": "fr"})
    assert html.headers["content-type"] == "text/html; charset=utf-8"
    assert html.headers["content-disposition"] == 'attachment; filename="garden-study-report-fr.html"'
    assert '<html lang="fr"' in html.text
    tables = owner.send("/reports/csv")
    assert tables.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(tables.content)) as archive:
        assert any(name.endswith("decisions.csv") for name in archive.namelist())
    assert "took the report out: garden-study-report-fr.html" in words(owner.get("/log"))


def test_a_report_in_a_language_that_the_study_does_not_speak_is_in_its_reference_language(decided, owner):
    assert '<html lang="en"' in owner.send("/reports/html", {"language": "de"}).text


def test_before_any_result_there_is_no_report_and_the_page_says_why(study, owner):
    page = owner.get("/reports")
    assert "The first report can be made when round 1 is closed." in page.text
    assert "disabled" in page.text
    assert owner.send("/reports/html").status_code == 409
    assert owner.send("/reports/pdf").status_code == 404


def test_looking_at_any_page_changes_nothing(decided, owner):
    def state():
        with decided.database.reading() as connection:
            return connection.execute(text("SELECT n_events, head FROM event_chain")).one()

    before = state()
    for page in (
        "",
        "/protocol",
        "/statements",
        "/panel",
        "/panel/people",
        "/rounds",
        "/rounds/1",
        "/results",
    ):
        assert owner.get(page).status_code == 200
    for page in ("/results/1", "/results/1/S02", "/reports", "/log", "/rounds/1/release"):
        assert owner.get(page).status_code == 200
    assert state() == before


def test_the_list_of_studies_asks_the_database_as_often_for_many_studies_as_for_one(decided, clock):
    database = decided.database
    researcher = add_researcher(
        database, clock, email="many@example.org", name="Many", password=PASSWORD, language="en"
    )

    def queries() -> int:
        counted: list[str] = []
        engines = {database._reader, database._writer}
        listener = lambda *arguments: counted.append(arguments[2])  # noqa: E731
        for engine in engines:
            event.listen(engine, "before_cursor_execute", listener)
        assert len(list_standings(database, researcher)) == n_studies
        for engine in engines:
            event.remove(engine, "before_cursor_execute", listener)
        return len(counted)

    counts = []
    for n_studies in (1, 2, 3):
        definition = panel_study()
        copy = definition.__class__(**{**vars(definition), "slug": f"copy-{n_studies}"})
        import_study(database, clock, copy, owner_id=researcher.id)
        counts.append(queries())
    assert len(set(counts)) == 1, counts


def test_the_statements_of_the_study_are_all_on_its_pages(decided, owner):
    for page in ("/statements", "/results", "/results/1"):
        assert all(f">{code}<" in owner.get(page).text for code in STATEMENTS)


@pytest.mark.parametrize("number", ["0", "99999999999", "9" * 30, "one"])
def test_a_round_that_no_database_can_hold_is_refused_and_not_a_fault(decided, owner, number):
    for page in (
        f"/rounds/{number}",
        f"/results/{number}",
        f"/results/{number}/S01",
        f"/rounds/{number}/close",
    ):
        assert owner.get(page).status_code in {404, 422}
