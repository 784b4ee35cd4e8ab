"""Who is behind a pseudonym: asked with a reason, logged, shown once and kept nowhere."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from app.domain.errors import LiftingNeedsReason, TextNotReadable, TextTooLong
from app.domain.messages import N_
from app.services.unmasking import REASON_LIMIT, lift_pseudonym
from app.storage.identities import Identity
from app.web.researcher.desk import Room, StudyDesk, find_study_desk, read_form
from app.web.shared.parts import Crumb, FieldError
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm
from app.web.shared.words import error_in_words

router = APIRouter()

Pseudonym = Annotated[str, Path(pattern=r"^P-[0-9A-Z]{6}$")]
"""A panelist in an address, as analysts know them."""


@dataclass(frozen=True, slots=True)
class UnmaskingPage:
    """Asks for the reason; or, with an `identity`, says who it is."""

    pseudonym: str
    reason: str
    maximum: int
    identity: Identity | None
    action: str
    back_href: str
    log_href: str
    errors: tuple[FieldError, ...] = ()


@router.get("/research/{slug}/panel/{pseudonym}/unmask")
def ask_for_reason(request: Request, slug: str, pseudonym: Pseudonym) -> Response:
    """Ask why somebody must be known."""
    desk = find_study_desk(request, slug, Room.PANEL)
    return _show(desk, _page(desk, pseudonym))


@router.post("/research/{slug}/panel/{pseudonym}/unmask")
def unmask(
    request: Request, slug: str, pseudonym: Pseudonym, form: Annotated[SentForm, Depends(read_form)]
) -> Response:
    """Write the reason into the log, and say who it is."""
    desk = find_study_desk(request, slug, Room.PANEL)
    reason = form.one("reason")
    try:
        identity = lift_pseudonym(
            database_of(request), clock_of(request), slug, pseudonym, desk.actor, reason
        )
    except (LiftingNeedsReason, TextNotReadable, TextTooLong) as refusal:
        error = FieldError("field-reason", error_in_words(refusal, desk.locale))
        page = _page(desk, pseudonym, reason=reason, errors=(error,))
        return _show(desk, page, status=answer_to(refusal).status)
    return _show(desk, _page(desk, pseudonym, reason=reason, identity=identity))


def _page(
    desk: StudyDesk,
    pseudonym: str,
    *,
    reason: str = "",
    identity: Identity | None = None,
    errors: tuple[FieldError, ...] = (),
) -> UnmaskingPage:
    return UnmaskingPage(
        pseudonym=pseudonym,
        reason=reason,
        maximum=REASON_LIMIT,
        identity=identity,
        action=desk.path(Room.PANEL, pseudonym, "unmask"),
        back_href=desk.path(Room.PANEL),
        log_href=desk.path(Room.LOG),
        errors=errors,
    )


def _show(desk: StudyDesk, page: UnmaskingPage, *, status: int = 200) -> Response:
    inside = desk.inside(Crumb(desk.say(N_("Who is %(pseudonym)s?")) % {"pseudonym": page.pseudonym}))
    return inside.show("unmasking.html", page, status=status)
