"""A researcher reads what the panel wrote and decides what the others may read; nobody's name is in sight."""

import re

import pytest

from app.domain.account import Role
from app.services.questionnaire import read_questionnaire
from tests.integration.web.researcher.conftest import AtDesk, words
from tests.integration.web.states import BEGUN, led_on
from tests.panel_study import STATEMENTS, PlayedStudy, panel_study

WRITTEN = {0: "The soil is thin.", 3: "My son Adam says so too.", 6: "<b>Rain</b> & mud", 9: "Yes."}


def write(study: PlayedStudy) -> None:
    """Four panelists write on S01, one of them on S04 too; then round 1 closes."""
    study.open_round()
    for n, link in enumerate(study.links):
        visitor = study.take_part(link)
        texts = {"S01": WRITTEN[n]} if n in WRITTEN else {}
        study.rate(
            visitor, dict.fromkeys(STATEMENTS, 3 + n % 2), texts | ({"S04": "Later."} if n == 0 else {})
        )
    study.close_round()


LED_TO_BY = {"written": led_on(BEGUN, "garden-commented", write)}


@pytest.fixture
def written(study: PlayedStudy) -> PlayedStudy:
    """The study with round 1 closed; four panelists wrote on S01, one of them on S04 too."""
    return study


def form_of(page: str, text: str) -> dict[str, str]:
    """The fields that name the comment with this text."""
    line = next(line for line in page.split('<li class="comment-line"') if text in line)
    return dict(re.findall(r'name="(round|comment|on|state|statement)" value="([^"]*)"', line))


def decide(desk: AtDesk, text: str, to: str, **more: str):
    fields = form_of(desk.get("/comments").text, text)
    return desk.send("/comments", {**fields, "to": to, **more})


def read_by_panel(study: PlayedStudy, code: str) -> list[str]:
    """What a panelist reads on a statement in the next round."""
    study.release_feedback()
    study.open_round()
    questionnaire = read_questionnaire(study.database, study.clock, study.visitor(study.link()))
    assert questionnaire is not None
    shown = {item.statement.code: item.released_comments for item in questionnaire.statements}
    return sorted(comment.text for comment in shown[code])


def test_before_a_round_is_closed_there_is_nothing_to_read(study, owner):
    assert "No round is closed yet." in owner.get("/comments").text
    study.open_round()
    assert "No round is closed yet." in owner.get("/comments").text


def test_every_comment_of_the_closed_round_waits_to_be_read(written, owner):
    page = owner.get("/comments")
    assert page.status_code == 200
    said = words(page)
    assert all(text in said for text in ("The soil is thin.", "My son Adam says so too.", "Later."))
    assert "&lt;b&gt;Rain&lt;/b&gt; &amp; mud" in page.text
    assert "Release all 5 that wait" in said
    assert "<b>Rain" not in page.text


def test_who_wrote_what_is_not_on_the_page(written, owner):
    page = owner.get("/comments").text
    names = {text for person in panel_study().panel for text in (person.name, person.email)}
    assert not [mark for mark in names | {link.pseudonym for link in written.links} if mark in page]
    assert form_of(page, "The soil is thin.")["comment"] != form_of(page, "Later.")["comment"]


def test_what_is_released_is_read_by_the_panel_and_nothing_else(written, owner):
    assert decide(owner, "The soil is thin.", "released").status_code == 303
    assert decide(owner, "Yes.", "withheld").status_code == 303
    assert decide(owner, "My son Adam", "redacted", redacted="My son says so too.").status_code == 303
    assert read_by_panel(written, "S01") == ["My son says so too.", "The soil is thin."]


def test_the_original_of_a_redacted_comment_stays_for_the_team(written, owner):
    decide(owner, "My son Adam", "redacted", redacted="My son says so too.")
    said = words(owner.get("/comments?state=redacted"))
    assert "My son Adam says so too. The panel reads: My son says so too." in said


def test_all_that_wait_are_released_at_once_on_one_statement_or_on_all(written, owner):
    decide(owner, "Yes.", "withheld")
    one = owner.send("/comments/release", {"round": "1", "statement": "S04"})
    assert one.headers["location"] == "/research/garden-study/comments?statement=S04&done=released"
    assert "Release all 3 that wait" in words(owner.get("/comments"))
    owner.send("/comments/release", {"round": "1"})
    assert "that wait" not in words(owner.get("/comments"))
    assert len(read_by_panel(written, "S01")) == 3


def test_comments_are_looked_at_by_statement_and_decision(written, owner):
    decide(owner, "Later.", "released")
    assert "Later." not in words(owner.get("/comments?state=pending"))
    assert "Later." in words(owner.get("/comments?state=released"))
    assert "The soil" not in words(owner.get("/comments?statement=S04"))
    assert owner.get("/comments?state=nonsense&statement=S99&page=-1").status_code == 200


def test_a_redaction_of_nothing_is_asked_again_with_what_was_typed(written, owner):
    empty = decide(owner, "Yes.", "redacted", redacted="  ")
    assert empty.status_code == 422
    assert "Write what the panel is to read instead" in words(empty)
    long = decide(owner, "Yes.", "redacted", redacted="a" * 4001)
    assert long.status_code == 422
    assert "a" * 4001 in long.text
    assert read_by_panel(written, "S01") == []


