"""What the next round asks about: every statement with its reasons, and a decision against the rule."""

from collections import Counter
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.account import Permission
from app.domain.carry_forward import CarryForward, CarryForwardPolicy, CarryReason, Override
from app.domain.carry_override import OverrideStandsAlready, StatementNotAsked, reason_standing
from app.domain.errors import DomainError
from app.domain.messages import N_, Sentence
from app.domain.rating import REASON_LIMIT
from app.domain.statement_editing import FieldsRefused
from app.services.carrying_forward import (
    CarriedStatement,
    NextRoundPreview,
    let_rule_decide,
    override_rule,
    read_next_round,
)
from app.web.researcher.desk import Room, StudyDesk, find_study_desk, read_form
from app.web.researcher.pages import whole_number
from app.web.researcher.statement_fields import field_errors, problems_in_words
from app.web.researcher.statements_page import LastWord, last_word
from app.web.researcher.texts import Told, told
from app.web.researcher.wording import CARRY_FORWARD_WORDS
from app.web.shared.parts import Column, Crumb, FieldError, NavLink, WordSpan
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm
from app.web.shared.wording import changed_words
from app.web.shared.words import error_in_words

router = APIRouter()

WHY_WORDS: Final[dict[CarryReason, str]] = {
    CarryReason.NOT_RATED: N_("It was never rated."),
    CarryReason.ASKS_ALL: N_("The rule asks every statement again."),
    CarryReason.NOT_SETTLED: N_("It is not decided yet."),
    CarryReason.SETTLED: N_("It is decided."),
}
_WHERE_ONLY_ACCEPTED_IS_SETTLED: Final[dict[CarryReason, str]] = {
    CarryReason.NOT_SETTLED: N_("It is not accepted yet."),
    CarryReason.SETTLED: N_("It is accepted."),
}
_TABS: Final[dict[str, str]] = {
    "": N_("All"),
    "asked": N_("In the round"),
    "left-out": N_("Not in the round"),
    "overridden": N_("Against the rule"),
    "new": N_("New"),
    "reworded": N_("Reworded"),
    "withdrawn": N_("Withdrawn"),
}
_DONE: Final = frozenset({"decided", "undone"})


@dataclass(frozen=True, slots=True)
class CarriedLine:
    """One statement; ``change_href`` is empty where nothing can be decided about it."""

    code: str
    href: str
    text: Told
    spans: tuple[WordSpan, ...]
    notes: tuple[Sentence, ...]
    decisions: tuple[LastWord, ...]
    is_withdrawn: bool
    is_asked: bool
    is_overridden: bool
    why: Sentence
    reason: str
    change_href: str


@dataclass(frozen=True, slots=True)
class CarryForwardPage:
    """All statements, or those of one tab, with what the next round makes of them."""

    round_number: int
    rule: Sentence
    n_asked: int
    n_overridden: int
    columns: tuple[Column, ...]
    statements: tuple[CarriedLine, ...]
    tabs: tuple[NavLink, ...]
    rounds_href: str
    done: str


@dataclass(frozen=True, slots=True)
class OverridePage:
    """One statement, what the rule says about it, and the reason to decide otherwise."""

    round_number: int
    line: CarriedLine
    asks_by_rule: bool
    reason: str
    maximum: int
    known: str
    stored: str
    errors: tuple[FieldError, ...]
    refusal: str
    action: str
    undo_action: str
    cancel_href: str


@router.get("/research/{slug}/next-round")
def show_next_round(request: Request, slug: str, state: str = "", done: str = "") -> Response:
    """Show what the next round would ask about, and why."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    preview = read_next_round(database_of(request), slug)
    state = state if state in _TABS else ""
    counts = Counter(tab for one in preview.statements for tab in _tabs_of(one))
    standing = [one.carry for one in preview.statements if one.carry]
    page = CarryForwardPage(
        round_number=preview.round_number,
        rule=Sentence(CARRY_FORWARD_WORDS[preview.policy]),
        n_asked=sum(carry.is_asked for carry in standing),
        n_overridden=sum(carry.is_overridden for carry in standing),
        columns=(
            Column(desk.say(N_("Code"))),
            Column(desk.say(N_("Statement"))),
            Column(desk.say(N_("Last decision"))),
            Column(desk.say(N_("Next round"))),
            Column(desk.say(N_("Why"))),
        ),
        statements=tuple(_line(desk, preview, one) for one in preview.statements if state in _tabs_of(one)),
        tabs=tuple(
            NavLink(desk.say(word), _address(desk, tab), tab == state, counts[tab])
            for tab, word in _TABS.items()
            if tab in ("", state) or counts[tab]
        ),
        rounds_href=desk.path(Room.ROUNDS),
        done=done if done in _DONE else "",
    )
    return _at(desk, preview).show("carry_forward.html", page)


@router.get("/research/{slug}/next-round/{code}")
def override_form(request: Request, slug: str, code: str) -> Response:
    """Show one statement, and ask why it is decided against the rule."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    return _show(desk, code)


