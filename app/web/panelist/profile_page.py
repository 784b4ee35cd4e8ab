"""The profile questions: asked once, changeable until the study ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.profile import TEXT_LIMIT, ProfileAnswer, ProfileQuestion, QuestionKind
from app.domain.study import in_language
from app.i18n import translations
from app.services.profile import Profile, read_profile, save_profile
from app.web.panelist.visit import Visit, find_member, read_form
from app.web.shared.parts import Choice, FieldError, errors_by_field
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm
from app.web.shared.words import error_in_words

router = APIRouter()

_PREFIX = "profile."


@dataclass(frozen=True, slots=True)
class ProfileField:
    """One profile question as a form field."""

    name: str
    element_id: str
    kind: str
    text: str
    hint: str
    is_optional: bool
    choices: tuple[Choice, ...]
    values: tuple[str, ...]
    error: str


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """The profile questions with what was answered, or typed."""

    fields: tuple[ProfileField, ...]
    errors: tuple[FieldError, ...]
    action: str
    text_limit: int


@router.get("/s/{slug}/profile")
def show_profile(request: Request, slug: str) -> Response:
    """Ask the profile questions, with the answers given so far."""
    visit = find_member(request, slug)
    profile = read_profile(database_of(request), visit.visitor)
    return _show(visit, profile, _given(profile.answers), ())


@router.post("/s/{slug}/profile")
def answer_profile(request: Request, slug: str, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Store the profile, or show what does not fit with everything that was typed."""
    visit = find_member(request, slug)
    typed = {
        name.removeprefix(_PREFIX): values for name, values in form.fields.items() if name.startswith(_PREFIX)
    }
    refusals = save_profile(database_of(request), clock_of(request), visit.visitor, typed)
    if not refusals:
        return visit.go()
    errors = tuple(FieldError(_element_id(code), error_in_words(e, visit.locale)) for code, e in refusals)
    return _show(visit, read_profile(database_of(request), visit.visitor), typed, errors)


def _show(
    visit: Visit, profile: Profile, values: Mapping[str, Sequence[str]], errors: tuple[FieldError, ...]
) -> Response:
    if not profile.questions:
        return visit.go()
    by_field = errors_by_field(errors)
    page = ProfilePage(
        fields=tuple(
            _field(question, visit.locale, tuple(values.get(question.code, ())), by_field)
            for question in profile.questions
        ),
        errors=errors,
        action=visit.path("profile"),
        text_limit=TEXT_LIMIT,
    )
    return visit.show("profile.html", page, status=422 if errors else 200)


def _field(
    question: ProfileQuestion, language: str, values: tuple[str, ...], errors: Mapping[str, str]
) -> ProfileField:
    element_id = _element_id(question.code)
    return ProfileField(
        name=f"{_PREFIX}{question.code}",
        element_id=element_id,
        kind=question.kind,
        text=in_language(question.text, language),
        hint=in_language(question.hint, language) if question.hint else "",
        is_optional=not question.required,
        choices=_choices(question, language),
        values=values,
        error=errors.get(element_id, ""),
    )


def _choices(question: ProfileQuestion, language: str) -> tuple[Choice, ...]:
    offered = tuple(Choice(option.code, in_language(option.text, language)) for option in question.options)
    if question.kind is QuestionKind.SINGLE and not question.required:
        # A radio button once chosen cannot be left again without another one.
        return (*offered, Choice("", translations(language).gettext("No answer")))
    return offered


def _given(answers: Mapping[str, ProfileAnswer]) -> dict[str, tuple[str, ...]]:
    return {code: answer.options or (answer.text,) for code, answer in answers.items()}


def _element_id(code: str) -> str:
    return f"profile-{code.replace('.', '-')}"
