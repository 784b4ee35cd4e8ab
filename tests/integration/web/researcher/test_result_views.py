"""Results seen otherwise: narrowed down, by statement, round by round, by other groups, and as files."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from html import unescape

import pytest
from sqlalchemy import select, update

from analysis.results import OVERALL
from analysis.variant_names import variant_name
from app.domain.account import Role
from app.domain.material import PieceFilter
from app.domain.theme import ThemeDraft
from app.services.coding import Coder, code_piece, read_workbench
from app.services.moderating import release_pending_comments
from app.services.profile import save_profile
from app.services.stored_analyses import read_other_rules_of_rounds
from app.services.themes import add_theme
from app.storage.tables.rounds import round_analysis
from app.web.researcher import decision_table
from app.web.researcher.statement_rules import DECISION_WORDS
from tests.integration.web.researcher.conftest import words
from tests.integration.web.researcher.test_results import row_of, stored
from tests.panel_study import SECRET, SLUG, STATEMENTS

SVG = "{http://www.w3.org/2000/svg}"


def codes_in(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a class="code"[^>]*>(\w+)</a>', page)


def section(page: str, heading: str) -> str:
    (found,) = re.findall(
        rf'<section class="section" aria-labelledby="{heading}">(.*?)</section>', page, re.DOTALL
    )
    return words(found)


# --- The table of decisions -----------------------------------------------------------------------------


def test_decisions_are_narrowed_down_by_every_field_and_fields_go_together(decided_twice, owner):
    assert codes_in(owner.get("/results/2?divergence=opposed").text) == []
    assert codes_in(owner.get("/results/1?divergence=opposed").text) == ["S02"]
    assert codes_in(owner.get("/results/2?topic=pay").text) == list(STATEMENTS[3:])
    assert codes_in(owner.get("/results/2?since=kept&topic=value").text) == ["S01", "S02", "S03"]
    assert codes_in(owner.get("/results/1?since=first").text) == list(STATEMENTS)
    page = owner.get("/results/2?topic=pay&decision=no_consensus")
    assert "No statement has this decision." in page.text
    assert "topic=pay" in page.text


def test_what_was_decided_otherwise_before_says_so(decided, owner):
    decided.release_feedback()
    decided.open_round()
    for link in decided.links:
        decided.rate(decided.visitor(link), dict.fromkeys(STATEMENTS, 5))
    decided.close_round()
    page = owner.get("/results?since=changed").text
    assert codes_in(page) == ["S02"]
    assert "Before: No consensus" in words(row_of(page, "S02"))


def test_the_heads_of_the_table_sort_it_without_scripts_and_turn_the_order_round(decided_twice, owner):
    page = owner.get("/results/1?topic=value").text
    for label, first, then in (
        ("Gap", "S02", "S01"),
        ("Everyone", "S01", "S02"),
        ("Gardeners", "S01", "S02"),
        ("Decision", "S01", "S02"),
    ):
        (href,) = re.findall(rf'<a class="sort-button" href="([^"]+)">{label}</a>', page)
        once = owner.client.get(unescape(href)).text
        assert codes_in(once)[0] == first, label
        (href,) = re.findall(rf'<a class="sort-button" href="([^"]+)">{label}</a>', once)
        turned = owner.client.get(unescape(href)).text
        assert "topic=value" in href
        assert codes_in(turned)[0] == then, label
        assert re.findall('aria-sort="(\\w+)"', once) != re.findall('aria-sort="(\\w+)"', turned)
    assert codes_in(owner.get("/results/1?sort=everyone").text)[-1] == "S02"


def test_a_long_table_is_read_a_page_at_a_time(decided, owner, monkeypatch):
    monkeypatch.setattr(decision_table, "PAGE_SIZE", 4)
    first = owner.get("/results/1?sort=gap")
    assert codes_in(first.text) == ["S02", "S01", "S03", "S04"]
    assert "1 to 4 of 6" in words(first)
    (href,) = re.findall(r'href="([^"]+page=2)" rel="next"', first.text)
    assert codes_in(owner.client.get(unescape(href)).text) == ["S05", "S06"]
    for guessed in ("99", "0", "x", "-1", "²"):
        assert owner.get(f"/results/1?page={guessed}").status_code == 200


def test_a_field_that_means_nothing_is_passed_over(decided, owner):
    page = owner.get("/results/1?divergence=nonsense&topic=%00&since=x&sort=y&reverse=z&decision=z")
    assert page.status_code == 200
    assert codes_in(page.text) == list(STATEMENTS)


def test_every_statement_stands_on_the_map_once_and_leads_to_its_page(decided, owner):
    page = owner.get("/results/1").text
    (table,) = re.findall(r'<table class="statement-map">(.*?)</table>', page, re.DOTALL)
    links = re.findall(r'<a href="/research/garden-study/results/1/(\w+)">', table)
    assert sorted(links) == list(STATEMENTS)
    cells = {
        code: (row, column)
        for row, line in enumerate(table.split("<tr>")[1:])
        for column, cell in enumerate(line.split("<td>")[1:])
        for code in re.findall(r"results/1/(\w+)", cell)
    }
    assert cells["S02"] == (0, 5), "half of the panel agrees, and the groups are wholly apart"
    assert cells["S01"][0] > 0


# --- The page of a statement ----------------------------------------------------------------------------


def test_a_statement_is_shown_in_all_its_rounds_side_by_side(decided_twice, owner):
    page = owner.get("/results/2/S02")
    told = section(page.text, "distributions-1")
    for number in (1, 2):
        figures = stored(decided_twice, number).statement_on("S02", "agreement").figures_of(OVERALL)
        assert f"{figures.agree.k}/{figures.agree.n} agree" in told
    assert 'href="/research/garden-study/results/1/S02"' in page.text


def test_the_arithmetic_of_the_rule_is_told_of_each_group_alone(decided_twice, owner):
    page = words(owner.get("/results/1/S02"))
    assert "For acceptance, Neighbours: 6 of 6 agree; at least 70% is met, 1 rating to spare." in page
    assert "For acceptance, Gardeners: 0 of 6 agree; at least 70% is not met, 5 ratings short." in page


def test_each_test_says_its_value_its_corrected_p_and_what_it_means(decided_twice, owner):
    told = section(owner.get("/results/1/S02").text, "divergence-1")
    divergence = stored(decided_twice).statement_on("S02", "agreement").divergence
    assert f"ε² is {divergence.epsilon_squared:.2f}" in told
    assert f"is {divergence.kruskal_wallis.p_fdr:.3f}, below 0.05: chance alone would rarely" in told
    assert "With 95% confidence delta lies between" in told
    same = section(owner.get("/results/1/S05").text, "divergence-1")
    assert "not below 0.05: chance alone may set the groups so far apart" in same
    assert "That does not show that they think alike." in same


def test_who_moved_is_counted_from_band_to_band_and_who_was_lost(decided_twice, owner):
    told = section(owner.get("/results/2/S02").text, "rounds-1")
    assert "Who moved from round 1 to round 2" in told
    assert "disagree → neutral disagree → agree neutral → disagree" in told
    rows = re.search(r"Gardeners ([\d ]+?) Neighbours ([\d ]+?) The whole panel ([\d ]+)", told)
    assert rows is not None
    gardeners, neighbours, everyone = ([int(n) for n in row.split()] for row in rows.groups())
    came_round = (
        place % 4 == 0 and link.group == "gardeners" for place, link in enumerate(decided_twice.links)
    )
    assert (gardeners[0], gardeners[3]) == (6, sum(came_round))
    assert everyone[-2] == 1
    assert everyone == [one + other for one, other in zip(gardeners, neighbours, strict=True)]


def test_a_statement_says_what_every_other_rule_would_have_decided(decided_twice, owner):
    told = section(owner.get("/results/1/S02").text, "rules-1")
    with decided_twice.database.reading() as connection:
        (found,) = read_other_rules_of_rounds(connection, 1)[1]
    entry = next(one for one in found.statements if one.statement == "S02")
    for variant, decision in zip(found.variants, entry.decisions, strict=True):
        assert re.search(rf"{re.escape(variant_name(variant))} [\w ]+ {DECISION_WORDS[decision]}", told), (
            variant
        )
    same = sum(decision is entry.decision for decision in entry.decisions)
    assert f"{same} of {len(found.variants)} other rules decide alike." in told
    assert "The rule that was fixed before the ratings decides." in told


def coder_of(desk, *, sees_originals: bool) -> Coder:
    return Coder(desk.researcher, sees_originals, SECRET.encode())


def test_comments_stand_under_their_theme_and_an_analyst_reads_what_was_released(decided_twice, sign_in):
    owner = sign_in(Role.OWNER)
    database, clock = decided_twice.database, decided_twice.clock
    theme = add_theme(
        database, clock, SLUG, "system", ThemeDraft("Neighbourliness", "How people live together")
    )
    coder = coder_of(owner, sees_originals=True)
    bench = read_workbench(database, SLUG, coder, PieceFilter(about="S02"))
    code_piece(
        database, clock, SLUG, coder, bench.pieces[0].reference, shown=(), wanted=(theme,), fits_none=False
    )
    told = section(owner.get("/results/2/S02").text, "comments")
    assert re.search(r"Neighbourliness 1 How people live together Comment \d", told)
    assert "Under no theme yet 2" in told
    analyst = sign_in(Role.ANALYST)
    assert "There is no comment to read" in section(analyst.get("/results/2/S02").text, "comments")
    release_pending_comments(database, clock, SLUG, "system", 2)
    told = section(analyst.get("/results/2/S02").text, "comments")
    assert sorted(re.findall(r"Comment \d", told)) == ["Comment 0", "Comment 1", "Comment 2"]


# --- Rounds compared ------------------------------------------------------------------------------------


def test_two_rounds_stand_side_by_side_with_what_changed(decided_twice, owner):
    page = owner.get("/compare").text
    row = words(row_of(page, "S02"))
    before, after = (
        stored(decided_twice, number).statement_on("S02", "agreement").figures_of(OVERALL)
        for number in (1, 2)
    )
    assert f"{before.agree.k}/{before.agree.n}" in row
    assert f"{after.agree.k}/{after.agree.n}" in row
    changed = r"\+\d+ [−+]?\d+ to \+\d+ \d → \d Still moving 11 rated twice, 1 lost$"
    assert re.search(changed, row.strip(), re.IGNORECASE), row
    assert row.count("No consensus") >= 2


def test_the_numbers_of_the_matrix_lead_to_their_statements(decided_twice, owner):
    page = owner.get("/compare").text
    (href,) = re.findall(r'<a href="([^"]*was=no_consensus&amp;now=no_consensus)">1</a>', page)
    narrowed = owner.client.get(unescape(href)).text
    assert codes_in(narrowed) == ["S02"]
    assert "No statement went this way." in owner.get("/compare?was=consensus_out&now=consensus_in").text


def test_figures_of_one_group_are_compared_too(decided_twice, owner):
    row = words(row_of(owner.get("/compare?before=1&after=2&group=gardeners").text, "S02"))
    assert "0/6" in row
    nonsense = owner.get("/compare?before=9&after=x&criterion=mood&group=y&was=z&now=z")
    assert codes_in(nonsense.text) == list(STATEMENTS)


def test_before_two_rounds_are_closed_the_page_says_what_is_missing(decided, owner):
    assert "Two rounds of ratings must be closed first." in words(owner.get("/compare"))
    assert "Compare rounds" not in owner.get("/results").text


# --- Other groups ---------------------------------------------------------------------------------------


def test_a_round_by_language_is_computed_when_asked_for_and_changes_no_decision(decided, owner):
    before = owner.get("/groupings/1?by=language")
    assert "Nobody has had these figures computed yet." in before.text
    answer = owner.send("/groupings/1", {"by": "language"})
    assert answer.headers["location"] == "/research/garden-study/groupings/1?by=language"
    page = owner.get("/groupings/1?by=language")
    told = words(page)
    assert "Exploratory: this changes no decision." in told
    for language, name in (("en", "English"), ("fr", "French"), ("nl", "Dutch")):
        n = sum(link.language == language for link in decided.links)
        assert f"{name} · {n} panelists" in told, told
    assert "fewer than the protocol’s minimum of" in told
    for entry in stored(decided).statements:
        assert f"decision-{entry.decision}" in row_of(page.text, entry.statement)
    assert "by another grouping (language)" in words(owner.get("/log"))


def test_one_statement_is_told_by_other_groups_with_the_tests_between_them(decided, owner):
    owner.send("/groupings/1", {"by": "language"})
    page = words(owner.get("/groupings/1/S02?by=language"))
    assert page.count("With 95% confidence delta lies between") == 3
    assert "ε² is" in page
    for address in ("/groupings/1/S99?by=language", "/groupings/1/S02?by=profile-tools"):
        assert owner.get(address).status_code == 404


def test_where_one_can_be_in_two_groups_the_page_says_why_there_is_no_test(decided, owner):
    for link in decided.links[:4]:
        profile = {"role": ["expert"], "tools": ["spade", "rake"]}
        save_profile(decided.database, decided.clock, decided.visitor(link), profile)
    owner.send("/groupings/1", {"by": "profile-tools"})
    told = words(owner.get("/groupings/1?by=profile-tools"))
    assert "A panelist can be in several of these groups, and counts in each." in told
    assert "A spade · 4 panelists" in told
    assert f"no answer · {len(decided.links) - 4} panelists" in told
    statement = words(owner.get("/groupings/1/S02?by=profile-tools"))
    assert "One panelist can be in several of these groups, so there is no test between them." in statement
    assert "nan" not in statement.lower().split()


@pytest.mark.parametrize("by", ["", "group", "profile-years", "%00"])
def test_a_grouping_that_is_not_there_is_a_plain_page(decided, owner, by):
    assert owner.get(f"/groupings/1?by={by}").status_code == 404
    assert owner.send("/groupings/1", {"by": by}).status_code == 404


# --- Figures as files -----------------------------------------------------------------------------------

KINDS = ("map", "distributions", "medians", "divergence", "transitions", "decisions", "rules", "sensitivity")


def test_every_figure_of_a_round_is_a_file_that_says_what_it_rests_on(decided_twice, owner):
    page = owner.get("/figures/2").text
    addresses = dict.fromkeys(unescape(one) for one in re.findall(r'href="([^"]+\.svg)"', page))
    assert [address.split("/")[-2] for address in addresses] == list(KINDS)
    for address in addresses:
        drawn = owner.client.get(address)
        assert drawn.headers["content-type"] == "image/svg+xml"
        texts = " ".join(text for text in ET.fromstring(drawn.text).itertext())
        for told in ("A garden for everybody", "Round 2", "n = 11 panelists", "2026", "70%"):
            assert told in texts, (address, told)


def test_a_figure_is_a_picture_too_under_a_name_that_says_what_it_is(decided_twice, owner):
    drawn = owner.get("/figures/2/statement/agreement.png?statement=S02")
    assert drawn.content.startswith(b"\x89PNG")
    name = 'attachment; filename="garden-study-round-2-statement-S02-agreement.png"'
    assert drawn.headers["content-disposition"] == name


def test_the_figure_of_a_statement_holds_all_its_rounds(decided_twice, owner):
    drawn = ET.fromstring(owner.get("/figures/1/statement/agreement.svg?statement=S02").text)
    assert {"Round 1", "Round 2", "Gardeners", "the whole panel"} <= set(drawn.itertext())


def test_the_map_after_all_rounds_is_a_file_too(decided_twice, owner):
    assert "/figures/last/map/agreement.svg" in owner.get("/results").text
    drawn = owner.get("/figures/last/map/agreement.svg?statement=²")
    assert "in the round that rated each statement last" in drawn.text


@pytest.mark.parametrize(
    "address",
    [
        "/figures/1/transitions/agreement.svg",
        "/figures/1/mood/agreement.svg",
        "/figures/1/map/mood.svg",
        "/figures/1/map/agreement.pdf",
        "/figures/1/statement/agreement.svg",
        "/figures/1/statement/agreement.svg?statement=S99",
        "/figures/last/medians/agreement.svg",
        "/figures/first/map/agreement.svg",
        "/figures/99999/map/agreement.svg",
        "/figures/²/map/agreement.svg",
        "/figures/3",
    ],
)
def test_a_figure_that_is_not_there_is_a_plain_page(decided, owner, address):
    assert owner.get(address).status_code == 404


# --- One truth ------------------------------------------------------------------------------------------


def test_the_numbers_on_the_pages_are_those_of_the_report(decided_twice, owner):
    report = owner.send("/reports/csv").content
    with zipfile.ZipFile(io.BytesIO(report)) as archive:
        tables = {
            name: list(csv.DictReader(io.TextIOWrapper(archive.open(name), "utf-8-sig")))
            for name in archive.namelist()
        }
    compared = owner.get("/compare").text
    pages = {number: owner.get(f"/results/{number}").text for number in (1, 2)}
    for line in tables["statements.csv"]:
        if line["group"] == "group_equal":
            continue
        share = round(float(line["agree"]) * 100)
        assert f"{share}%" in words(row_of(pages[int(line["round"])], line["statement"])), line
        if line["group"] == OVERALL:
            row = row_of(compared, line["statement"])
            assert f"{share}%" in words(row)
            median = f"{float(line['median']):g}"
            assert (f" {median} → " if line["round"] == "1" else f" → {median} ") in words(row)
    for line in tables["decisions.csv"]:
        assert f"decision-{line['decision']}" in row_of(pages[int(line["round"])], line["statement"])
    told = section(owner.get("/results/2/S02").text, "rounds-1")
    for line in tables["stability.csv"]:
        if line["statement"] == "S02" and line["group"] == OVERALL:
            assert f"p is {float(line['wilcoxon_p']):.3f}" in told
            assert f"{line['mcnemar_gained']} came to agree and {line['mcnemar_lost']} ceased to" in told


# --- Little to show -------------------------------------------------------------------------------------

EVERY_VIEW = (
    "/results",
    "/results/1",
    "/results/1/S01",
    "/compare",
    "/groupings/1?by=language",
    "/groupings/1/S01?by=language",
    "/figures/1",
    *(f"/figures/1/{kind}/agreement.svg" for kind in KINDS if kind != "transitions"),
    "/figures/1/statement/agreement.svg?statement=S01",
)


def test_a_round_that_nobody_answered_is_shown_without_any_number(study, owner):
    study.open_round()
    study.close_round()
    owner.send("/groupings/1", {"by": "language"})
    for view in EVERY_VIEW:
        shown = owner.get(view)
        assert shown.status_code == 200, view
        assert "nan" not in words(shown).lower().split(), view
    assert "Fewer than two groups rated." in words(owner.get("/results/1/S01"))
    assert "Not on the map, since their groups cannot be compared:" in words(owner.get("/results/1"))


def test_rounds_analysed_before_more_was_kept_say_what_is_missing(decided_twice, owner):
    with decided_twice.database.writing() as connection:
        for row in connection.execute(select(round_analysis)).all():
            figures = json.loads(row.result)
            del figures["comparisons"], figures["sensitivity"]
            of_row = round_analysis.c.round_number == row.round_number
            connection.execute(update(round_analysis).where(of_row).values(result=json.dumps(figures)))
    page = words(owner.get("/results/2/S02"))
    assert "What other rules decide was not kept when this round was analysed." in page
    assert "The same panelists in round 1 and now" in page
    row = words(row_of(owner.get("/compare").text, "S02"))
    assert re.search(r"7/11 – 3 → 5 –$", row.strip()), row
    assert "/figures/2/rules/" not in owner.get("/figures/2").text
    assert owner.get("/figures/2/rules/agreement.svg").status_code == 404
