"""A protocol is amended between rounds, with a reason, and never under answers already given."""

import pytest

from app.domain.amendment import checked_amendment, refuse_amendment_now
from app.domain.errors import ActionBlocked, AmendmentNeedsReason, AmendmentTouchesRatings
from app.domain.protocol import protocol_from_tables
from app.domain.round import Round, RoundKind, RoundMode, RoundStatus
from app.domain.study import StudyStatus
from tests.panel_study import panel_study, panel_study_with

CURRENT = panel_study().protocol


def round_with(status: RoundStatus) -> Round:
    return Round(2, RoundKind.RATING, RoundMode.STANDARD, status, 1)


@pytest.mark.parametrize("status", [RoundStatus.DRAFT, RoundStatus.OPEN, RoundStatus.CLOSED])
def test_a_round_in_hand_is_decided_by_the_rule_it_opened_with(status):
    with pytest.raises(ActionBlocked, match="release the feedback of round 2 first"):
        refuse_amendment_now(StudyStatus.RUNNING, [round_with(status)])


def test_between_rounds_a_protocol_can_be_amended_and_after_the_end_it_cannot():
    refuse_amendment_now(StudyStatus.DRAFT, [])
    refuse_amendment_now(StudyStatus.RUNNING, [round_with(RoundStatus.FED_BACK)])
    with pytest.raises(ActionBlocked, match="concluded"):
        refuse_amendment_now(StudyStatus.CONCLUDED, [round_with(RoundStatus.FED_BACK)])


def test_an_amendment_is_stored_with_its_reason_and_refused_without():
    stricter = panel_study_with(protocol={"minimum_group_size": 6}).protocol
    assert checked_amendment(CURRENT, stricter, " Too few. ", n_held=1) == "Too few."
    with pytest.raises(AmendmentNeedsReason):
        checked_amendment(CURRENT, stricter, "  ", n_held=1)


def test_what_answers_rest_on_stays_as_it_is():
    tables = panel_study().tables
    fewer_groups = protocol_from_tables({**tables, "group": tables["group"][:1]})
    with pytest.raises(AmendmentTouchesRatings, match="the stakeholder groups"):
        checked_amendment(CURRENT, fewer_groups, "Why not.", n_held=1)
    real_time = panel_study_with(protocol={"rounds": ["real_time", "rating"]}).protocol
    with pytest.raises(AmendmentTouchesRatings, match="the rounds already held"):
        checked_amendment(CURRENT, real_time, "Why not.", n_held=1)
    assert checked_amendment(CURRENT, real_time, "Why not.", n_held=0) == "Why not."
