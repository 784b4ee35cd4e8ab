"""What the next round asks is seen beforehand, decided against its rule with a reason, and kept."""

import pytest

from app.domain.carry_forward import CarryReason, Override
from app.domain.carry_override import OverrideNotNeeded, OverrideStandsAlready, StatementNotAsked
from app.domain.errors import ActionBlocked
from app.domain.event import EventKind
from app.domain.statement_editing import FieldsRefused, StatementDraft, StatementNotFound
from app.services.carrying_forward import let_rule_decide, override_rule, read_next_round
from app.services.launching import read_launch
from app.services.questionnaire import read_questionnaire
from app.services.restructuring import split_statement, withdraw_statement
from app.services.statement_desk import read_editable_statements, read_statement_history
from app.services.statement_editing import edit_statement
from app.storage.events import read_events
from tests.integration.services.conftest import OPENED
from tests.running_study import RunningStudy, small_study_after

ACTOR = "researcher:1"
REASON = "Its wording was unclear to many."


def hold_round_1(study: RunningStudy) -> None:
    """S01 is accepted and the rest is not decided."""
    for n in range(12):
        study.rate(n, {"S01": 3, "S02": 1 + n % 3, "S03": 1 + n % 3})
    study.close()
    study.release()


LED_TO_BY = {"fed_back": small_study_after(OPENED, "small-fed-back", hold_round_1)}


@pytest.fixture
def fed_back(study: RunningStudy) -> RunningStudy:
    """The study after round 1, in which S01 was accepted and the rest was not decided."""
    return study


def decide(
    study: RunningStudy, code: str, *, asks: bool, reason: str = REASON, number: int = 2, known=""
) -> None:
    wanted = Override(code, asks, reason)
    override_rule(study.database, study.clock, study.slug, ACTOR, number, wanted, known=known)


def undo(study: RunningStudy, code: str, number: int = 2) -> None:
    let_rule_decide(study.database, study.clock, study.slug, ACTOR, number, code)


def asked(study: RunningStudy) -> list[str]:
    preview = read_next_round(study.database, study.slug)
    return [one.code for one in preview.statements if one.carry and one.carry.is_asked]


def events(study: RunningStudy, kind: EventKind) -> list[dict[str, object]]:
    with study.database.reading() as connection:
        return [dict(event.payload) for event in read_events(connection, 1) if event.kind == kind]


def test_before_round_1_everything_is_new(study):
    preview = read_next_round(study.database, study.slug)
    assert preview.round_number == 1
    assert {one.carry.why for one in preview.statements if one.carry} == {CarryReason.NOT_RATED}
    assert asked(study) == ["S01", "S02", "S03"]


def test_a_round_opens_with_what_was_decided_against_its_rule(fed_back):
    assert asked(fed_back) == ["S02", "S03"]
    decide(fed_back, "S01", asks=True)
    decide(fed_back, "S03", asks=False, reason="It is asked elsewhere.")
    assert asked(fed_back) == ["S01", "S02"]
    launch = read_launch(fed_back.database, fed_back.clock, fed_back.slug, sends_mail=False)
    assert launch is not None
    assert "2 statements will be rated" in [str(check.sentence) for check in launch.checks]
    assert [one.statement for one in launch.overrides] == ["S01", "S03"]
    history = read_statement_history(fed_back.database, fed_back.slug, "S01")
    assert history.planned == Override("S01", True, REASON)
    fed_back.open()
    page = read_questionnaire(fed_back.database, fed_back.clock, fed_back.visitor(0))
    assert page is not None
    assert [one.statement.code for one in page.statements] == ["S01", "S02"]
    history = read_statement_history(fed_back.database, fed_back.slug, "S03")
    assert (history.overrides, history.planned) == (
        {2: Override("S03", False, "It is asked elsewhere.")},
        None,
    )
    (opened,) = [one for one in events(fed_back, EventKind.ROUND_OPENED) if one["round"] == 2]
    assert opened["overrides"] == [["S01", True, REASON], ["S03", False, "It is asked elsewhere."]]
    assert [one["statement"] for one in events(fed_back, EventKind.CARRY_FORWARD_OVERRIDDEN)] == [
        "S01",
        "S03",
    ]


