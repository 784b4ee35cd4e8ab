"""The colleagues of a study: who has which role, invited, changed and removed by the owners."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import RedirectResponse, Response

from app.domain.account import Part, Permission, Role, may, part_with
from app.domain.errors import DomainError, LastOwnerStays, RoleMissing
from app.domain.link import invitation_address, invitation_token
from app.domain.messages import N_, Sentence
from app.i18n import LANGUAGE_NAMES
from app.services.colleagues import (
    change_part,
    get_colleague,
    invite_colleague,
    read_colleagues,
    remove_colleague,
    withdraw_invitation,
)
from app.storage.colleagues import ColleagueInvitation
from app.storage.memberships import Member
from app.web.researcher.desk import HOME, Room, StudyDesk, find_study_desk, read_form
from app.web.researcher.wording import PERMISSION_WORDS, ROLE_HINTS, ROLE_WORDS
from app.web.shared.parts import Choice, Column, Crumb, FieldError, errors_by_field
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of, settings_of
from app.web.shared.submission import SentForm
from app.web.shared.words import error_in_words

router = APIRouter()

NUMBER_LIMIT: Final = 2**31 - 1
Number = Annotated[int, Path(ge=1, le=NUMBER_LIMIT)]
"""A colleague's or an invitation's number in an address."""

_JUST_DONE: Final = frozenset({"invited", "changed", "removed", "withdrawn"})


@dataclass(frozen=True, slots=True)
class ColleagueLine:
    """One colleague; `href` leads to the page on which an owner changes the role."""

    member: Member
    role: Sentence
    href: str
    is_oneself: bool


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """An invitation that waits; `link` is shown only where no mail server could send it."""

    invitation: ColleagueInvitation
    role: Sentence
    link: str
    withdraw_action: str


@dataclass(frozen=True, slots=True)
class RoleTable:
    """What each role includes, as columns of roles beside lines of permissions: yes, no, or if granted."""

    columns: tuple[Column, ...]
    lines: tuple[tuple[Sentence, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class ColleaguesPage:
    """Who works on the study. `invite_href` is empty for those who may not change anything here."""

    columns: tuple[Column, ...]
    members: tuple[ColleagueLine, ...]
    invited_columns: tuple[Column, ...]
    invited: tuple[InvitationLine, ...]
    roles: RoleTable
    invite_href: str
    zone: str
    done: str


@dataclass(frozen=True, slots=True)
class InvitePage:
    """The form of an invitation, as it was typed."""

    email: str
    role: str
    mail_list: bool
    language: str
    roles: tuple[Choice, ...]
    languages: tuple[Choice, ...]
    sends_mail: bool
    action: str
    cancel_href: str
    errors: tuple[FieldError, ...] = ()

    def error_at(self, field_id: str) -> str:
        """What is wrong with one field, if anything."""
        return errors_by_field(self.errors).get(field_id, "")


@dataclass(frozen=True, slots=True)
class ColleaguePage:
    """One colleague's role, to be changed or taken away; `is_last_owner` says that neither can be done."""

    name: str
    email: str
    is_oneself: bool
    is_last_owner: bool
    role: str
    mail_list: bool
    roles: tuple[Choice, ...]
    action: str
    remove_action: str
    cancel_href: str
    errors: tuple[FieldError, ...] = ()


@router.get("/research/{slug}/people")
def show_colleagues(request: Request, slug: str, done: str = "") -> Response:
    """Show who has a part in the study, and, to owners, who was invited."""
    desk = find_study_desk(request, slug, Room.COLLEAGUES)
    return desk.show("colleagues.html", _page(desk, done if done in _JUST_DONE else ""))


@router.get("/research/{slug}/people/invite")
def show_invite(request: Request, slug: str) -> Response:
    """Ask whom to invite, and in which role."""
    desk = find_study_desk(request, slug, Room.COLLEAGUES)
    return _show_invite(desk, _invite_page(desk, "", "", desk.locale, mail_list=False))


