"""A new researcher goes the whole way on the pages alone, from an empty database to the report.

Three stakeholder groups, two languages, twenty statements, thirty panelists, two rounds. Each panelist enters
by the link that a letter brings: two in Chromium, the others by the same pages without it.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from playwright.sync_api import FilePayload, Page, expect

from app.cli.command import run
from app.clock import FixedClock
from app.i18n import translations
from app.mail.delivery import Postman
from app.main import create_app
from app.services.letters import Sender
from app.services.mailing import deliver_all
from app.settings import Settings
from tests.browser.chromium import DESK, PHONE, Visitors
from tests.forms import form_to, forms_of
from tests.panel_study import SECRET
from tests.serving import address_of, free_port, serving
from tests.unit.reports.reading import table
from tests.workbooks import workbook

EMAIL, PASSWORD = "ana@example.org", "correct horse battery staple"
GROUPS = ("peers", "professionals", "relatives")
CODES = tuple(f"S{n:02}" for n in range(1, 21))
STATEMENTS = "code,topic,text_en,text_fr\n" + "".join(
    f"{code},{('care', 'pay')[n % 2]},Peers matter in way {n}.,Les pairs comptent de la façon {n}.\n"
    for n, code in enumerate(CODES)
)
PANEL = [(f"Person {n}", f"person{n}@example.org", GROUPS[n % 3], ("en", "fr")[n % 2]) for n in range(30)]


def point(person: int, code: str, round_number: int) -> int:
    """What somebody answers: most is settled in round 1, and two statements are never."""
    place, group, row = CODES.index(code), person % 3, person // 3
    if place < 9:  # seven to nine of ten agree, in each group
        return 5 if row < 7 + place % 3 else 2
    if place < 13:  # eight of ten disagree
        return 1 if row < 8 else 4
    if place < 18:  # relatives come round to it
        return 2 if group == 2 and round_number == 1 and row < 4 else 4
    return 5 if group < 2 else 1


def decision(code: str, round_number: int) -> str:
    """The decision by the template's rule, worked out anew: at least 70% of every group, in or out."""
    said = [[point(n, code, round_number) for n in range(group, 30, 3)] for group in range(3)]
    if all(10 * sum(one >= 4 for one in each) >= 7 * len(each) for each in said):
        return "consensus_in"
    if all(10 * sum(one <= 2 for one in each) >= 7 * len(each) for each in said):
        return "consensus_out"
    return "no_consensus"


SHOWN = {"consensus_in": "Consensus: in", "consensus_out": "Consensus: out", "no_consensus": "No consensus"}
FIRST = {code: decision(code, 1) for code in CODES}
UNDECIDED = [code for code in CODES if FIRST[code] == "no_consensus"]
FINAL = FIRST | {code: decision(code, 2) for code in UNDECIDED}


