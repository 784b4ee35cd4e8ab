"""What the next round asks, on its page: why, and against the rule with a reason."""

import pytest

from app.domain.account import Role
from app.services.amending import amend_protocol
from tests.integration.web.researcher.conftest import words
from tests.panel_study import SLUG, panel_study_with

S01 = "/next-round/S01"
WANTED = {"round": "2", "asks": "yes", "reason": "The wording was unclear.", "known": ""}


@pytest.fixture
def fed_back(decided):
    """Round 1 is over, and by an amendment the next one asks only what is undecided: S02."""
    decided.release_feedback()
    amended = panel_study_with(protocol={"carry_forward": {"policy": "undecided"}})
    amend_protocol(decided.database, decided.clock, SLUG, amended, "The panel is tired.", "system")
    return decided


def test_the_page_says_of_each_statement_whether_it_is_asked_and_why(fed_back, owner):
    assert "What the next round asks, and why" in owner.get("/rounds").text
    page = words(owner.get("/next-round"))
    assert "What round 2 asks" in page
    assert "As it stands, the round asks 1 statement." in page
    assert "It is decided." in page
    assert "It is not decided yet." in page
    listed = owner.get("/next-round?state=asked").text
    assert ">S02<" in listed
    assert ">S01<" not in listed
    assert owner.get("/next-round?state=nonsense").status_code == 200


def test_a_decision_against_the_rule_stands_on_every_page_and_can_be_undone(fed_back, owner):
    page = words(owner.get(S01))
    assert "Ask S01 in round 2 all the same?" in page
    assert "Let the rule decide" not in page
    assert owner.send(S01, WANTED).headers["location"].endswith("/next-round?done=decided")
    assert "1 of all is decided against the rule." in words(owner.get("/next-round?done=decided"))
    assert "Decided against the rule: The wording was unclear." in words(owner.get("/next-round"))
    assert "Against the rule S01 is asked, because: The wording was unclear." in words(owner.get("/rounds"))
    assert "The next round is to ask about it against the rule." in words(owner.get("/statements/S01"))
    assert "decided that round 2 asks about statement S01, because: The wording" in words(owner.get("/log"))
    assert "Let the rule decide" in owner.get(S01).text
    assert owner.send(f"{S01}/undo", {"round": "2"}).headers["location"].endswith("?done=undone")
    assert "against the rule" not in words(owner.get("/next-round?done=undone"))


def test_leaving_out_is_told_on_the_statements_page_once_the_round_is_open(fed_back, owner):
    owner.send(S01, WANTED)
    answer = owner.send("/next-round/S02", {**WANTED, "asks": "no", "reason": "Asked elsewhere."})
    assert answer.status_code == 303
    owner.send("/rounds/open")
    assert "Round 2 left it out against the rule." in words(owner.get("/statements/S02"))
    assert owner.get("/next-round").status_code == 409
    assert owner.send(S01, WANTED).status_code == 409


def test_a_decision_without_a_reason_is_refused_and_what_was_typed_is_kept(fed_back, owner):
    answer = owner.send(S01, {**WANTED, "reason": "  "})
    assert answer.status_code == 422
    assert "Say why. The log and the report keep the reason" in answer.text
    too_long = owner.send(S01, {**WANTED, "reason": "x" * 1001})
    assert too_long.status_code == 422
    assert "x" * 1001 in too_long.text


def test_who_decides_second_sees_what_is_stored_beside_their_own_words(fed_back, owner):
    owner.send(S01, WANTED)
    answer = owner.send(S01, {**WANTED, "reason": "Mine."})
    assert answer.status_code == 409
    assert "A colleague has decided about S01 since you opened this page." in words(answer)
    assert "Stored now: The wording was unclear." in words(answer)
    assert ">Mine.</textarea>" in answer.text
    again = owner.send(S01, {**WANTED, "reason": "Mine.", "known": "The wording was unclear."})
    assert again.status_code == 303
    owner.send(f"{S01}/undo", {"round": "2"})
    answer = owner.send(S01, {**WANTED, "known": "Mine."})
    assert "They let the rule decide again." in words(answer)


def test_forms_about_nothing_or_another_round_are_refused_in_words(fed_back, owner):
    assert owner.get("/next-round/S99").status_code == 404
    assert owner.send(S01, {**WANTED, "round": "x"}).status_code == 409
    assert owner.send("/next-round/S02", {**WANTED}).status_code == 409
    owner.send("/statements/S03/withdraw", {"reason": "Superseded."})
    assert owner.get("/next-round/S03").status_code == 409
    assert "It is withdrawn." in words(owner.get("/next-round?state=withdrawn"))


def test_an_analyst_reads_what_is_asked_and_changes_nothing(fed_back, sign_in):
    analyst = sign_in(Role.ANALYST)
    page = analyst.get("/next-round")
    assert page.status_code == 200
    assert "/next-round/S01" not in page.text


def test_concluding_against_the_rule_asks_for_a_reason_and_keeps_what_was_typed(fed_back, owner):
    page = words(owner.get("/conclude"))
    assert "1 of the 3 rounds planned are done." in page
    assert "1 decision is still open." in page
    assert "1 decision stays open" in page
    refused = owner.send("/conclude", {"reason": " "})
    assert refused.status_code == 422
    assert "The stopping rule advises to go on. Say why the study ends" in words(refused)
    assert owner.send("/conclude", {"reason": "No money."}).headers["location"] == "/research/garden-study"
    assert "concluded the study against the stopping rule, because: No money." in words(owner.get("/log"))
    assert owner.get("/conclude").status_code == 409
