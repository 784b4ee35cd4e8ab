"""One's own answers to take away: the table, the document, and what stands in both."""

import csv
import io
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pypdf
import pytest

from app.web.panelist import turns
from tests.integration.web.panelist.conftest import enter
from tests.panel_study import SLUG, STATEMENTS

HEADINGS = [
    "Round",
    "Statement",
    "Text",
    "Criterion",
    "Your answer",
    "In words",
    "Why you changed it",
    "Your comment",
    "Saved",
]


def table(guest) -> list[dict[str, str]]:
    content = guest.get("/answers.csv").content
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def document(guest) -> pypdf.PdfReader:
    answer = guest.get("/answers.pdf")
    assert answer.status_code == 200, answer.text
    return pypdf.PdfReader(io.BytesIO(answer.content))


def words(guest) -> str:
    return " ".join(" ".join(page.extract_text() for page in document(guest).pages).split())


def go_to_round_two(study, guest) -> None:
    guest.rate("value", {"S01": 2, "S02": 4})
    study.rate_everything([link for link in study.links if link != guest.link])
    study.close_round()
    study.release_feedback()
    study.open_round()


@pytest.mark.parametrize("comment", ["=1+1", "+1", "-1", "@x", 'plain, "quoted"\nand long'])
def test_own_answers_come_as_a_table_without_formulas(guest, comment):
    guest.rate("value", {"S01": 4, "S02": "unable"}, **{"S01.comment": comment})
    answer = guest.get("/answers.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == f'attachment; filename="{SLUG}-my-answers.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == HEADINGS
    shown = comment if comment.startswith("plain") else f"'{comment}"
    assert rows[1] == [
        "1",
        "S01",
        "The garden gives rest.",
        "Agreement",
        "4",
        "4, Agree",
        "",
        shown,
        "2026-03-02 10:00",
    ]
    assert rows[2][4:6] == ["", "unable to rate"]
    assert len(rows) == 3


def test_own_answers_hold_every_round_and_the_reason_for_a_change(study, guest):
    go_to_round_two(study, guest)
    reason = {"S01.agreement.reason": "thought_again", "S01.agreement.reason_text": "=Because"}
    guest.send("/topics/value", {"round": "2", "S01.agreement": "5", **reason})
    told = [(row["Round"], row["Your answer"]) for row in table(guest) if row["Statement"] == "S01"]
    assert told == [("1", "2"), ("2", "5")]
    assert table(guest)[-1]["Why you changed it"] == "I thought about it again\n=Because"
    for part in (
        "Round 1",
        "Round 2",
        "2, Disagree",
        "5, Strongly agree",
        "I thought about it again =Because",
    ):
        assert part in words(guest)


def test_a_comment_without_a_rating_is_an_answer_too(guest):
    guest.send("/topics/value", {"round": "1", "S03.comment": "A thought of mine"})
    (row,) = table(guest)
    assert (row["Statement"], row["Your answer"], row["Your comment"]) == ("S03", "", "A thought of mine")
    assert "S03" in words(guest)
    assert "A thought of mine" in words(guest)


def test_the_document_says_everything_in_the_language_and_zone_of_the_study(study, browser):
    study.open_round()
    link = study.link("fr")
    study.take_part(link)
    guest = enter(browser(), link)
    for topic, codes in (("value", STATEMENTS[:3]), ("pay", STATEMENTS[3:])):
        guest.rate(topic, dict.fromkeys(codes, 4), **{f"{codes[0]}.comment": "Mon avis"})
    guest.send("/submit", {"round": "1", "request_key": "k"})
    pdf = document(guest)
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Vos réponses – Un jardin pour tous"
    assert str(pdf.root_object["/Lang"]) == "fr"
    assert "'/Marked': True" in str(pdf.root_object["/MarkInfo"])
    said = words(guest)
    assert len(table(guest)) == len(STATEMENTS)
    for part in (
        "Un jardin pour tous",
        "Tour 1",
        "À quoi il sert",
        "4, D’accord",
        "Mon avis",
        "lundi 2 mars 2026 à 10:00 (heure de Bruxelles)",
        "Accusé de réception",
    ):
        assert part in said, part


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_document_is_read_aloud_in_its_language_with_its_title_and_structure(study, browser, language):
    study.open_round()
    link = study.link(language)
    study.take_part(link)
    guest = enter(browser(), link)
    guest.rate("value", {"S01": 4}, **{"S01.comment": "Mijn mening"})
    pdf = document(guest)
    root: Any = pdf.root_object
    assert str(root["/Lang"]) == language
    assert str(root["/MarkInfo"]["/Marked"]) == "True"
    assert str(root["/ViewerPreferences"]["/DisplayDocTitle"]) == "True"
    assert pdf.metadata is not None
    assert pdf.metadata.title
    kinds: set[str] = set()
    waiting: list[Any] = [root["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += node
        elif hasattr(node, "get"):
            kinds.add(str(node.get("/S")))
            waiting += [node["/K"]] if "/K" in node else []
    assert {"/H1", "/H2", "/P"} <= kinds


@pytest.mark.parametrize(
    "text", ["#panic()", "$x$", "= Title", "\\", '#image("/etc/passwd")', "<b>x</b>", "“]"]
)
def test_what_looks_like_markup_is_text_in_the_document(guest, text):
    guest.rate("value", {"S01": 4}, **{"S01.comment": f"before {text} after"})
    assert f"before {text} after" in words(guest)


def test_signs_that_no_font_has_are_seen_to_be_missing(guest):
    guest.rate("value", {"S01": 4}, **{"S01.comment": "Ελληνικά Русский 😀 中 👍\ufeff"})
    said = words(guest)
    assert "Ελληνικά Русский" in said
    assert "□ □" in said
    assert "its letters lack a sign that you typed" in said
    assert table(guest)[0]["Your comment"] == "Ελληνικά Русский 😀 中 👍\ufeff"


def test_the_same_answers_give_the_same_bytes_at_any_time(guest, clock):
    guest.rate("value", {"S01": 4})
    first = guest.get("/answers.pdf").content
    clock.advance(timedelta(hours=3))
    assert guest.get("/answers.pdf").content == first
    guest.rate("value", {"S01": 3}, **{"S01.agreement.version": "1"})
    assert guest.get("/answers.pdf").content != first


def test_before_any_answer_the_document_says_so(guest):
    assert "You have not answered anything yet." in words(guest)


def test_only_the_panelist_gets_the_answers(study, guest, browser):
    for file in ("answers.csv", "answers.pdf"):
        assert browser().get(f"/s/{SLUG}/{file}").status_code == 401
    study.take_part(study.link("nl"))
    other = enter(browser(), study.link("nl"))
    guest.rate("value", {"S01": 4}, **{"S01.comment": "mine alone"})
    assert table(other) == []
    assert "mine alone" not in words(other)


def test_many_who_ask_at_once_wait_for_their_turn(guest):
    guest.rate("value", {"S01": 4})
    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(guest.get, "/answers.pdf") for _ in range(8)]
    contents = {answer.result().content for answer in answers}
    assert {answer.result().status_code for answer in answers} == {200}
    assert len(contents) == 1


def test_who_would_wait_too_long_is_told_when_to_come_back(guest, monkeypatch):
    monkeypatch.setattr(turns, "LONGEST_WAIT_SECONDS", 0.1)
    taken = [turns._turns.acquire(timeout=5) for _ in range(turns.AT_ONCE)]
    try:
        before = time.monotonic()
        answer = guest.get("/answers.pdf")
        assert time.monotonic() - before < 5
    finally:
        for _ in taken:
            turns._turns.release()
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "30"
    assert "could not be made just now" in answer.text
    assert guest.get("/answers.pdf").status_code == 200
