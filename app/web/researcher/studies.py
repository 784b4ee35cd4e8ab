"""The list of studies that a researcher has a part in."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.domain.messages import Sentence
from app.domain.round import RoundStatus
from app.domain.study import StudyStatus
from app.services.standings import Standing, list_standings
from app.web.researcher.design.new_study import NEW
from app.web.researcher.desk import HOME, Desk, find_desk
from app.web.researcher.figures import DecisionCount, decision_counts
from app.web.researcher.texts import Told, told
from app.web.researcher.wording import ROLE_WORDS, STUDY_STATUS_WORDS
from app.web.shared.parts import Deadline
from app.web.shared.state import clock_of, database_of

router = APIRouter()


@dataclass(frozen=True, slots=True)
class StudyLine:
    """One study: what it is called, where it stands, how the panel responds, what is decided."""

    href: str
    title: Told
    slug: str
    is_synthetic: bool
    status: StudyStatus
    status_word: Sentence
    role: Sentence
    round_number: int | None
    round_status: RoundStatus | None
    deadline: Deadline | None
    n_submitted: int
    n_asked: int
    n_panelists: int
    decisions: tuple[DecisionCount, ...]


@dataclass(frozen=True, slots=True)
class StudiesPage:
    """The researcher's studies, the newest first."""

    studies: tuple[StudyLine, ...]
    new_href: str


@router.get("/research")
def show_studies(request: Request) -> Response:
    """Show where every study of the researcher stands."""
    desk = find_desk(request)
    standings = list_standings(database_of(request), desk.researcher)
    lines = tuple(_line(desk, standing) for standing in standings)
    return desk.show("studies.html", StudiesPage(lines, NEW))


def _line(desk: Desk, standing: Standing) -> StudyLine:
    study, newest = standing.study, standing.newest_round
    is_open = newest is not None and newest.status is RoundStatus.OPEN
    closes_at = newest.closes_at if newest is not None and is_open else None
    return StudyLine(
        href=f"{HOME}/{study.slug}",
        title=told(study.texts.title, desk.locale),
        slug=study.slug,
        is_synthetic=study.synthetic,
        status=study.status,
        status_word=Sentence(STUDY_STATUS_WORDS[study.status]),
        role=Sentence(ROLE_WORDS[standing.role]),
        round_number=newest.number if newest else None,
        round_status=newest.status if newest else None,
        deadline=Deadline(closes_at, clock_of(desk.request).now(), study.time_zone) if closes_at else None,
        n_submitted=newest.n_submitted if newest else 0,
        n_asked=newest.n_invited if newest else 0,
        n_panelists=standing.n_panelists,
        decisions=decision_counts(standing.decisions),
    )
