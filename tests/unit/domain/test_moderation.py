"""What may be decided on a comment, and when."""

import pytest

from app.domain.errors import ModerationNotPossible, RedactionEmpty
from app.domain.moderation import Moderation, place_in_no_order, refuse_moderation, text_to_show
from app.domain.round import RoundStatus


@pytest.mark.parametrize("to", [Moderation.RELEASED, Moderation.WITHHELD, Moderation.REDACTED])
def test_between_the_close_and_the_release_everything_can_be_decided(to):
    refuse_moderation(RoundStatus.CLOSED, Moderation.PENDING, to)


def test_what_the_panel_reads_can_still_be_withheld_and_nothing_else():
    refuse_moderation(RoundStatus.FED_BACK, Moderation.RELEASED, Moderation.WITHHELD)
    for status, before, to in (
        (RoundStatus.FED_BACK, Moderation.WITHHELD, Moderation.RELEASED),
        (RoundStatus.OPEN, Moderation.PENDING, Moderation.RELEASED),
        (RoundStatus.CLOSED, Moderation.RELEASED, Moderation.PENDING),
    ):
        with pytest.raises(ModerationNotPossible):
            refuse_moderation(status, before, to)


def test_the_panel_reads_what_was_written_what_is_left_of_it_or_nothing():
    assert text_to_show("I, Ann, agree.", Moderation.RELEASED, "") == "I, Ann, agree."
    assert text_to_show("I, Ann, agree.", Moderation.REDACTED, "I agree.") == "I agree."
    assert text_to_show("I, Ann, agree.", Moderation.WITHHELD, "I agree.") == ""
    with pytest.raises(RedactionEmpty):
        text_to_show("I, Ann, agree.", Moderation.REDACTED, "  ")


def test_the_order_of_comments_comes_from_their_words():
    said = ["Yes.", "No.", "Perhaps."]
    places = {place_in_no_order(text) for text in said}
    assert len(places) == 3
    assert {place_in_no_order(text) for text in said * 2} == places