def test_a_decision_against_the_rule_counts_for_one_round_only(fed_back):
    decide(fed_back, "S02", asks=False)
    fed_back.open()
    fed_back.close()
    fed_back.release()
    assert asked(fed_back) == ["S02", "S03"]


def test_a_decision_against_the_rule_is_undone_before_the_round_opens(fed_back):
    decide(fed_back, "S01", asks=True)
    undo(fed_back, "S01")
    undo(fed_back, "S01")
    assert asked(fed_back) == ["S02", "S03"]
    assert len(events(fed_back, EventKind.CARRY_FORWARD_RESTORED)) == 1


def test_a_decision_is_refused_without_a_reason_or_need_or_for_what_is_not_there(fed_back):
    with pytest.raises(FieldsRefused):
        decide(fed_back, "S01", asks=True, reason=" ")
    with pytest.raises(OverrideNotNeeded):
        decide(fed_back, "S02", asks=True)
    with pytest.raises(StatementNotFound):
        decide(fed_back, "S99", asks=True)
    withdraw_statement(fed_back.database, fed_back.clock, fed_back.slug, ACTOR, "S03", "Superseded.")
    with pytest.raises(StatementNotAsked):
        decide(fed_back, "S03", asks=False)
    assert events(fed_back, EventKind.CARRY_FORWARD_OVERRIDDEN) == []


def test_of_two_who_decide_at_once_the_second_is_told(fed_back):
    decide(fed_back, "S01", asks=True)
    with pytest.raises(OverrideStandsAlready):
        decide(fed_back, "S01", asks=True, reason="Another reason.")
    decide(fed_back, "S01", asks=True, reason=REASON, known=REASON)
    decide(fed_back, "S01", asks=True, reason="Another reason.", known=REASON)
    assert len(events(fed_back, EventKind.CARRY_FORWARD_OVERRIDDEN)) == 2


def test_nothing_is_decided_about_a_round_that_is_open(fed_back):
    decide(fed_back, "S01", asks=True)
    fed_back.open()
    for step in (lambda: decide(fed_back, "S02", asks=False), lambda: undo(fed_back, "S01")):
        with pytest.raises(ActionBlocked, match="Round 2 is open"):
            step()
    fed_back.close()
    with pytest.raises(ActionBlocked, match="Round 2 has been opened"):
        decide(fed_back, "S02", asks=False)


def test_what_was_decided_about_a_statement_that_is_withdrawn_later_is_not_kept(fed_back):
    decide(fed_back, "S03", asks=False)
    withdraw_statement(fed_back.database, fed_back.clock, fed_back.slug, ACTOR, "S03", "Superseded.")
    fed_back.open()
    history = read_statement_history(fed_back.database, fed_back.slug, "S03")
    assert (history.overrides, history.planned) == ({}, None)


def test_the_preview_says_what_happened_to_statements_since_they_were_rated(fed_back):
    here = fed_back.database, fed_back.clock, fed_back.slug, ACTOR
    entry = read_editable_statements(fed_back.database, fed_back.slug).get("S01")
    before = entry.statement.text
    draft = StatementDraft("S01", "value", {"fr": "Autre.", "nl": "Anders."}, origin="literature")
    edit_statement(*here, draft, known=entry.fingerprint, reason="Clearer.")
    parts = [StatementDraft(code, "pay", {"fr": code, "nl": code}) for code in ("S02a", "S02b")]
    split_statement(*here, "S02", parts, "Two in one.")
    preview = read_next_round(fed_back.database, fed_back.slug)
    assert preview.get("S01").asked_text == before
    assert [one.from_code for one in preview.get("S02a").came_from] == ["S02"]
    assert [one.code for one in preview.get("S02").became] == ["S02a", "S02b"]
    assert preview.get("S02").carry is None
    assert asked(fed_back) == ["S02a", "S02b", "S03"]
