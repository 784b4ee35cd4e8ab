"""Words and drawings of the researcher's pages, made from facts alone."""

from datetime import UTC, datetime

import pytest

from analysis.results import DivergenceClass, StabilityVerdict
from analysis.rules import Decision
from app.domain.account import Permission, Role
from app.domain.carry_forward import CarryForwardPolicy
from app.domain.event import Event, EventKind
from app.domain.feedback import FeedbackPolicy
from app.domain.panel import Membership, WithdrawalMode
from app.domain.stopping import StoppingPolicy
from app.domain.study import StudyStatus
from app.storage.response import FlowRow
from app.web.researcher import wording
from app.web.researcher.event_wording import event_sentence
from app.web.researcher.figures import decision_counts
from app.web.researcher.pages import whole_number
from app.web.researcher.response_page import response_line
from app.web.researcher.signing_in import own_address
from app.web.researcher.texts import Told, told


def an_event(kind: str, **payload: object) -> Event:
    return Event(1, kind, "system", datetime(2026, 3, 2, tzinfo=UTC), payload, "0" * 64, "1" * 64)


@pytest.mark.parametrize("kind", EventKind)
def test_every_kind_of_event_has_a_sentence_even_with_nothing_in_it(kind):
    sentence = str(event_sentence(an_event(kind), {}, {}))
    assert sentence
    assert kind not in sentence


def test_an_event_of_a_kind_from_another_version_is_shown_as_it_is():
    assert str(event_sentence(an_event("MoonRose"), {}, {})) == "MoonRose"


def test_an_event_counts_what_it_lists():
    saved = an_event(EventKind.RATINGS_SAVED, round=2, ratings=[["S01", "agreement", 1]], comments=[])
    assert str(event_sentence(saved, {}, {})) == "saved in round 2 (ratings: 1, comments: 0)"


def test_an_event_names_researchers_and_roles_in_words():
    joined = an_event(EventKind.RESEARCHER_JOINED, researcher=7, role="analyst")
    sentence = event_sentence(joined, {"researcher:7": "Ann"}, {"analyst": "analyste"})
    assert str(sentence) == "made Ann analyste of the study"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (wording.STUDY_STATUS_WORDS, StudyStatus),
        (wording.ROLE_WORDS, Role),
        (wording.ROLE_HINTS, Role),
        (wording.PERMISSION_WORDS, Permission),
        (wording.MEMBERSHIP_WORDS, Membership),
        (wording.WITHDRAWAL_WORDS, WithdrawalMode),
        (wording.FEEDBACK_WORDS, FeedbackPolicy),
        (wording.CARRY_FORWARD_WORDS, CarryForwardPolicy),
        (wording.STOPPING_WORDS, StoppingPolicy),
        (wording.DIVERGENCE_WORDS, DivergenceClass),
        (wording.STABILITY_WORDS, StabilityVerdict),
    ],
)
def test_every_choice_has_words(words, kind):
    assert set(words) == set(kind)


def test_a_text_that_falls_back_says_in_which_language_it_is():
    texts = {"fr": "Un jardin", "nl": "Een tuin"}
    assert told(texts, "nl") == Told("Een tuin")
    assert told(texts, "de") == Told("Un jardin", "fr")


def test_decisions_are_counted_in_their_order_and_fill_the_bar():
    counts = decision_counts(
        {
            Decision.CONSENSUS_IN: 3,
            Decision.CONSENSUS_OUT: 0,
            Decision.NO_CONSENSUS: 1,
            Decision.NOT_ASSESSABLE: 0,
        }
    )
    assert [(one.decision, one.n, one.percent) for one in counts][:3] == [
        (Decision.CONSENSUS_IN, 3, 75.0),
        (Decision.CONSENSUS_OUT, 0, 0.0),
        (Decision.NO_CONSENSUS, 1, 25.0),
    ]
    assert decision_counts(dict.fromkeys(Decision, 0)) == ()


def test_a_response_bar_shows_each_state_once():
    line = response_line((FlowRow(1, "a", "en", 10, 8, 6, 5), FlowRow(1, "a", "fr", 10, 4, 4, 1)))
    assert line.parts == (("submitted", 0.0, 30.0), ("partial", 30.0, 20.0), ("opened", 50.0, 10.0))


def test_a_response_of_nobody_is_an_empty_bar():
    assert {width for _, _, width in response_line(()).parts} == {0.0}


@pytest.mark.parametrize(
    ("typed", "number"), [("7", 7), ("", 1), ("x", 1), ("-1", 1), ("٣", 1), ("9" * 12, 1)]
)
def test_a_number_in_an_address_is_read_or_left(typed, number):
    assert whole_number(typed) == number


@pytest.mark.parametrize(
    "asked", ["/research", "", "/researcher", "https://example.org/research/", "/research/sign-in"]
)
def test_only_a_page_of_the_researchers_is_gone_back_to(asked):
    assert own_address(asked) == "/research"
    assert own_address("/research/x/log?actors=team") == "/research/x/log?actors=team"
