"""The overview, looking over all answers, handing in once or often, and the receipt."""

import re
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from app.domain.event import EventKind
from app.storage.tables.log import event
from tests.panel_study import SLUG, TOPICS


def answer_everything(guest, point=4):
    for topic, codes in TOPICS.items():
        guest.rate(topic, dict.fromkeys(codes, point))


def n_submissions(study) -> int:
    asked = select(func.count()).where(event.c.kind == EventKind.QUESTIONNAIRE_SUBMITTED)
    with study.database.reading() as connection:
        return int(connection.execute(asked).scalar_one())


def receipt_code(guest) -> str:
    found = re.search(r'receipt-code">([^<]+)<', guest.get("/receipt").text)
    assert found is not None
    return found[1]


def test_the_overview_leads_to_the_first_topic_with_something_left(guest):
    page = guest.get("/overview").text
    assert "0 of 6 statements answered" in page
    assert f'href="/s/{SLUG}/topics/value">Begin' in page
    guest.rate("value", dict.fromkeys(TOPICS["value"], 3))
    page = guest.get("/overview").text
    assert "3 of 6 statements answered" in page
    assert f'href="/s/{SLUG}/topics/pay">Continue' in page
    guest.rate("pay", dict.fromkeys(TOPICS["pay"], 3))
    assert f'href="/s/{SLUG}/review">Look over your answers and hand them in' in guest.get("/overview").text


def test_the_overview_says_of_every_statement_whether_it_is_answered_and_leads_to_it(guest):
    guest.rate("value", {"S01": 3, "S03": "unable"})
    page = guest.get("/overview").text
    marks = re.findall(
        r'<a class="mark( is-answered)?" href="([^"]+)">.*?(S\d\d)<span class="visually-hidden">, ([a-z ]+)<',
        page,
    )
    assert marks == [
        (
            " is-answered" if code in {"S01", "S03"} else "",
            f"/s/{SLUG}/topics/{topic}#statement-{code}",
            code,
            "answered" if code in {"S01", "S03"} else "not answered yet",
        )
        for topic, codes in TOPICS.items()
        for code in codes
    ]
    assert "4 statements are left." in page
    assert "Comments are up to you: they are not counted here." in page
    assert f'href="/s/{SLUG}/topics/value#statement-S02">Continue' in page


def test_what_is_optional_is_not_counted(guest):
    guest.send("/topics/value", {"round": "1", "S01.comment": "Only a comment"})
    assert "0 of 6 statements answered" in guest.get("/overview").text


def test_the_review_shows_every_answer_and_what_is_missing(guest):
    guest.rate("value", {"S01": 4, "S02": "unable"}, **{"S01.comment": "My <comment>"})
    page = guest.get("/review").text
    for words in (
        "4, Agree",
        "unable to rate",
        "My &lt;comment&gt;",
        "4 statements still wait for an answer",
    ):
        assert words in page
    for code in ("S03", "S04", "S05", "S06"):
        assert page.count(f"#statement-{code}") == 2 + (code == "S03")
    assert "Hand in my answers" not in page


def test_handing_in_with_something_missing_is_refused_and_says_what(study, guest):
    guest.rate("value", {"S01": 4})
    answer = guest.send("/submit", {"round": "1", "request_key": "k"})
    assert answer.status_code == 409
    assert "5 statements still wait for an answer" in answer.text
    assert f'value="/s/{SLUG}/review"' in answer.text, (
        "the language switch comes back to a page that can be visited"
    )
    assert n_submissions(study) == 0


def test_handing_in_gives_a_receipt_and_answers_can_still_be_changed(study, guest):
    answer_everything(guest)
    assert (
        guest.send("/submit", {"round": "1", "request_key": "k"}).headers["location"] == f"/s/{SLUG}/receipt"
    )
    assert guest.get().headers["location"] == f"/s/{SLUG}/receipt"
    page = guest.get("/receipt").text
    assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}", receipt_code(guest))
    assert "6 statements, Monday, 2 March 2026 at 10:00 (Brussels time)" in page
    assert guest.rate("value", {"S01": 2}, **{"S01.agreement.version": "1"}).status_code == 303
    assert "2, Disagree" in guest.get("/review").text
    assert "You have handed in your answers" in guest.get("/overview").text
    assert n_submissions(study) == 1


def test_handing_in_many_times_at_once_gives_one_receipt(study, guest):
    answer_everything(guest)
    assert guest.token
    with ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(guest.send, "/submit", {"round": "1", "request_key": "k"}) for _ in range(20)]
    assert {answer.result().status_code for answer in sent} == {303}
    assert n_submissions(study) == 1


def test_handing_in_again_with_another_key_gives_the_same_receipt(study, guest):
    answer_everything(guest)
    codes = set()
    for key in ("one", "two", "", "x" * 500):
        assert guest.send("/submit", {"round": "1", "request_key": key}).status_code == 303
        codes.add(receipt_code(guest))
    assert len(codes) == 1
    assert n_submissions(study) == 1


def test_handing_in_after_the_close_is_refused_and_says_what_counts_all_the_same(study, guest):
    answer_everything(guest)
    assert guest.token
    study.close_round()
    answer = guest.send("/submit", {"round": "1", "request_key": "k"})
    assert answer.status_code == 409
    assert "What you just sent came too late and was not counted." in answer.text
    assert (
        "You had answered 6 of 6 statements. They count, even though you did not hand them in." in answer.text
    )
    assert f'value="/s/{SLUG}"' in answer.text, "the language switch comes back to a page that can be visited"
    assert n_submissions(study) == 0


def test_an_old_page_that_hands_in_an_earlier_round_is_led_to_the_open_one(study, guest):
    answer_everything(guest)
    study.rate_everything([link for link in study.links if link != guest.link])
    study.close_round()
    study.release_feedback()
    study.open_round()
    answer = guest.send("/submit", {"round": "1", "request_key": "k"})
    assert (answer.status_code, answer.headers.get("location")) == (303, f"/s/{SLUG}")
    assert n_submissions(study) == 0


def test_without_a_receipt_the_way_leads_back(guest):
    assert guest.get("/receipt").headers["location"] == f"/s/{SLUG}"
