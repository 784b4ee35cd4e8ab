"""How the groups answered, to be read in peace: every statement that was fed back, with one's own answer."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.domain.errors import NotFound
from app.domain.feedback import FeedbackPolicy
from app.domain.messages import N_
from app.domain.study import in_language
from app.i18n import translations
from app.services.panel_results import PanelResults, StatementResult, read_panel_results
from app.web.panelist.statement_cards import (
    CardFrame,
    answer_in_words,
    comment_parts,
    feedback_parts,
)
from app.web.panelist.visit import Visit, find_visit
from app.web.shared.parts import Feedback, NavLink, StatementCard
from app.web.shared.state import clock_of, database_of

router = APIRouter()

_LONGEST_NUMBER = 4


class ResultsNotFound(NotFound):
    """Nothing has been fed back yet, or not of this round and topic."""

    message = N_("Here stands how the groups answered, once the study team has shown it to the panel.")


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A statement with the reader's own answers ("4, Agree"), and what may be seen of the panel."""

    card: StatementCard
    answers: tuple[str, ...]
    feedback: tuple[Feedback, ...]


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """One topic of one round that was fed back; ``shows_figures`` unless the study has none for its panel."""

    title: str
    shows_figures: bool
    round_number: int
    topic: str
    rounds: tuple[NavLink, ...]
    topics: tuple[NavLink, ...]
    lines: tuple[ResultLine, ...]
    home_path: str
    next_path: str


def shows_figures(visit: Visit) -> bool:
    """Whether the study feeds figures of groups back to its panel."""
    return visit.visitor.protocol.feedback.policy is not FeedbackPolicy.NONE


def results_title(visit: Visit) -> str:
    """What the page of results is called: by what there is to see on it."""
    gettext = translations(visit.locale).gettext
    if shows_figures(visit):
        return gettext("How the groups answered")
    if visit.visitor.protocol.feedback.comments:
        return gettext("Your answers, and comments from the panel")
    return gettext("Your answers")


@router.get("/s/{slug}/results")
def show_results(request: Request, slug: str, topic: str = "", round: str = "") -> Response:  # noqa: A002 - the address says round
    """Show how the panel answered one topic."""
    visit = find_visit(request, slug)
    number = int(round) if round.isascii() and round.isdigit() and len(round) <= _LONGEST_NUMBER else None
    results = read_panel_results(
        database_of(request), visit.visitor, round_number=number, topic=topic or None
    )
    if results is None:
        raise ResultsNotFound
    return visit.show("results.html", _page(visit, results), path=_address(visit, results))


def _page(visit: Visit, results: PanelResults) -> ResultsPage:
    frame = CardFrame(
        protocol=visit.visitor.protocol,
        group=visit.visitor.panelist.group,
        language=visit.locale,
        zone=visit.visitor.study.time_zone,
        looks_back_on=results.round_number,
        is_real_time=False,
        now=clock_of(visit.request).now(),
    )
    codes = [topic.code for topic in results.topics]
    gettext = translations(visit.locale).gettext
    following = codes[codes.index(results.topic.code) + 1 :]
    return ResultsPage(
        title=results_title(visit),
        shows_figures=shows_figures(visit),
        round_number=results.round_number,
        topic=in_language(results.topic.name, visit.locale),
        rounds=tuple(
            NavLink(
                gettext("Round %(number)s") % {"number": number},
                f"{visit.path('results')}?round={number}",
                is_current=number == results.round_number,
            )
            for number in results.round_numbers
        ),
        topics=tuple(
            NavLink(
                in_language(topic.name, visit.locale),
                _address(visit, results, topic.code),
                is_current=topic == results.topic,
            )
            for topic in results.topics
        ),
        lines=tuple(_line(one, frame) for one in results.statements),
        home_path=visit.path(),
        next_path=_address(visit, results, following[0]) if following else "",
    )


def _line(one: StatementResult, frame: CardFrame) -> ResultLine:
    text, language = one.statement.text, frame.language
    answers = []
    for criterion in frame.protocol.criteria:
        rating = one.own.get(criterion.code)
        if rating is not None:
            said = answer_in_words(criterion, rating.point, language, is_unable=rating.abstained)
            name = in_language(criterion.name, language)
            answers.append(said if len(frame.protocol.criteria) == 1 else f"{name}: {said}")
    card = StatementCard(
        code=one.statement.code,
        text=in_language(text, language),
        comments=comment_parts(one.comments, frame),
        language="" if language in text else next(iter(text)),
    )
    return ResultLine(card, tuple(answers), feedback_parts(one.feedback, one.own, frame))


def _address(visit: Visit, results: PanelResults, topic: str = "") -> str:
    return f"{visit.path('results')}?round={results.round_number}&topic={topic or results.topic.code}"