def on_page(desk: AtDesk, page: str) -> list[str]:
    """The comments on a page, in their order."""
    return re.findall(r'<blockquote class="comment-text"[^>]*>([^<]+)<', desk.get(f"/comments{page}").text)


def test_a_long_list_of_comments_is_shown_a_page_at_a_time_in_the_same_order(written, owner, monkeypatch):
    whole = on_page(owner, "")
    monkeypatch.setattr("app.services.moderating.PAGE_SIZE", 2)
    monkeypatch.setattr("app.web.researcher.comments_page.PAGE_SIZE", 2)
    pages = [on_page(owner, f"?page={n}") for n in (1, 2, 3)]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [text for page in pages for text in page] == whole
    assert on_page(owner, "?page=99") == pages[2]
    assert on_page(owner, "?statement=S04") == ["Later."]
    monkeypatch.setattr("app.services.moderating.PAGE_SIZE", 50)
    assert sorted(on_page(owner, "?statement=S01")) == sorted(set(whole) - {"Later."})


def test_what_was_typed_stays_on_its_page_though_others_decide_meanwhile(written, owner, monkeypatch):
    monkeypatch.setattr("app.services.moderating.PAGE_SIZE", 1)
    texts = [on_page(owner, f"?page={n}")[0] for n in range(1, 6)]
    fields = form_of(owner.get("/comments?state=pending&page=3").text, texts[2])
    too_long = {**fields, "state": "pending", "to": "redacted", "redacted": "a" * 4001}
    assert "a" * 4001 in owner.send("/comments", too_long).text
    owner.send("/comments/release", {"round": "1"})
    assert "a" * 4001 in owner.send("/comments", too_long).text


def test_after_the_release_a_comment_can_be_withdrawn_and_none_added(written, owner):
    decide(owner, "The soil is thin.", "released")
    fields = form_of(owner.get("/comments").text, "Yes.")
    written.release_feedback()
    late = owner.send("/comments", {**fields, "to": "released"})
    assert late.status_code == 409
    assert "can only be withdrawn" in words(late)
    assert owner.send("/comments/release", {"round": "1"}).status_code == 409
    page = owner.get("/comments").text
    assert page.count("Withdraw it from the panel") == 1
    line = page.split('<li class="comment-line"')
    shown = next(one for one in line if "Withdraw it" in one)
    fields = dict(re.findall(r'name="(round|comment|on|state|statement)" value="([^"]*)"', shown))
    assert owner.send("/comments", {**fields, "to": "withheld"}).status_code == 303
    written.open_round()
    seen = read_questionnaire(written.database, written.clock, written.visitor(written.link()))
    assert seen is not None
    assert all(item.released_comments == () for item in seen.statements)


@pytest.mark.parametrize("wrong", [{"to": "pending"}, {"to": "burn"}, {"comment": "0" * 24}, {"round": "7"}])
def test_what_cannot_be_decided_is_refused(written, owner, wrong):
    fields = {**form_of(owner.get("/comments").text, "Yes."), "to": "released", **wrong}
    assert owner.send("/comments", fields).status_code in (404, 409)
    assert owner.send("/comments/release", {"round": "7"}).status_code == 404


def test_every_decision_stands_in_the_log_without_the_author(written, owner):
    decide(owner, "Later.", "withheld")
    decide(owner, "My son Adam", "redacted", redacted="My son says so too.")
    owner.send("/comments/release", {"round": "1"})
    said = words(owner.get("/log"))
    for entry in (
        "withheld a comment of round 1",
        "redacted a comment of round 1",
        "released comments of round 1 (3)",
    ):
        assert entry in said


def test_before_the_release_it_is_said_how_many_comments_the_panel_will_not_see(written, owner):
    assert "5 comments wait for a decision" in words(owner.get("/rounds/1/release"))
    owner.send("/comments/release", {"round": "1"})
    assert "for a decision" not in words(owner.get("/rounds/1/release"))


def test_an_analyst_neither_reads_nor_decides(written, sign_in):
    analyst = sign_in(Role.ANALYST)
    assert analyst.get("/comments").status_code == 403
    assert ">Comments</a>" not in analyst.get("").text
    facilitator = sign_in(Role.FACILITATOR)
    assert facilitator.get("/comments").status_code == 200
    assert ">Comments</a>" in facilitator.get("").text


def test_a_language_few_wrote_in_is_pointed_out_and_not_told_to_the_panel(written, owner):
    said = words(owner.get("/comments"))
    assert "Fewer than 5 people wrote in: English." in said
    owner.send("/comments/release", {"round": "1"})
    read_by_panel(written, "S01")
    french = written.visitor(written.link("fr"))
    questionnaire = read_questionnaire(written.database, written.clock, french)
    assert questionnaire is not None
    shown = next(one for one in questionnaire.statements if one.statement.code == "S01")
    assert {comment.language for comment in shown.released_comments} == {""}
