"""Somebody on the mail list: corrected, sent a new personal link, or left without one."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.errors import ActionBlocked, DomainError
from app.domain.messages import N_, Sentence
from app.domain.panel import Invitee
from app.domain.panel_editing import PersonChangedMeanwhile, panel_hindrance, person_fingerprint
from app.domain.statement_editing import FieldsRefused
from app.services.panel_correcting import (
    NO_LINK_YET,
    KnownPerson,
    close_link,
    correct_person,
    read_person,
    renew_link,
    send_again,
)
from app.web.researcher.desk import Room, StudyDesk, find_study_desk, read_form
from app.web.researcher.figures import StudyWords
from app.web.researcher.person_fields import PersonFields, person_fields, typed_person, writes_to_panel
from app.web.researcher.statement_fields import field_errors, problems_in_words
from app.web.shared.parts import Crumb, FieldError
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of, secret_of
from app.web.shared.submission import SentForm
from app.web.shared.words import error_in_words

router = APIRouter()


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One person: what can be corrected, and the personal link.

    `fixed_group` names the group where it can no longer change. `no_link_yet` says why there is nothing to
    renew or to revoke; `sends_mail` is false where nobody is written to from here. Where a colleague was
    faster, `refusal` says so, and `stored` what stands now in each field that differs from what was typed.
    """

    name: str
    is_disowned: bool
    bounced_at: datetime | None
    zone: str
    fields: PersonFields
    fixed_group: str
    known: str
    refusal: str
    stored: tuple[tuple[str, str], ...]
    errors: tuple[FieldError, ...]
    no_link_yet: Sentence | None
    link_opens: bool
    sends_mail: bool
    action: str
    renew_action: str
    revoke_action: str
    again_action: str
    cancel_href: str


@router.get("/research/{slug}/panel/people/{person}")
def show_person(request: Request, slug: str, person: str) -> Response:
    """Show what is known of somebody, apart from everything they answered."""
    return _show(find_study_desk(request, slug, Room.PANEL), person)


@router.post("/research/{slug}/panel/people/{person}")
def correct(
    request: Request, slug: str, person: str, form: Annotated[SentForm, Depends(read_form)]
) -> Response:
    """Store the correction; another address gets a new personal link."""
    desk = find_study_desk(request, slug, Room.PANEL)
    typed, seen = typed_person(form), form.one("known")
    try:
        is_sent = correct_person(
            database_of(request),
            clock_of(request),
            slug,
            secret_of(request),
            person,
            desk.actor,
            typed,
            known=seen,
        )
    except (FieldsRefused, PersonChangedMeanwhile) as refusal:
        return _show(desk, person, typed, seen, refusal)
    return desk.go(Room.PANEL, "people", done="sent" if is_sent else "corrected")


@router.post("/research/{slug}/panel/people/{person}/new-link")
def renew(
    request: Request,
    slug: str,
    person: str,
    form: Annotated[SentForm, Depends(read_form)],  # noqa: ARG001 - checked
) -> Response:
    """Put a new personal link in the place of the old one."""
    desk = find_study_desk(request, slug, Room.PANEL)
    renew_link(database_of(request), clock_of(request), slug, secret_of(request), person, desk.actor)
    return desk.go(Room.PANEL, "people", done="renewed")


@router.post("/research/{slug}/panel/people/{person}/revoke-link")
def revoke(
    request: Request,
    slug: str,
    person: str,
    form: Annotated[SentForm, Depends(read_form)],  # noqa: ARG001 - checked
) -> Response:
    """Close the personal link."""
    desk = find_study_desk(request, slug, Room.PANEL)
    close_link(database_of(request), clock_of(request), slug, secret_of(request), person, desk.actor)
    return desk.go(Room.PANEL, "people", done="revoked")


@router.post("/research/{slug}/panel/people/{person}/send-again")
def write_again(
    request: Request,
    slug: str,
    person: str,
    form: Annotated[SentForm, Depends(read_form)],  # noqa: ARG001 - checked
) -> Response:
    """Write once more to an address that refused mail."""
    desk = find_study_desk(request, slug, Room.PANEL)
    send_again(database_of(request), clock_of(request), slug, secret_of(request), person, desk.actor)
    return desk.go(Room.PANEL, "people", done="again")


def _show(
    desk: StudyDesk,
    sign: str,
    typed: Invitee | None = None,
    seen: str = "",
    refusal: DomainError | None = None,
) -> Response:
    hindrance = panel_hindrance(desk.study.status)
    if hindrance is not None:
        raise ActionBlocked([hindrance])
    known = read_person(database_of(desk.request), desk.slug, secret_of(desk.request), sign)
    is_stale = isinstance(refusal, PersonChangedMeanwhile)
    page = _page(desk, known, sign, typed or known.invitee, problems_in_words(desk, refusal))
    if typed and not is_stale:
        page = replace(page, known=seen)
    if typed and is_stale:
        refused = error_in_words(PersonChangedMeanwhile(), desk.locale)
        page = replace(page, refusal=refused, stored=_stored(desk, known, typed))
    inside = desk.inside(Crumb(known.invitee.name))
    return inside.show("person.html", page, status=answer_to(refusal).status if refusal else 200)


def _page(
    desk: StudyDesk, known: KnownPerson, sign: str, shown: Invitee, problems: dict[str, str]
) -> PersonPage:
    words = StudyWords(known.protocol, desk.locale)
    own = desk.path(Room.PANEL, "people", sign)
    now = clock_of(desk.request).now()
    return PersonPage(
        name=known.invitee.name,
        is_disowned=known.is_disowned,
        bounced_at=known.bounced_at,
        zone=desk.study.time_zone,
        fields=person_fields(desk, known.protocol, shown, problems),
        fixed_group=words.group(known.invitee.group).name if known.group_stays else "",
        known=person_fingerprint(known.invitee),
        refusal="",
        stored=(),
        errors=field_errors(problems),
        no_link_yet=NO_LINK_YET if known.link is None else None,
        link_opens=known.link is not None and known.link.opens_at(now),
        sends_mail=writes_to_panel(desk),
        action=own,
        renew_action=f"{own}/new-link",
        revoke_action=f"{own}/revoke-link",
        again_action=f"{own}/send-again",
        cancel_href=desk.path(Room.PANEL, "people"),
    )


def _stored(desk: StudyDesk, known: KnownPerson, typed: Invitee) -> tuple[tuple[str, str], ...]:
    """What stands in each field that differs from what was typed, by its label."""
    now = known.invitee
    words = StudyWords(known.protocol, desk.locale)
    fields = (
        (N_("Name"), now.name, typed.name, now.name),
        (N_("E-mail address"), now.email, typed.email.lower(), now.email),
        (
            N_("Group"),
            now.group,
            now.group if known.group_stays else typed.group,
            words.group(now.group).name,
        ),
        (N_("Language"), now.language, typed.language, desk.written.language(now.language)),
    )
    return tuple((desk.say(label), shown) for label, stored, wanted, shown in fields if stored != wanted)