class Letterbox(Postman):
    """Takes the letters in that would go to a mail server."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    def hand_over(self, message: EmailMessage) -> None:
        """Keep a letter."""
        self.letters.append(message)

    def rest(self) -> None:
        """Nothing is open."""


class Installation:
    """Castalia on an empty database, and the worker that sends its letters."""

    def __init__(self, app: FastAPI, clock: FixedClock, address: str) -> None:
        self.address = address
        self._database, self._clock = app.state.database, clock
        self._sender = Sender("Castalia <castalia@example.org>", address, SECRET.encode())

    def links(self) -> dict[str, str]:
        """Send the letters that wait, and return the links in them by whom they are to."""
        box = Letterbox()
        deliver_all(self._database, self._clock, self._sender, box, lambda: False)
        return {letter["To"].addresses[0].addr_spec: self._link_in(letter) for letter in box.letters}

    def _link_in(self, letter: EmailMessage) -> str:
        body = letter.get_body(("plain",))
        found = body and re.search(rf"{re.escape(self.address)}/p/\S+", body.get_content())
        assert found, letter.as_string()
        return found[0]


@pytest.fixture
def installation(empty_sqlite_url, clock, monkeypatch) -> Iterator[Installation]:
    """An installation as a newcomer has it: migrated, with a first account, both by the command."""
    listener = free_port()
    monkeypatch.setenv("CASTALIA_DATABASE_URL", empty_sqlite_url)
    monkeypatch.setenv("CASTALIA_SECRET", SECRET)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert run(["migrate"]) == 0
    assert run(["researcher", "add", EMAIL, "--name", "Ana Peeters", "--password-stdin"]) == 0
    settings = Settings(
        database_url=empty_sqlite_url,
        secret=SECRET,
        base_url=address_of(listener),
    )
    app = create_app(settings, clock)
    with serving(app, listener) as address:
        yield Installation(app, clock, address)


class Researcher:
    """The new researcher at a browser, who finds everything by what the pages say."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.main = page.locator("main")

    def room(self, name: str) -> None:
        """Go to a room of the study by the navigation."""
        self.page.get_by_role("navigation", name="The study").get_by_role(
            "link", name=name, exact=True
        ).click()

    def press(self, words: str) -> None:
        """Press a button, or follow a link, by exactly what it says."""
        exactly = re.compile(rf"^\s*{re.escape(words)}\s*$")
        self.main.locator("button:not(.visually-hidden), a").filter(has_text=exactly).first.click()

    def fill(self, texts: dict[str, str]) -> None:
        """Fill in fields by their labels."""
        for label, text in texts.items():
            self.main.get_by_label(label).fill(text)

    def upload(self, name: str, content: bytes) -> None:
        """Choose a file, and look at what it would do."""
        file = FilePayload(name=name, mimeType="application/octet-stream", buffer=content)
        self.main.locator("input[type=file]").set_input_files(file)
        self.press("Look at it first")

    def sees(self, words: str) -> None:
        """Wait until the page says this."""
        expect(self.main).to_contain_text(words, use_inner_text=True)

    def download(self, words: str) -> bytes:
        """Press a button that hands out a file."""
        with self.page.expect_download() as taken:
            self.press(words)
        return Path(taken.value.path()).read_bytes()


class Panelist:
    """A panelist whose browser shows nothing: it follows links and sends the forms that the pages hold."""

    def __init__(self, link: str, number: int) -> None:
        headers = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
        self.client = httpx2.Client(headers=headers, follow_redirects=True)
        self.link, self.number = link, number

    def send(self, page: httpx2.Response, action: str, **more: str) -> httpx2.Response:
        """Send the form of a page that goes to an address."""
        form = form_to(page.text, action)
        assert form, f"{page.url} has no form to {action}"
        answer = self.client.post(page.url.join(action), data={**form.fields, **more})
        assert answer.status_code == 200, (str(answer.url), answer.status_code)
        return answer

    def answer(self, round_number: int) -> None:
        """Enter, consent, rate every topic and hand in."""
        page = self.client.get(self.link)
        page = self.send(page, forms_of(page.text)[0].action)
        consent = next((one.action for one in forms_of(page.text) if one.action.endswith("/consent")), "")
        if consent:
            page = self.send(page, consent)
        slug = str(page.url).split("/s/")[1].partition("/")[0]
        overview = self.client.get(page.url.join(f"/s/{slug}/overview")).text
        for address in dict.fromkeys(re.findall(rf'href="(/s/{slug}/topics/[^"#?]+)', overview)):
            sheet = self.client.get(page.url.join(address))
            codes = re.findall(r'name="(S\d\d)\.agreement"', sheet.text)
            given = {f"{code}.agreement": str(point(self.number, code, round_number)) for code in codes}
            self.send(sheet, address, **given, then="overview")
        review = self.client.get(page.url.join(f"/s/{slug}/review"))
        receipt = self.send(review, f"/s/{slug}/submit")
        assert str(receipt.url).endswith("/receipt"), receipt.text
        self.client.close()