@router.post("/research/{slug}/next-round/{code}")
def override(
    request: Request, slug: str, code: str, form: Annotated[SentForm, Depends(read_form)]
) -> Response:
    """Decide against the rule."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    wanted = Override(code, form.one("asks") == "yes", form.one("reason"))
    number, known = whole_number(form.one("round"), otherwise=0), form.one("known")
    database, clock = database_of(request), clock_of(request)
    try:
        override_rule(database, clock, slug, desk.actor, number, wanted, known=known)
    except (FieldsRefused, OverrideStandsAlready) as refusal:
        return _show(desk, code, wanted.reason, known, refusal)
    return desk.go("next-round", done="decided")


@router.post("/research/{slug}/next-round/{code}/undo")
def undo(request: Request, slug: str, code: str, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Let the rule decide again."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    number = whole_number(form.one("round"), otherwise=0)
    let_rule_decide(database_of(request), clock_of(request), slug, desk.actor, number, code)
    return desk.go("next-round", done="undone")


def why_sentence(policy: CarryForwardPolicy, carry: CarryForward) -> Sentence:
    """Why the rule asks about a statement, or does not."""
    if policy is CarryForwardPolicy.NOT_IN and carry.why in _WHERE_ONLY_ACCEPTED_IS_SETTLED:
        return Sentence(_WHERE_ONLY_ACCEPTED_IS_SETTLED[carry.why])
    return Sentence(WHY_WORDS[carry.why])


def _at(desk: StudyDesk, preview: NextRoundPreview, *more: Crumb) -> StudyDesk:
    said = desk.say(N_("What round %(round)s asks")) % {"round": preview.round_number}
    return desk.inside(Crumb(said, desk.path("next-round") if more else ""), *more)


def _address(desk: StudyDesk, tab: str) -> str:
    return desk.path("next-round") + (f"?state={tab}" if tab else "")


def _tabs_of(one: CarriedStatement) -> tuple[str, ...]:
    if one.carry is None:
        return ("", "withdrawn")
    found = ["", "asked" if one.carry.is_asked else "left-out"]
    if one.carry.is_overridden:
        found.append("overridden")
    if one.entry.asked_version is None:
        found.append("new")
    if one.asked_text:
        found.append("reworded")
    return tuple(found)


def _line(desk: StudyDesk, preview: NextRoundPreview, one: CarriedStatement) -> CarriedLine:
    carry, code = one.carry, one.code
    text = told(one.entry.statement.text, desk.locale)
    language = text.language or desk.locale
    before = one.asked_text.get(language, "")
    may_change = carry is not None and desk.may(Permission.RUN_ROUNDS)
    return CarriedLine(
        code=code,
        href=desk.path(Room.STATEMENTS, code),
        text=text,
        spans=changed_words(before, text.text) if before and before != text.text else (),
        notes=_notes(one),
        decisions=tuple(last_word(desk, last) for last in one.decisions),
        is_withdrawn=carry is None,
        is_asked=carry is not None and carry.is_asked,
        is_overridden=carry is not None and carry.is_overridden,
        why=why_sentence(preview.policy, carry) if carry else Sentence(N_("It is withdrawn.")),
        reason=reason_standing(carry) if carry and carry.is_overridden else one.entry.withdrawal_reason,
        change_href=desk.path("next-round", code) if may_change else "",
    )


def _notes(one: CarriedStatement) -> tuple[Sentence, ...]:
    """What happened to the statement since the panel rated it last."""
    notes = []
    if one.came_from:
        came_from = ", ".join(lineage.from_code for lineage in one.came_from)
        notes.append(Sentence(N_("came out of %(codes)s"), {"codes": came_from}))
    if one.became:
        notes.append(Sentence(N_("became %(codes)s"), {"codes": ", ".join(line.code for line in one.became)}))
    if one.asked_text:
        asked = {"round": one.entry.asked_in}
        notes.append(Sentence(N_("reworded since round %(round)s, where the decision comes from"), asked))
    return tuple(notes)


def _show(
    desk: StudyDesk, code: str, reason: str | None = None, known: str = "", refusal: DomainError | None = None
) -> Response:
    preview = read_next_round(database_of(desk.request), desk.slug)
    one = preview.get(code)
    if one.carry is None:
        raise StatementNotAsked(code=code)
    standing = reason_standing(one.carry)
    is_stale = isinstance(refusal, OverrideStandsAlready)
    problems = problems_in_words(desk, refusal)
    page = OverridePage(
        round_number=preview.round_number,
        line=_line(desk, preview, one),
        asks_by_rule=one.carry.asks_by_rule,
        reason=standing if reason is None else reason,
        maximum=REASON_LIMIT,
        known=known if refusal and not is_stale else standing,
        stored=standing if is_stale else "",
        errors=field_errors(problems),
        refusal=error_in_words(refusal, desk.locale) if refusal and is_stale else "",
        action=desk.path("next-round", code),
        undo_action=desk.path("next-round", code, "undo") if one.carry.override else "",
        cancel_href=desk.path("next-round"),
    )
    status = answer_to(refusal).status if refusal else 200
    return _at(desk, preview, Crumb(code)).show("carry_override.html", page, status=status)
