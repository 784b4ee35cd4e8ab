"""The audiences of the recommendations: named in all languages, put in order, removed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.errors import DomainError
from app.domain.messages import N_
from app.domain.recommendation import Audience, AudiencesChangedMeanwhile, audiences_fingerprint
from app.domain.statement_editing import FieldsRefused, next_code
from app.services.recommending import RecommendationDesk, read_recommendation_desk, save_audiences
from app.web.researcher.desk import Room, StudyDesk, find_study_desk, read_form
from app.web.researcher.pages import whole_number
from app.web.researcher.recommendations_page import PLACE
from app.web.researcher.statement_fields import field_errors, problems_in_words
from app.web.shared.parts import Column, Crumb, FieldError
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm
from app.web.shared.words import error_in_words

router = APIRouter()

_LAST: Final = 999_999


@dataclass(frozen=True, slots=True)
class AudienceName:
    """The name of an audience in one language, and what is stored now where that is another one."""

    field: str
    language: str
    language_name: str
    value: str
    error: str
    stored: str


@dataclass(frozen=True, slots=True)
class AudienceLine:
    """One audience to be named and put in its place; ``called`` is how its fields name it."""

    code: str
    called: str
    place: str
    names: tuple[AudienceName, ...]
    n_recommendations: int
    is_new: bool
    is_to_go: bool
    error: str


@dataclass(frozen=True, slots=True)
class AudiencesPage:
    """All audiences, and an empty one."""

    columns: tuple[Column, ...]
    audiences: tuple[AudienceLine, ...]
    known: str
    errors: tuple[FieldError, ...]
    refusal: str
    action: str
    cancel_href: str


@router.get("/research/{slug}/audiences")
def show_audiences(request: Request, slug: str) -> Response:
    """Show the audiences, each with its names in fields."""
    return _show(find_study_desk(request, slug, Room.REPORTS))


@router.post("/research/{slug}/audiences")
def save(request: Request, slug: str, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Store names and order, the new audience if one is written, and remove what is to go."""
    desk = find_study_desk(request, slug, Room.REPORTS)
    wanted = [audience for audience in _typed(desk, form) if not form.one(f"{audience.code}.remove")]
    try:
        save_audiences(
            database_of(request), clock_of(request), slug, desk.actor, wanted, known=form.one("known")
        )
    except (FieldsRefused, AudiencesChangedMeanwhile) as refusal:
        return _show(desk, form, refusal)
    return desk.go(PLACE, done="audiences")


def _typed(desk: StudyDesk, form: SentForm) -> list[Audience]:
    """The audiences in the order of their numbers, the new one among them if it has a name."""
    found = []
    new = form.one("new")
    for before, code in enumerate((*form.all("code"), new), start=1):
        name = {language: form.one(f"{code}.name.{language}") for language in desk.study.languages}
        if code == new and not any(text.strip() for text in name.values()):
            continue
        wanted = whole_number(form.one(f"{code}.place"), otherwise=_LAST)
        found.append((wanted, wanted == before, before, Audience(code, name)))
    return [audience for *_, audience in sorted(found, key=lambda one: one[:3])]


def _show(desk: StudyDesk, form: SentForm | None = None, refusal: DomainError | None = None) -> Response:
    stored = read_recommendation_desk(database_of(desk.request), desk.slug)
    problems = problems_in_words(desk, refusal)
    is_stale = isinstance(refusal, AudiencesChangedMeanwhile)
    languages = desk.study.languages
    reader = _Reader(desk, stored, form, problems, is_stale=is_stale)
    page = AudiencesPage(
        columns=(
            Column(desk.say(N_("Place")), is_sortable=False),
            *(Column(desk.written.language(code), is_sortable=False) for code in languages),
            Column(desk.say(N_("Recommendations")), "number", is_sortable=False),
            Column(desk.say(N_("Remove")), is_sortable=False),
        ),
        audiences=reader.lines(),
        known=audiences_fingerprint(stored.audiences) if form is None or is_stale else form.one("known"),
        errors=field_errors(problems),
        refusal=error_in_words(refusal, desk.locale) if refusal and is_stale else "",
        action=desk.path("audiences"),
        cancel_href=desk.path(PLACE),
    )
    way = (Crumb(desk.say(N_("Recommendations")), desk.path(PLACE)), Crumb(desk.say(N_("Audiences"))))
    status = answer_to(refusal).status if refusal else 200
    return desk.inside(*way).show("audiences.html", page, status=status)


@dataclass(frozen=True)
class _Reader:
    """Puts the lines of the form together from what is stored and what was typed."""

    desk: StudyDesk
    stored: RecommendationDesk
    form: SentForm | None
    problems: dict[str, str]
    is_stale: bool

    def lines(self) -> tuple[AudienceLine, ...]:
        """A line for every audience, and one for a new one."""
        codes = [audience.code for audience in self.stored.audiences]
        new = Audience(next_code(codes or ["A00"]), {})
        return tuple(
            self._line(place, audience, is_new=audience is new)
            for place, audience in enumerate((*self.stored.audiences, new), start=1)
        )

    def _line(self, place: int, audience: Audience, *, is_new: bool) -> AudienceLine:
        code, form = audience.code, self.form
        # What was typed for a new audience stands under the code that it was to have.
        key = form.one("new") if form and is_new else code
        rows: Sequence[str] = [one.audience for one in self.stored.recommendations]
        return AudienceLine(
            code=code,
            called=next(iter(audience.name.values()), self.desk.say(N_("new audience"))),
            place=form.one(f"{key}.place") if form else str(place),
            names=tuple(
                AudienceName(
                    field=f"{code}.name.{language}",
                    language=language,
                    language_name=self.desk.written.language(language),
                    value=form.one(f"{key}.name.{language}") if form else audience.name.get(language, ""),
                    error=self.problems.get(f"{key}.name.{language}", ""),
                    stored=audience.name.get(language, "") if self.is_stale else "",
                )
                for language in self.desk.study.languages
            ),
            n_recommendations=rows.count(code),
            is_new=is_new,
            is_to_go=bool(form and form.one(f"{key}.remove")),
            error=self.problems.get(f"{key}.remove", ""),
        )