@router.post("/research/{slug}/people/invite")
def invite(request: Request, slug: str, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Invite a colleague by e-mail."""
    desk = find_study_desk(request, slug, Room.COLLEAGUES)
    email, wanted, mail_list = form.one("email"), form.one("role"), form.one("mail_list") == "yes"
    language = form.one("language") if form.one("language") in LANGUAGE_NAMES else desk.locale
    try:
        invite_colleague(
            database_of(request),
            clock_of(request),
            slug,
            settings_of(request).secret.get_secret_value().encode(),
            desk.researcher,
            email=email,
            part=_part(wanted, mail_list=mail_list),
            language=language,
        )
    except DomainError as refusal:
        typed = _invite_page(desk, email, wanted, language, mail_list=mail_list, refusal=refusal)
        return _show_invite(desk, typed, status=answer_to(refusal).status)
    return desk.go(Room.COLLEAGUES, done="invited")


@router.post("/research/{slug}/people/invitations/{number}/withdraw")
def withdraw(
    request: Request,
    slug: str,
    number: Number,
    form: Annotated[SentForm, Depends(read_form)],  # noqa: ARG001 - checked
) -> Response:
    """Take an invitation back."""
    desk = find_study_desk(request, slug, Room.COLLEAGUES)
    withdraw_invitation(database_of(request), clock_of(request), slug, number, desk.actor)
    return desk.go(Room.COLLEAGUES, done="withdrawn")


@router.get("/research/{slug}/people/{number}")
def show_colleague(request: Request, slug: str, number: Number) -> Response:
    """Show one colleague's role, and what can be changed about it."""
    return _show_colleague(find_study_desk(request, slug, Room.COLLEAGUES), number)


@router.post("/research/{slug}/people/{number}")
def change(
    request: Request, slug: str, number: Number, form: Annotated[SentForm, Depends(read_form)]
) -> Response:
    """Give a colleague another role."""
    desk = find_study_desk(request, slug, Room.COLLEAGUES)
    try:
        part = _part(form.one("role"), mail_list=form.one("mail_list") == "yes")
        change_part(database_of(request), clock_of(request), slug, number, part, desk.actor)
    except (RoleMissing, LastOwnerStays) as refusal:
        return _show_colleague(desk, number, form=form, refusal=refusal)
    return desk.go(Room.COLLEAGUES, done="changed")


@router.post("/research/{slug}/people/{number}/remove")
def remove(
    request: Request,
    slug: str,
    number: Number,
    form: Annotated[SentForm, Depends(read_form)],  # noqa: ARG001 - checked
) -> Response:
    """Take a colleague's part in the study away."""
    desk = find_study_desk(request, slug, Room.COLLEAGUES)
    try:
        remove_colleague(database_of(request), clock_of(request), slug, number, desk.actor)
    except LastOwnerStays as refusal:
        return _show_colleague(desk, number, refusal=refusal)
    if number == desk.researcher.id:
        return RedirectResponse(HOME, 303)
    return desk.go(Room.COLLEAGUES, done="removed")


def _part(role: str, *, mail_list: bool) -> Part:
    if role not in set(Role):
        raise RoleMissing
    return part_with(Role(role), mail_list=mail_list)


def _page(desk: StudyDesk, done: str) -> ColleaguesPage:
    found = read_colleagues(database_of(desk.request), clock_of(desk.request), desk.slug)
    manages = desk.may(Permission.MANAGE_COLLEAGUES)
    labels = (N_("Name"), *((N_("E-mail address"),) if manages else ()), N_("Role"), N_("Since"))
    return ColleaguesPage(
        columns=tuple(Column(desk.say(label)) for label in labels),
        members=tuple(
            ColleagueLine(
                member,
                Sentence(ROLE_WORDS[member.part.role]),
                desk.path(Room.COLLEAGUES, member.researcher_id) if manages else "",
                is_oneself=member.researcher_id == desk.researcher.id,
            )
            for member in found.members
        ),
        invited_columns=tuple(
            Column(desk.say(label), is_sortable=False)
            for label in (N_("E-mail address"), N_("Role"), N_("Invited by"), N_("Until"), N_("Withdraw"))
        ),
        invited=tuple(_invitation_line(desk, one) for one in found.waiting) if manages else (),
        roles=_role_table(desk),
        invite_href=desk.path(Room.COLLEAGUES, "invite") if manages else "",
        zone=desk.study.time_zone,
        done=done,
    )


def _invitation_line(desk: StudyDesk, invitation: ColleagueInvitation) -> InvitationLine:
    settings = settings_of(desk.request)
    secret = settings.secret.get_secret_value().encode()
    token = invitation_token(secret, invitation.study_id, invitation.id)
    return InvitationLine(
        invitation,
        Sentence(ROLE_WORDS[invitation.part.role]),
        link="" if settings.sends_mail else invitation_address(settings.base_url, token),
        withdraw_action=desk.path(Room.COLLEAGUES, "invitations", invitation.id, "withdraw"),
    )


def _role_table(desk: StudyDesk) -> RoleTable:
    return RoleTable(
        columns=(
            Column(desk.say(N_("What")), is_sortable=False),
            *(Column(desk.say(ROLE_WORDS[role]), is_sortable=False) for role in Role),
        ),
        lines=tuple(
            (Sentence(words), tuple(_included(role, permission) for role in Role))
            for permission, words in PERMISSION_WORDS.items()
        ),
    )


def _included(role: Role, permission: Permission) -> str:
    if may(Part(role), permission):
        return "yes"
    return "granted" if may(part_with(role, mail_list=True), permission) else "no"


def _invite_page(
    desk: StudyDesk,
    email: str,
    role: str,
    language: str,
    *,
    mail_list: bool,
    refusal: DomainError | None = None,
) -> InvitePage:
    field = "field-role" if isinstance(refusal, RoleMissing) else "field-email"
    return InvitePage(
        email=email,
        role=role,
        mail_list=mail_list,
        language=language,
        roles=_role_choices(desk),
        languages=tuple(Choice(code, name) for code, name in LANGUAGE_NAMES.items()),
        sends_mail=settings_of(desk.request).sends_mail,
        action=desk.path(Room.COLLEAGUES, "invite"),
        cancel_href=desk.path(Room.COLLEAGUES),
        errors=(FieldError(field, error_in_words(refusal, desk.locale)),) if refusal else (),
    )


def _show_invite(desk: StudyDesk, page: InvitePage, *, status: int = 200) -> Response:
    inside = desk.inside(Crumb(desk.say(N_("Invite a colleague"))))
    return inside.show("invite_colleague.html", page, status=status)


def _show_colleague(
    desk: StudyDesk, number: int, *, form: SentForm | None = None, refusal: DomainError | None = None
) -> Response:
    member, is_last_owner = get_colleague(database_of(desk.request), desk.slug, number)
    # A summary that leads to a field that is not there would be worse than one that leads nowhere.
    field = "" if is_last_owner else "field-role"
    page = ColleaguePage(
        name=member.name,
        email=member.email,
        is_oneself=number == desk.researcher.id,
        is_last_owner=is_last_owner,
        role=form.one("role") if form else member.part.role,
        mail_list=form.one("mail_list") == "yes" if form else member.part.sees_mail_list,
        roles=_role_choices(desk),
        action=desk.path(Room.COLLEAGUES, number),
        remove_action=desk.path(Room.COLLEAGUES, number, "remove"),
        cancel_href=desk.path(Room.COLLEAGUES),
        errors=(FieldError(field, error_in_words(refusal, desk.locale)),) if refusal else (),
    )
    status = answer_to(refusal).status if refusal else 200
    return desk.inside(Crumb(member.name)).show("colleague.html", page, status=status)


def _role_choices(desk: StudyDesk) -> tuple[Choice, ...]:
    return tuple(Choice(role, desk.say(ROLE_WORDS[role]), desk.say(ROLE_HINTS[role])) for role in Role)
