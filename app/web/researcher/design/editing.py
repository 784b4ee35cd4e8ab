"""Changing a part of a study's design; what is wrong with it, and what a colleague changed meanwhile."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.design import with_languages_only
from app.domain.errors import (
    ActionBlocked,
    DesignChangedMeanwhile,
    DomainError,
    NotFound,
    ProtocolNotValid,
)
from app.domain.event import canonical_json
from app.domain.messages import N_
from app.domain.question_reading import OPEN_TABLE, PROFILE_TABLE
from app.domain.study import Language
from app.services.designing import StandingDesign, read_standing_design, save_design
from app.web.researcher.design.faults import Elsewhere, as_shown, at_its_field, with_faults
from app.web.researcher.design.forms import Section, shown, typed_values, with_theirs
from app.web.researcher.design.parts import PART_NAMES, Part, languages_of, sections_of, texts_in
from app.web.researcher.design.paths import with_values
from app.web.researcher.design.question_shape import lengthen_options
from app.web.researcher.design.rule_preview import RulePreview, previews
from app.web.researcher.design.shape import (
    BLANK_SCALE,
    edges_of,
    for_forms,
    for_storing,
    with_scales,
)
from app.web.researcher.design.study_parts import contact_section
from app.web.researcher.desk import Room, StudyDesk, find_study_desk, read_form
from app.web.shared.parts import Choice, Crumb, FieldError
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm
from app.web.shared.words import error_in_words, in_words

router = APIRouter()

MOST_ROWS: Final = 60
_ROW: Final = re.compile(r"(group|criterion|profile_question|open_question)\[(\d{1,3})\]\.code")
_LISTS: Final = {
    Part.GROUPS: "group",
    Part.CRITERIA: "criterion",
    Part.PROFILE: PROFILE_TABLE,
    Part.QUESTIONS: OPEN_TABLE,
}
_ADD_WORDS: Final = {
    Part.GROUPS: N_("Add a group"),
    Part.CRITERIA: N_("Add a criterion"),
    Part.PROFILE: N_("Add a question"),
    Part.QUESTIONS: N_("Add a question"),
}
_TABLES: Final = {
    Part.TEXTS: ("study",),
    Part.GROUPS: ("group",),
    Part.CRITERIA: ("criterion",),
    Part.RULE: ("protocol",),
    Part.COURSE: ("protocol",),
    Part.PROFILE: (PROFILE_TABLE,),
    Part.QUESTIONS: (OPEN_TABLE,),
}
"""What of the document a part says; a language goes through all of it."""
_QUESTIONS: Final = (Part.PROFILE, Part.QUESTIONS)
_REASON: Final = "field-reason"


@dataclass(frozen=True, slots=True)
class DesignPage:
    """A part of the design as a form.

    ``seen`` is the fingerprint of what is stored of it. ``languages`` are the choices on the page of
    languages. ``reason`` is asked for where the protocol is frozen; ``obstacle`` says why nothing can change.
    ``corrects_contact``: nothing else of what the panel was told can.
    """

    title: str
    parts: tuple["PartLink", ...]
    sections: tuple[Section, ...]
    errors: tuple[FieldError, ...]
    languages: tuple[Choice, ...]
    chosen_languages: tuple[str, ...]
    previews: tuple[RulePreview, ...]
    has_preview: bool
    add_label: str
    is_frozen: bool
    corrects_contact: bool
    obstacle: str
    reason: str
    seen: str
    stale: bool
    action: str
    cancel_href: str


@dataclass(frozen=True, slots=True)
class PartLink:
    """The way to another part of the design."""

    label: str
    href: str
    is_current: bool


@dataclass(frozen=True)
class _Draft:
    """A part as it stands on the page: the document in the shape of forms, and what else was filled in."""

    part: Part
    standing: StandingDesign
    document: Mapping[str, Any]
    reason: str = ""
    seen: str = ""
    adds_row: bool = False


@router.get("/research/{slug}/protocol/{part}")
def show_part(request: Request, slug: str, part: str) -> Response:
    """Show a part of the design as a form."""
    desk, kind, standing = _opened(request, slug, part)
    document = for_forms(standing.document)
    draft = _Draft(kind, standing, document, seen=_fingerprint(desk, standing, kind, document))
    # Without a script, too, there is a row for the first question.
    adds_row = kind in _QUESTIONS and not document[_LISTS[kind]]
    return _show(desk, replace(draft, adds_row=adds_row))


@router.post("/research/{slug}/protocol/{part}")
def save_part(
    request: Request, slug: str, part: str, form: Annotated[SentForm, Depends(read_form)]
) -> Response:
    """Save a part of the design, or show what it would look like."""
    desk, kind, standing = _opened(request, slug, part)
    stored = for_forms(standing.document)
    typed = _filled(desk, standing, kind, form)
    filled = for_storing(typed)
    # Questions go to their places at once; all else stays as it was typed, what is left out too.
    document = for_forms(filled) if kind in _QUESTIONS else typed
    draft = _Draft(
        kind, standing, document, form.one("reason"), form.one("seen"), form.one("action") == "add"
    )
    if form.one("action") in ("add", "preview", "languages"):
        return _show(desk, draft)
    obstacle = _obstacle(standing, kind)
    if obstacle is not None:
        return _refused(desk, draft, obstacle)
    if form.one("seen") != _fingerprint(desk, standing, kind, stored):
        return _refused(desk, draft, DesignChangedMeanwhile())
    own = {name: filled[name] for name in _TABLES.get(kind, filled)}
    try:
        _save(desk, standing, {**standing.document, **own}, draft.reason)
    except DomainError as refusal:
        return _refused(desk, draft, refusal)
    return desk.go(Room.PROTOCOL, done="saved")


def _save(desk: StudyDesk, standing: StandingDesign, document: Mapping[str, Any], reason: str) -> None:
    database, clock = database_of(desk.request), clock_of(desk.request)
    save_design(database, clock, desk.slug, document, standing.fingerprint, desk.actor, reason=reason)


def _opened(request: Request, slug: str, part: str) -> tuple[StudyDesk, Part, StandingDesign]:
    desk = find_study_desk(request, slug, Room.PROTOCOL)
    if part not in set(Part):
        raise NotFound(name=part)
    return desk, Part(part), read_standing_design(database_of(request), slug)


def _filled(desk: StudyDesk, standing: StandingDesign, part: Part, form: SentForm) -> dict[str, Any]:
    """What is stored, with what was filled in put over it; only this part of it."""
    base = for_forms(standing.document)
    known = languages_of(base)
    if part is Part.LANGUAGES:
        chosen = [code for code in Language if f"language.{code}" in form]
        kept = [code for code in languages_of(base) if code in chosen]
        languages = kept + [code for code in chosen if code not in kept] or languages_of(base)
        base = with_languages_only(base, languages)
        base["study"]["languages"] = [str(code) for code in languages]
    name = _LISTS.get(part)
    if name:
        rows = [int(found[2]) for sent in form.fields if (found := _ROW.fullmatch(sent)) and found[1] == name]
        _lengthen(base, name, min(max(rows, default=0), MOST_ROWS))
    lengthen_options(base, form.fields)
    filled = with_scales(with_values(base, typed_values(_asked(desk, standing, part, base, known), form)))
    # A longer scale has labels for which there was no field before.
    return with_values(filled, typed_values(_asked(desk, standing, part, filled, known), form))


def _asked(
    desk: StudyDesk,
    standing: StandingDesign,
    part: Part,
    document: Mapping[str, Any],
    known: Sequence[str],
) -> tuple[Section, ...]:
    """The fields that a page has; of the languages, only the texts of those that are not ``known`` yet."""
    if part is Part.TEXTS and standing.is_frozen:
        return (contact_section(desk),)
    if part is not Part.LANGUAGES:
        return sections_of(desk, part, document, standing.topics)
    added = [code for code in languages_of(document) if code not in known]
    return texts_in(desk, document, added) if added else ()


def _lengthen(document: dict[str, Any], name: str, n: int) -> None:
    while len(document[name]) < n:
        blank = {"scale": deepcopy(BLANK_SCALE), "labels": {}} if name == "criterion" else {}
        document[name].append(blank)
        if name == "criterion":
            document["scale"].append(edges_of(BLANK_SCALE))


def _show(desk: StudyDesk, draft: _Draft, *, status: int = 200) -> Response:
    return _inside(desk, draft.part).show(
        "design.html", _page(desk, draft, _sections(desk, draft), ()), status=status
    )


def _refused(desk: StudyDesk, draft: _Draft, refusal: DomainError) -> Response:
    """The form with all that was filled in, what is wrong with it, and what is stored where that differs."""
    sections = _sections(desk, draft)
    errors: tuple[FieldError, ...] = (
        FieldError(_REASON if draft.standing.is_frozen else "", error_in_words(refusal, desk.locale)),
    )
    if isinstance(refusal, ProtocolNotValid):
        read = for_forms(for_storing(draft.document))
        faults = [as_shown(at_its_field(fault, read), draft.document) for fault in refusal.faults]
        marked = with_faults(sections, faults, desk.locale, _fields_elsewhere(desk, draft))
        sections, errors = marked.sections, marked.errors
    if isinstance(refusal, DesignChangedMeanwhile):
        standing = read_standing_design(database_of(desk.request), desk.slug)
        stored = for_forms(standing.document)
        nothing = {"": desk.say(N_("nothing")), "true": desk.say(N_("yes"))}
        sections = with_theirs(sections, stored, nothing)
        draft = replace(draft, standing=standing, seen=_fingerprint(desk, standing, draft.part, stored))
    page = replace(_page(desk, draft, sections, errors), stale=isinstance(refusal, DesignChangedMeanwhile))
    return _inside(desk, draft.part).show("design.html", page, status=answer_to(refusal).status)


def _sections(desk: StudyDesk, draft: _Draft) -> tuple[Section, ...]:
    document = dict(deepcopy(draft.document))
    name = _LISTS.get(draft.part)
    if name and draft.adds_row:
        _lengthen(document, name, min(len(document[name]) + 1, MOST_ROWS))
        document = for_forms(document) if draft.part in _QUESTIONS else document
    known = languages_of(draft.standing.document)
    sections = _asked(desk, draft.standing, draft.part, document, known)
    filled = (replace(section, fields=shown(document, section.fields)) for section in sections)
    new_row = f"{name}[{len(document[name])}].code" if name and draft.adds_row else ""
    return tuple(
        replace(section, fields=tuple(replace(one, has_focus=one.name == new_row) for one in section.fields))
        for section in filled
    )


def _fields_elsewhere(desk: StudyDesk, draft: _Draft) -> dict[str, Elsewhere]:
    """The fields of the other pages: a scale can be at odds with the rule, say."""
    found: dict[str, Elsewhere] = {}
    for part, name in PART_NAMES.items():
        if part not in (draft.part, Part.LANGUAGES):
            for section in sections_of(desk, part, draft.document, draft.standing.topics):
                fields = shown(draft.document, section.fields)
                found |= {one.name: Elsewhere(desk.say(name), one) for one in fields}
    return found


def _page(
    desk: StudyDesk, draft: _Draft, sections: tuple[Section, ...], errors: tuple[FieldError, ...]
) -> DesignPage:
    standing, part = draft.standing, draft.part
    obstacle = _obstacle_in_words(desk, standing, part)
    is_amended = standing.is_frozen and part not in _QUESTIONS
    return DesignPage(
        title=desk.say(PART_NAMES[part]),
        parts=tuple(
            PartLink(desk.say(name), desk.path(Room.PROTOCOL, one), one is part)
            for one, name in PART_NAMES.items()
        ),
        sections=sections,
        errors=errors,
        languages=tuple(Choice(code, desk.written.language_head(code)) for code in Language)
        if part is Part.LANGUAGES
        else (),
        chosen_languages=tuple(languages_of(draft.document)),
        previews=previews(desk, draft.document) if part is Part.RULE else (),
        has_preview=part is Part.RULE,
        add_label=desk.say(_ADD_WORDS[part]) if part in _ADD_WORDS and not (is_amended or obstacle) else "",
        is_frozen=is_amended,
        corrects_contact=is_amended and part is Part.TEXTS,
        obstacle=obstacle,
        reason=draft.reason,
        seen=draft.seen,
        stale=False,
        action=desk.path(Room.PROTOCOL, part),
        cancel_href=desk.path(Room.PROTOCOL),
    )


def _obstacle(standing: StandingDesign, part: Part) -> DomainError | None:
    """Why nothing of a part can be changed now; None where it can."""
    if part is Part.TEXTS and standing.study.concluded_at is None:
        return None
    refusals = {Part.PROFILE: standing.profile_obstacle, Part.QUESTIONS: standing.questions_obstacle}
    return refusals.get(part, standing.obstacle)


def _obstacle_in_words(desk: StudyDesk, standing: StandingDesign, part: Part) -> str:
    refusal = _obstacle(standing, part)
    if isinstance(refusal, ActionBlocked):
        return " ".join(in_words(blocker, desk.locale) for blocker in refusal.blockers)
    if refusal is not None:
        return error_in_words(refusal, desk.locale)
    return desk.say(_FIXED) if standing.is_frozen and part is Part.LANGUAGES else ""


_FIXED: Final = N_(
    "Round 1 has opened, and people have consented to what they were told: this cannot be changed any more."
)


def _fingerprint(desk: StudyDesk, standing: StandingDesign, part: Part, document: Mapping[str, Any]) -> str:
    """The fingerprint of what a part of the document says; another part may change meanwhile."""
    sections = sections_of(desk, part, document, standing.topics)
    said = [(one.name, one.value) for section in sections for one in shown(document, section.fields)]
    return hashlib.sha256(canonical_json([languages_of(document), said]).encode()).hexdigest()


def _inside(desk: StudyDesk, part: Part) -> StudyDesk:
    return desk.inside(Crumb(desk.say(PART_NAMES[part])))