def answers_in_chromium(page: Page, link: str, number: int, round_number: int) -> None:
    """Enter, consent, rate and hand in as somebody at a browser does, in their language."""
    language = PANEL[number][3]

    def press(words: str) -> None:
        said = translations(language).gettext(words)
        found = page.locator("main").locator("button:not(.visually-hidden), a").filter(has_text=said)
        with page.expect_navigation():
            found.first.click()

    def rate() -> None:
        lowest = page.locator("input[name$='.agreement'][value='1']")
        for name in lowest.evaluate_all("all => all.map(one => one.name)"):
            answer = point(number, name.partition(".")[0], round_number)
            page.locator(f"input[name='{name}'][value='{answer}']").check(force=True)

    page.goto(link)
    press("Enter the study")
    if round_number == 1:
        press("Yes, I take part")
    press("Begin")
    rate()
    press("Save and go to the next topic")
    rate()
    press("Save and look over all answers")
    press("Hand in my answers")
    expect(page.locator(".receipt-code")).to_be_visible()


def begin_a_study(ana: Researcher) -> None:
    """Sign in, take a template in two languages, and fit its protocol: three groups, a rule, two rounds."""
    ana.page.goto("/")
    ana.press("Sign in as a researcher")
    ana.fill({"E-mail address": EMAIL, "Password": PASSWORD})
    ana.press("Sign in")
    ana.sees("You have no study yet.")
    ana.press("Begin a new study")
    ana.main.get_by_label("Several stakeholder groups").check()
    for language in ("English", "French"):
        ana.main.get_by_label(language).check()
    ana.press("Go on")
    for language in ("English", "French"):
        ana.main.get_by_label(f"Title: {language}").fill("Peers in care")
        ana.main.get_by_label(re.compile(rf"^Purpose.*{language}$")).fill("What should peers be able to do?")
        ana.main.get_by_label(f"Who runs it: {language}").fill("A team of three.")
    ana.press("Begin the study")
    ana.sees("The study is begun.")
    ana.press("Stakeholder groups")
    left_out = ana.main.locator("fieldset, .fields-in-row, section").filter(
        has=ana.page.locator("input[value=patients]")
    )
    left_out.last.get_by_label("Leave it out").check()
    ana.press("Save")
    ana.sees("Saved.")
    expect(ana.main.locator("section", has=ana.page.locator("#groups"))).not_to_contain_text("Patients")
    ana.press("When there is consensus")
    ana.main.get_by_label("How many per cent must agree").fill("75")
    ana.press("Show what it would decide")
    ana.sees("at least 75% of every group")
    share = ana.main.get_by_label("How many per cent must agree")
    share.fill("70")
    ana.main.get_by_label("A statement is accepted when").select_option("median_iqr")
    expect(ana.main.get_by_label("Median, at least")).to_be_visible()
    expect(share).to_be_hidden()
    expect(ana.main.locator("#design-state")).to_contain_text("The median, and a narrow middle half")
    ana.main.get_by_label("A statement is accepted when").select_option("percent_agreement")
    expect(share).to_have_value("70")
    ana.press("Save")
    ana.sees("at least 70% of every group")
    ana.press("The course of the study")
    ana.main.get_by_label("Round 3", exact=True).select_option("")
    ana.press("Save")
    ana.sees("2: rating, rating")


def write_statements(ana: Researcher) -> None:
    """Name two topics, and import the statements after a look."""
    ana.room("Statements")
    for code, name in (("care", "Care"), ("pay", "Pay")):
        ana.press("Topics")
        ana.main.get_by_label("Code of the new topic").fill(code)
        for language in ("English", "French"):
            ana.main.get_by_label(f"Name of new topic: {language}").fill(name)
        ana.press("Save")
        ana.sees("Your change is stored")
    ana.press("Import")
    ana.upload("statements.csv", STATEMENTS.replace("S20,pay", "S20,salary").encode())
    ana.sees("“salary” is not a topic of the study.")
    ana.upload("statements.csv", STATEMENTS.encode())
    ana.sees("New: 20.")
    ana.press("Store all of it")
    expect(ana.main.locator("tbody tr")).to_have_count(20)


def invite_a_panel(ana: Researcher) -> None:
    """Import the people from a workbook after a look."""
    ana.room("Panel")
    ana.press("Import panelists")
    ana.upload("people.xlsx", workbook([["name", "email", "group", "language"], *PANEL]))
    ana.sees("New: 30.")
    ana.press("Add 30 people to the panel")
    ana.sees("person29@example.org")


