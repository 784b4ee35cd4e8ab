"""The panel: groups against their targets, states under pseudonyms, and, apart from them, the people."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.domain.account import Permission
from app.domain.messages import N_, Sentence
from app.domain.panel import Membership, Panelist, Participation
from app.domain.panel_editing import panel_hindrance
from app.domain.protocol import StakeholderGroup
from app.services.panel_states import PAGE_SIZE, PanelStates, People, read_panel_states, read_people
from app.storage.panel_states import GroupCount, Person
from app.web.researcher.desk import Room, StudyDesk, find_study_desk
from app.web.researcher.figures import GroupLabel, StudyWords
from app.web.researcher.pages import Pages, pages_of, whole_number
from app.web.researcher.person_fields import writes_to_panel
from app.web.researcher.response_page import ResponseLine, response_line
from app.web.researcher.wording import MEMBERSHIP_WORDS
from app.web.shared.parts import Column, Crumb, NavLink
from app.web.shared.state import database_of, secret_of

router = APIRouter()

_JUST_DONE: Final = frozenset({"added", "imported", "corrected", "sent", "renewed", "revoked", "again"})


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A stakeholder group against its target.

    ``missing`` says how many panelists more it takes to reach the target with those who have not left.
    """

    label: GroupLabel
    target: int | None
    missing: int
    n_panelists: int
    n_consented: int
    n_declined: int
    n_withdrawn: int


@dataclass(frozen=True, slots=True)
class RoundStates:
    """How far those asked in a round have come; the last of ``groups`` is everybody, without a label."""

    number: int
    href: str
    groups: tuple[tuple[GroupLabel | None, ResponseLine], ...]


@dataclass(frozen=True, slots=True)
class PanelistLine:
    """A panelist as analysts know them; a round they were not asked in has no state.

    `unmask_href` is empty for those who may not ask who it is.
    """

    pseudonym: str
    group: GroupLabel
    language: str
    membership: Membership
    membership_word: Sentence
    states: tuple[Participation | None, ...]
    unmask_href: str


@dataclass(frozen=True, slots=True)
class PanelPage:
    """The panel without names; `rounds` stand newest first.

    `n_unreachable` counts those whose address takes no mail; `unreachable_href` leads to them. `people_href`
    is empty for those who may not see who was invited, `add_href` for those who cannot add anybody now.
    """

    group_columns: tuple[Column, ...]
    groups: tuple[GroupLine, ...]
    rounds: tuple[RoundStates, ...]
    round_columns: tuple[Column, ...]
    n_unreachable: int
    unreachable_href: str
    filters: tuple[NavLink, ...]
    columns: tuple[Column, ...]
    panelists: tuple[PanelistLine, ...]
    pages: Pages
    people_href: str
    add_href: str
    import_href: str


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody on the mail list; `href` is empty where nothing about them can be changed."""

    person: Person
    group: GroupLabel
    href: str


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Who was invited: names and addresses, with nothing that leads to a pseudonym or a rating.

    `add_href` is empty where nobody can be added, `sends_mail` false where nobody is written to from here;
    `filters` are empty where mail reaches everybody; `done` names what was just done.
    """

    columns: tuple[Column, ...]
    filters: tuple[NavLink, ...]
    people: tuple[PersonLine, ...]
    pages: Pages
    add_href: str
    import_href: str
    sends_mail: bool
    zone: str
    done: str


@router.get("/research/{slug}/panel")
def show_panel(request: Request, slug: str, group: str = "", page: str = "1") -> Response:
    """Show how far the panel has come, under pseudonyms."""
    desk = find_study_desk(request, slug, Room.PANEL)
    states = read_panel_states(database_of(request), slug, group=group or None, page=whole_number(page))
    return desk.show("panel.html", _page(desk, states, group))


@router.get("/research/{slug}/panel/people")
def show_people(request: Request, slug: str, page: str = "1", reached: str = "", done: str = "") -> Response:
    """Show who was invited, apart from the pseudonyms; with ``reached=no`` those whom no mail reaches."""
    desk = find_study_desk(request, slug, Room.PANEL)
    lost = reached == "no"
    listed = read_people(
        database_of(request), slug, secret_of(request), page=whole_number(page), unreachable=lost
    )
    words = StudyWords(listed.protocol, desk.locale)
    can_change = _can_change(desk)
    shown = PeoplePage(
        columns=tuple(
            Column(desk.say(label))
            for label in (N_("Name"), N_("E-mail address"), N_("Group"), N_("Language"))
        ),
        people=tuple(
            PersonLine(
                person,
                words.group(person.group),
                desk.path(Room.PANEL, "people", sign) if can_change else "",
            )
            for sign, person in listed.people.items()
        ),
        filters=_mail_filters(desk, listed, lost=lost),
        pages=pages_of(
            desk,
            _people_address(desk, lost=lost),
            listed.page,
            listed.n_unreachable if lost else listed.n_people,
            PAGE_SIZE,
        ),
        add_href=desk.path("new-panelist") if can_change else "",
        import_href=desk.path("panel-import"),
        sends_mail=writes_to_panel(desk),
        zone=desk.study.time_zone,
        done=done if done in _JUST_DONE else "",
    )
    return desk.inside(Crumb(desk.say(N_("People")))).show("people.html", shown)


