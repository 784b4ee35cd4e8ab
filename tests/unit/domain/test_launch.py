"""The launch checklist: what blocks, what is worth knowing, and that both come from one place."""

import pytest

from app.domain.errors import ActionBlocked
from app.domain.launch import (
    Matter,
    PanelMail,
    RoundFacts,
    Weight,
    blockers,
    launch_checks,
    refuse_if_blocked,
)
from app.domain.round import RoundAction, RoundKind

READY = RoundFacts(n_statements=52, n_invited=70)
PEERS = {"en": "Peer supporters", "fr": "Pairs-aidants"}


def test_a_ready_round_has_no_blocker() -> None:
    assert blockers(RoundAction.OPEN, READY) == ()
    assert {check.weight for check in launch_checks(READY)} == {Weight.MET}
    refuse_if_blocked(RoundAction.OPEN, READY)


@pytest.mark.parametrize(
    ("facts", "matter", "words"),
    [
        (RoundFacts(0, 70), Matter.STATEMENTS, "No statement is left"),
        (RoundFacts(0, 70, has_statements=False), Matter.STATEMENTS, "no statements yet. Write them"),
        (RoundFacts(52, 0), Matter.PANEL, "nobody who can be asked"),
        (RoundFacts(52, 70, empty_groups=(PEERS,)), Matter.GROUPS, "no panelist: Peer supporters"),
        (RoundFacts(52, 70, untranslated=("S07", "S09")), Matter.TRANSLATIONS, "translation: S07, S09"),
        (RoundFacts(52, 70, untranslated_topics=("pay",)), Matter.TOPICS, "name in a language: pay"),
        (RoundFacts(52, 70, untranslated_cards=("E01",)), Matter.EVIDENCE, "miss a translation: E01"),
        (RoundFacts(52, 70, without_consent=("fr",)), Matter.CONSENT, "to consent to in: fr"),
        (RoundFacts(52, 70, deadline_in_past=True), Matter.DEADLINE, "deadline lies in the past"),
        (RoundFacts(52, 70, study_concluded=True), Matter.STUDY, "is concluded"),
        (RoundFacts(0, 70, kind=RoundKind.OPEN), Matter.QUESTIONS, "no open question to ask"),
    ],
)
def test_what_is_missing_for_opening_is_refused_with_the_line_of_the_checklist(
    facts: RoundFacts, matter: Matter, words: str
) -> None:
    with pytest.raises(ActionBlocked, match=words) as refusal:
        refuse_if_blocked(RoundAction.OPEN, facts)
    (line,) = [check for check in launch_checks(facts) if check.weight is Weight.BLOCKER]
    assert (line.matter, (line.sentence,)) == (matter, refusal.value.blockers)


@pytest.mark.parametrize(
    ("facts", "matter", "words"),
    [
        (RoundFacts(52, 70, groups_below_target=(PEERS,)), Matter.TARGETS, "aimed at: Peer supporters."),
        (RoundFacts(52, 70, n_unreachable=1), Matter.ADDRESSES, "1 panelist has an address"),
        (RoundFacts(52, 70, n_unreachable=3), Matter.ADDRESSES, "3 panelists have an address"),
        (RoundFacts(52, 70, n_waiting_comments=2), Matter.COMMENTS, "2 comments of the round before"),
        (RoundFacts(52, 70, panel_mail=PanelMail.NO_SERVER), Matter.MAIL, "No mail server is set up"),
    ],
)
def test_what_is_worth_knowing_keeps_no_round_from_opening(
    facts: RoundFacts, matter: Matter, words: str
) -> None:
    assert blockers(RoundAction.OPEN, facts) == ()
    (line,) = [check for check in launch_checks(facts) if check.weight is not Weight.MET]
    assert (line.weight, line.matter) == (Weight.WARNING, matter)
    assert words in str(line.sentence)


def test_an_open_round_needs_questions_and_no_statements() -> None:
    facts = RoundFacts(0, 70, kind=RoundKind.OPEN, n_questions=2)
    assert blockers(RoundAction.OPEN, facts) == ()
    said = [str(check.sentence) for check in launch_checks(facts)]
    assert said[0] == "2 open questions will be asked"
    assert not [line for line in said if "languages of the study" in line]


def test_the_checklist_tells_of_real_time_and_of_an_invented_panel() -> None:
    facts = RoundFacts(52, 70, is_real_time=True, panel_mail=PanelMail.INVENTED_PANEL)
    matters = {check.matter: str(check.sentence) for check in launch_checks(facts)}
    assert "once they have answered it" in matters[Matter.REAL_TIME]
    assert "nobody is written to" in matters[Matter.MAIL]


def test_everything_that_is_missing_is_named_at_once() -> None:
    facts = RoundFacts(0, 70, (PEERS,), ("S07",), deadline_in_past=True, study_concluded=True)
    assert len(blockers(RoundAction.OPEN, facts)) == 5


def test_that_the_panel_is_empty_is_said_once_and_not_again_of_every_group() -> None:
    said = [str(check.sentence) for check in launch_checks(RoundFacts(52, 0, (PEERS,)))]
    assert "The panel has nobody who can be asked." in said
    assert not [line for line in said if "stakeholder group" in line]


def test_feedback_waits_for_the_figures_and_closing_for_nothing() -> None:
    assert "no figures yet" in str(blockers(RoundAction.RELEASE_FEEDBACK, READY)[0])
    assert blockers(RoundAction.RELEASE_FEEDBACK, RoundFacts(1, 1, is_analysed=True)) == ()
    assert blockers(RoundAction.RELEASE_FEEDBACK, RoundFacts(0, 1, kind=RoundKind.OPEN)) == ()
    assert blockers(RoundAction.CLOSE, RoundFacts(0, 0)) == ()
