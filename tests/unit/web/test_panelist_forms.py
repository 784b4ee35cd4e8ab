"""What a panelist sends is read into changes, and nothing else."""

from datetime import UTC, datetime

import pytest

from app.domain.errors import PointOffScale, UnknownCriterion
from app.domain.rating import Comment, CommentChange, Rating, RatingChange
from app.services.questionnaire import QuestionnaireStatement
from app.web.panelist.forms import parse_answer, parse_topic, read_version
from app.web.shared.submission import SentForm, SubmissionNotReadable
from tests.panel_study import CRITERION, panel_study

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DEFINITION = panel_study()


def item(
    code: str = "S01", previous: int | None = None, *, abstained: bool = False
) -> QuestionnaireStatement:
    """A statement as the panelist meets it, with what they answered in the round before."""
    statement = next(s for s in DEFINITION.statements if s.code == code)
    before = {}
    if previous is not None or abstained:
        before = {CRITERION: Rating(code, CRITERION, previous, abstained, 1, NOW)}
    return QuestionnaireStatement(statement, (), {}, before, Comment(), ())


def read(fields: dict[str, str], *items: QuestionnaireStatement):
    form = SentForm({name: (value,) for name, value in fields.items()})
    return parse_topic(form, items or (item(),), DEFINITION.protocol)


def test_a_point_is_a_change_with_the_version_the_page_knew():
    typed = read({"S01.agreement": "4", "S01.agreement.version": "3"})
    assert typed.changes == (RatingChange("S01", CRITERION, 4, abstained=False, known_version=3),)
    assert typed.comment_changes == ()
    assert typed.refusals == ()


def test_unable_to_rate_is_an_answer_and_no_point():
    typed = read({"S01.agreement": "unable"})
    assert typed.changes == (RatingChange("S01", CRITERION, None, abstained=True, known_version=0),)


def test_a_typed_number_and_the_box_unable_are_both_kept_so_that_the_rules_can_refuse_them():
    typed = read({"S01.agreement": "4", "S01.agreement.unable": "unable"})
    assert typed.changes == (RatingChange("S01", CRITERION, 4, abstained=True, known_version=0),)


def test_an_untouched_statement_is_no_change():
    typed = read({"S01.agreement.version": "0"})
    assert typed.changes == ()
    assert typed.ratings["S01", CRITERION].is_untouched


def test_fields_of_other_statements_are_not_looked_at():
    assert read({"S02.agreement": "4", "S02.comment": "text"}).changes == ()


@pytest.mark.parametrize("value", ["abc", "4.5", "٤", "1e3", "99999999", "4 5", "--4"])
def test_what_is_no_whole_number_is_refused_and_kept(value):
    typed = read({"S01.agreement": value})
    (refusal,) = typed.refusals
    assert isinstance(refusal.error, PointOffScale)
    assert typed.changes == ()
    assert typed.ratings["S01", CRITERION].value == value


def test_a_comment_is_a_change_even_when_it_is_empty():
    typed = read({"S01.comment": "", "S01.comment.version": "2"})
    assert typed.comment_changes == (CommentChange("S01", "", known_version=2),)


def test_a_comment_that_was_not_sent_is_no_change():
    assert read({"S01.agreement": "4"}).comment_changes == ()


def test_keeping_takes_the_previous_answer():
    typed = read({"keep": "S01.agreement"}, item(previous=2))
    assert typed.changes == (RatingChange("S01", CRITERION, 2, abstained=False, known_version=0),)


def test_keeping_an_abstention_abstains_again():
    typed = read({"keep": "S01.agreement"}, item(abstained=True))
    assert typed.changes == (RatingChange("S01", CRITERION, None, abstained=True, known_version=0),)


def test_keeping_without_a_previous_answer_changes_nothing():
    assert read({"keep": "S01.agreement"}).changes == ()


def test_a_reason_is_read_when_the_band_was_crossed():
    reason = {"S01.agreement.reason": "new_arguments", "S01.agreement.reason_text": "I read more."}
    (change,) = read({"S01.agreement": "2", **reason}, item(previous=4)).changes
    assert (change.reason, change.reason_text) == ("new_arguments", "I read more.")


@pytest.mark.parametrize("value", ["5", "unable", "9"])
def test_a_reason_left_in_the_form_is_dropped_when_no_band_was_crossed(value):
    reason = {"S01.agreement.reason": "new_arguments", "S01.agreement.reason_text": "I read more."}
    (change,) = read({"S01.agreement": value, **reason}, item(previous=4)).changes
    assert (change.reason, change.reason_text) == ("", "")


@pytest.mark.parametrize(
    ("text", "version"), [("7", 7), ("", 0), ("-1", 0), ("x", 0), ("²", 0), ("9" * 30, 0), ("1.0", 0)]
)
def test_a_version_that_cannot_be_read_counts_as_none(text, version):
    assert read_version(text) == version


SENT = {"statement": "S01", "criterion": CRITERION, "point": 4, "abstained": False, "version": 1}


def test_an_answer_of_the_script_is_read_whole():
    answer = parse_answer(
        SENT | {"comment": "Yes.", "comment_version": 2, "reason": {"code": "other", "text": "So."}},
        DEFINITION.protocol,
    )
    assert answer.rating == RatingChange("S01", CRITERION, 4, False, 1, "other", "So.")
    assert answer.comment == CommentChange("S01", "Yes.", 2)


def test_a_comment_alone_is_no_rating():
    answer = parse_answer(SENT | {"point": None, "comment": "Yes."}, DEFINITION.protocol)
    assert answer.rating is None
    assert answer.comment == CommentChange("S01", "Yes.", 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"statement": None},
        {"statement": "../x"},
        {"statement": "\ud800"},
        {"criterion": 7},
        {"abstained": "yes"},
        {"version": -1},
        {"version": "1"},
        {"version": 2**40},
        {"version": True},
        {"reason": "other"},
        {"reason": {"code": 1}},
        {"comment": 1},
        {"comment": "x", "comment_version": 1.5},
    ],
    ids=str,
)
def test_an_answer_with_a_field_of_the_wrong_kind_is_refused(wrong):
    with pytest.raises(SubmissionNotReadable):
        parse_answer(SENT | wrong, DEFINITION.protocol)


@pytest.mark.parametrize("point", [3.5, "4", True, [4], {}])
def test_a_point_of_the_script_that_is_no_whole_number_is_off_the_scale(point):
    with pytest.raises(PointOffScale):
        parse_answer(SENT | {"point": point}, DEFINITION.protocol)


def test_a_criterion_that_the_study_does_not_have_is_refused():
    with pytest.raises(UnknownCriterion):
        parse_answer(SENT | {"criterion": "importance"}, DEFINITION.protocol)
