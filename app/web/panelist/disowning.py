"""Somebody else than the panelist says so: asked how it came to that, and whether they are sure.

Before entering, the word asked for is typed by people only: a program that follows links and presses buttons
changes nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.errors import DisowningUnclear, DisowningUnconfirmed
from app.domain.panel import Disowning
from app.i18n import translations
from app.services.disowning import disown_session
from app.web.panelist.farewell import Farewell, clear_device
from app.web.panelist.visit import Visit, find_visit, read_form
from app.web.shared.parts import Choice, FieldError
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm
from app.web.shared.words import error_in_words

router = APIRouter()

FROM_A_LINK: Final = (Disowning.WRONG_ADDRESS, Disowning.PASSED_ON)
FROM_A_SESSION: Final = (Disowning.SHARED_DEVICE, *FROM_A_LINK)
FOR_SURE: Final = "not_me_for_sure"

_WORDS: Final = {"en": "no", "fr": "non", "nl": "nee", "de": "nein"}
_WHY, _WORD = "field-why", "field-word"


@dataclass(frozen=True, slots=True)
class NotMePage:
    """How did it come to that? `word` is what must be typed, empty where a session already shows a person.

    Without an `action` the form goes to the page's own address, which is a personal link.
    """

    choices: tuple[Choice, ...]
    why: str
    word: str
    typed: str
    step: str
    action: str
    back: str
    contact: str
    errors: tuple[FieldError, ...]


@router.get("/s/{slug}/not-me")
def ask_who_is_here(request: Request, slug: str) -> Response:
    """Ask how somebody else came to this panelist's pages."""
    visit = find_visit(request, slug)
    return _show(visit, SentForm(), ())


@router.post("/s/{slug}/not-me")
def say_not_me(request: Request, slug: str, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """End the session at once, and close the link unless only the device is shared."""
    visit = find_visit(request, slug)
    errors = faults(form, visit.locale, FROM_A_SESSION, needs_word=False)
    if errors:
        return _show(visit, form, errors)
    disown_session(
        database_of(request), clock_of(request), visit.visitor, visit.session_token, reason_of(form)
    )
    return clear_device(visit, Farewell.NOT_ME)


def reason_of(form: SentForm) -> Disowning:
    """What was chosen, in a form without faults."""
    return Disowning(form.one("why"))


def faults(
    form: SentForm, locale: str, offered: Collection[Disowning], *, needs_word: bool
) -> tuple[FieldError, ...]:
    """What is missing before anything is closed."""
    found = []
    if form.one("why") not in offered:
        found.append(FieldError(_WHY, error_in_words(DisowningUnclear(), locale)))
    if needs_word and form.one("word").strip(" .!").casefold() not in _WORDS.values():
        found.append(FieldError(_WORD, error_in_words(DisowningUnconfirmed(word=_WORDS[locale]), locale)))
    return tuple(found)


def page_before_entering(
    form: SentForm, locale: str, contact: str, errors: tuple[FieldError, ...]
) -> NotMePage:
    """The page behind a personal link; its secret is not on it."""
    return NotMePage(
        choices=_choices(locale, FROM_A_LINK),
        why=form.one("why"),
        word=_WORDS[locale],
        typed=form.one("word"),
        step=FOR_SURE,
        action="",
        back=f"?language={locale}",
        contact=contact,
        errors=errors,
    )


def _show(visit: Visit, form: SentForm, errors: tuple[FieldError, ...]) -> Response:
    page = NotMePage(
        choices=_choices(visit.locale, FROM_A_SESSION),
        why=form.one("why"),
        word="",
        typed="",
        step="",
        action=visit.path("not-me"),
        back=visit.path(),
        contact=visit.visitor.study.contact,
        errors=errors,
    )
    return visit.show("not_me.html", page, status=422 if errors else 200)


def _choices(locale: str, offered: Collection[Disowning]) -> tuple[Choice, ...]:
    gettext = translations(locale).gettext
    said = {
        Disowning.SHARED_DEVICE: (
            gettext("Somebody else used this device before me"),
            gettext("We close their questionnaire on this device. Their link goes on working for them."),
        ),
        Disowning.WRONG_ADDRESS: (
            gettext("The invitation came to my e-mail address by mistake"),
            gettext("We close the link and send nothing more to your address. We tell the study team."),
        ),
        Disowning.PASSED_ON: (
            gettext("Somebody passed this link on to me"),
            gettext("We close the link and tell the study team. The person invited can get a new one."),
        ),
    }
    return tuple(Choice(why.value, *said[why]) for why in offered)