def _people_address(desk: StudyDesk, *, lost: bool) -> str:
    return desk.path(Room.PANEL, "people") + ("?reached=no" if lost else "")


def _mail_filters(desk: StudyDesk, listed: People, *, lost: bool) -> tuple[NavLink, ...]:
    if not (listed.n_unreachable or lost):
        return ()
    everyone, unreached = desk.say(N_("Everyone")), desk.say(N_("No e-mail arrives"))
    return (
        NavLink(everyone, _people_address(desk, lost=False), is_current=not lost, count=listed.n_people),
        NavLink(unreached, _people_address(desk, lost=True), is_current=lost, count=listed.n_unreachable),
    )


def _page(desk: StudyDesk, states: PanelStates, group: str) -> PanelPage:
    words = StudyWords(states.protocol, desk.locale)
    rounds = tuple(Column(desk.say(N_("Round %(round)s")) % {"round": n}) for n in states.round_numbers)
    address = desk.path(Room.PANEL)
    chosen = f"{address}?{urlencode({'group': group})}" if group else address
    return PanelPage(
        group_columns=_group_columns(desk),
        groups=tuple(_group_line(words, states, one) for one in states.protocol.groups),
        rounds=tuple(_round_states(desk, words, states, number) for number in states.round_numbers[::-1]),
        round_columns=_round_columns(desk),
        n_unreachable=states.n_unreachable,
        unreachable_href=_people_address(desk, lost=True) if desk.may(Permission.READ_IDENTITIES) else "",
        filters=_filters(desk, words, states, group),
        columns=(
            Column(desk.say(N_("Pseudonym"))),
            Column(desk.say(N_("Group"))),
            Column(desk.say(N_("Language"))),
            Column(desk.say(N_("In the study"))),
            *rounds,
        ),
        panelists=tuple(_panelist_line(desk, words, states, one) for one in states.panelists),
        pages=pages_of(desk, chosen, states.page, states.n_matching, PAGE_SIZE),
        people_href=desk.path(Room.PANEL, "people") if desk.may(Permission.READ_IDENTITIES) else "",
        add_href=desk.path("new-panelist") if _can_change(desk) else "",
        import_href=desk.path("panel-import"),
    )


def _can_change(desk: StudyDesk) -> bool:
    return desk.may(Permission.MANAGE_PANEL) and panel_hindrance(desk.study.status) is None


def _group_columns(desk: StudyDesk) -> tuple[Column, ...]:
    numbers = (N_("Target"), N_("On the panel"), N_("Take part"), N_("Declined"), N_("Withdrew"))
    return (Column(desk.say(N_("Group"))), *(Column(desk.say(label), "number") for label in numbers))


def _round_columns(desk: StudyDesk) -> tuple[Column, ...]:
    numbers = (
        N_("Asked"),
        N_("Opened"),
        N_("Part way"),
        N_("Handed in"),
        N_("Declined"),
        N_("Withdrew"),
    )
    return (
        Column(desk.say(N_("Group")), is_sortable=False),
        *(Column(desk.say(label), "number", is_sortable=False) for label in numbers),
    )


def _group_line(words: StudyWords, states: PanelStates, group: StakeholderGroup) -> GroupLine:
    counted = {one.group: one for one in states.groups}.get(group.code, GroupCount(group.code, 0, 0, 0, 0))
    return GroupLine(
        label=words.group(group.code),
        target=group.target,
        missing=max((group.target or 0) - counted.n_asked, 0),
        n_panelists=counted.n_panelists,
        n_consented=counted.n_consented,
        n_declined=counted.n_declined,
        n_withdrawn=counted.n_withdrawn,
    )


def _round_states(desk: StudyDesk, words: StudyWords, states: PanelStates, number: int) -> RoundStates:
    flow = tuple(row for row in states.flow if row.round == number)
    by_group = tuple(
        (label, response_line(row for row in flow if row.group == label.code)) for label in words.groups
    )
    return RoundStates(number, desk.path(Room.ROUNDS, number), (*by_group, (None, response_line(flow))))


def _filters(desk: StudyDesk, words: StudyWords, states: PanelStates, group: str) -> tuple[NavLink, ...]:
    address = desk.path(Room.PANEL)
    sizes = {one.group: one.n_panelists for one in states.groups}
    everyone = NavLink(desk.say(N_("Everyone")), address, is_current=not group, count=sum(sizes.values()))
    return (
        everyone,
        *(
            NavLink(
                label.name,
                f"{address}?{urlencode({'group': label.code})}",
                is_current=label.code == group,
                count=sizes.get(label.code, 0),
            )
            for label in words.groups
        ),
    )


def _panelist_line(
    desk: StudyDesk, words: StudyWords, states: PanelStates, panelist: Panelist
) -> PanelistLine:
    may_ask = desk.may(Permission.LIFT_PSEUDONYMS)
    reached = states.states[panelist.pseudonym]
    return PanelistLine(
        pseudonym=panelist.pseudonym,
        group=words.group(panelist.group),
        language=panelist.language,
        membership=panelist.membership,
        membership_word=Sentence(MEMBERSHIP_WORDS[panelist.membership]),
        states=tuple(reached.get(number) for number in states.round_numbers),
        unmask_href=desk.path(Room.PANEL, panelist.pseudonym, "unmask") if may_ask else "",
    )