def open_round(ana: Researcher, number: int, *checks: str) -> None:
    """Open a round from its checklist, with a deadline."""
    ana.room("Rounds")
    for check in checks:
        ana.sees(check)
    ana.main.get_by_label("Deadline: day").fill("2026-03-20")
    ana.main.get_by_label("Deadline: hour").fill("18:00")
    ana.press(f"Open round {number}")
    ana.sees("The round is open.")


def close_round(ana: Researcher, number: int) -> None:
    """Close a round, and come to its decisions."""
    ana.room("Rounds")
    ana.press(f"Close round {number}")
    ana.press(f"Close round {number}")
    ana.sees(f"Round {number} is closed.")


def everybody_answers(links: dict[str, str], desk: Page, phone: Page, round_number: int) -> None:
    """Let the first two panelists answer in Chromium, and the others by the same pages."""
    every = [links[email] for _, email, *_ in PANEL]
    answers_in_chromium(desk, every[0], 0, round_number)
    answers_in_chromium(phone, every[1], 1, round_number)
    for number, link in enumerate(every[2:], start=2):
        Panelist(link, number).answer(round_number)


def the_report_says_what_was_answered(ana: Researcher) -> None:
    """Download every form of the report, and hold its figures against the answers."""
    ana.room("Reports")
    report = ana.download("Download the report").decode()
    with zipfile.ZipFile(io.BytesIO(ana.download("Download the tables"))) as archive:
        tables = {
            name: list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
            for name in archive.namelist()
        }
    decided = {(int(row["round"]), row["statement"]): row["decision"] for row in tables["decisions.csv"]}
    assert decided == {(1, code): word for code, word in FIRST.items()} | {
        (2, code): FINAL[code] for code in UNDECIDED
    }
    for row in tables["statements.csv"]:
        if row["group"] in GROUPS:
            said = [
                point(n, row["statement"], int(row["round"]))
                for n in range(GROUPS.index(row["group"]), 30, 3)
            ]
            assert int(row["n"]) == 10
            assert float(row["agree"]) == sum(one >= 4 for one in said) / 10
            assert float(row["mean"]) == sum(said) / 10
    by_round = table(report, "Decisions by round")
    for number, decisions in ((1, FIRST), (2, {code: FINAL[code] for code in UNDECIDED})):
        row = by_round.row(f"Round {number}")
        for word, shown in SHOWN.items():
            assert row[shown] == str(sum(one == word for one in decisions.values()))


def test_a_new_researcher_comes_from_an_empty_database_to_a_report(installation, visitors: Visitors):
    visitors.expect_fault("status of 422")
    ana = Researcher(visitors.arrive(installation.address, viewport=DESK, accept_downloads=True))
    begin_a_study(ana)
    write_statements(ana)
    invite_a_panel(ana)
    open_round(ana, 1, "20 statements will be rated", "30 panelists will be asked")

    links = installation.links()
    assert set(links) == {email for _, email, *_ in PANEL}
    desk = visitors.arrive(installation.address, viewport=DESK)
    phone = visitors.arrive(installation.address, viewport=PHONE)
    everybody_answers(links, desk, phone, 1)
    ana.room("Rounds")
    ana.main.get_by_role("link", name="Round 1", exact=True).click()
    ana.sees("Handed in 30 100%")
    close_round(ana, 1)
    for word, shown in SHOWN.items():
        n = sum(one == word for one in FIRST.values())
        expect(ana.main.get_by_role("navigation", name="Show")).to_contain_text(f"{shown} {n}")

    ana.room("Rounds")
    ana.press("Release the feedback of round 1")
    ana.press("Release the feedback")
    ana.sees("The feedback is released.")
    open_round(ana, 2, f"{len(UNDECIDED)} statements will be rated", "30 panelists will be asked")
    everybody_answers(installation.links(), desk, phone, 2)
    close_round(ana, 2)
    ana.room("Rounds")
    ana.press("Release the feedback of round 2")
    ana.press("Release the feedback")
    ana.sees("The feedback is released.")
    ana.press("Conclude the study")
    ana.press("Conclude the study")
    ana.sees("The study is concluded.")
    the_report_says_what_was_answered(ana)
