"""Beginning a study: from a template or from next to nothing, in the languages of its panel."""

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from analysis.scale import ProtocolFault
from app.domain.errors import ProtocolNotValid, StudyAlreadyImported
from app.domain.messages import N_
from app.domain.study import Language
from app.interchange.study_templates import StudyTemplate, template_tables, template_texts
from app.interchange.study_toml import definition_from_document
from app.services.importing import begin_study
from app.web.researcher.design.faults import with_faults
from app.web.researcher.design.forms import FormField, Kind, Section, shown, typed_values
from app.web.researcher.design.parts import PART_NAMES, Part
from app.web.researcher.design.paths import with_values
from app.web.researcher.design.study_parts import practical_fields, study_texts
from app.web.researcher.desk import HOME, Desk, find_desk, read_form
from app.web.shared.parts import Choice, FieldError
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm

router = APIRouter()

NEW: Final = f"{HOME}/new"

_TEMPLATES: Final[dict[StudyTemplate, tuple[str, str]]] = {
    StudyTemplate.MODEL_STUDY: (
        N_("Several stakeholder groups, like the model study"),
        N_(
            "Four groups rate from 1 to 5 in three rounds. A statement is accepted when at least 70% "
            "of every group agree with it."
        ),
    ),
    StudyTemplate.CORE_OUTCOME_SET: (
        N_("Core outcome set"),
        N_(
            "Three groups rate in two rounds how important each outcome is, from 1 to 9. An outcome "
            "belongs to the set when in every group at least 70% find it critical (7 to 9) and fewer "
            "than 15% unimportant (1 to 3)."
        ),
    ),
    StudyTemplate.APPROPRIATENESS: (
        N_("RAND/UCLA appropriateness"),
        N_(
            "Experts rate from 1 to 9 in two rounds. A treatment counts as appropriate when the "
            "middle rating is 7 or higher and the experts are not divided."
        ),
    ),
    StudyTemplate.POLICY_DELPHI: (
        N_("Policy Delphi"),
        N_(
            "Three groups first answer open questions, then rate in two rounds how desirable and how "
            "feasible each option is. Where their views stay apart is a result too."
        ),
    ),
    StudyTemplate.REAL_TIME: (
        N_("Real-time Delphi"),
        N_(
            "Two groups rate in one round. Whoever has answered sees how the panel has answered so "
            "far, and can change the answer until the round closes."
        ),
    ),
    StudyTemplate.EMPTY: (
        N_("An empty study"),
        N_("Only what no study can do without: one group and one question to rate, from 1 to 5."),
    ),
}
_USUAL_MINUTES: Final = 20
_USUAL_ZONE: Final = "Europe/Brussels"
_TOLD: Final = ("title", "purpose", "organiser")
"""What no template can say for a study."""


@dataclass(frozen=True, slots=True)
class NewStudyPage:
    """The first step chooses a template and languages, the second (with sections) says what is told."""

    templates: tuple[Choice, ...]
    template: str
    template_name: str
    languages: tuple[Choice, ...]
    chosen: tuple[str, ...]
    sections: tuple[Section, ...]
    errors: tuple[FieldError, ...]
    action: str
    cancel_href: str


@router.get("/research/new")
def show_new_study(request: Request, template: str = "") -> Response:
    """Ask for a template and languages; then for what the panel is told."""
    desk = find_desk(request)
    chosen = _chosen(request.query_params.getlist("languages"))
    if template not in set(StudyTemplate) or not chosen:
        errors = _missing(desk, template, chosen) if "go_on" in request.query_params else ()
        return _show(desk, template, chosen, (), errors, status=422 if errors else 200)
    usual = {
        "study": {
            "minutes_per_round": _USUAL_MINUTES,
            "time_zone": _USUAL_ZONE,
            "contact": desk.researcher.email,
        }
    }
    sections = tuple(replace(one, fields=shown(usual, one.fields)) for one in _sections(desk, chosen))
    return _show(desk, template, chosen, sections, ())


@router.post("/research/new")
def store_new_study(request: Request, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Store the new study, and go to its protocol."""
    desk = find_desk(request)
    template, chosen = form.one("template"), _chosen(form.all("languages"))
    if template not in set(StudyTemplate) or not chosen:
        return _show(desk, template, chosen, (), _missing(desk, template, chosen), status=422)
    typed = with_values({"study": {}}, typed_values(_sections(desk, chosen), form))
    sections = tuple(replace(one, fields=shown(typed, one.fields)) for one in _sections(desk, chosen))
    try:
        definition = definition_from_document(_document(StudyTemplate(template), chosen, typed["study"]))
        begin_study(database_of(request), clock_of(request), definition, desk.researcher.id)
    except ProtocolNotValid as refusal:
        marked = with_faults(sections, refusal.faults, desk.locale)
        return _show(desk, template, chosen, marked.sections, marked.errors, status=422)
    except StudyAlreadyImported as refusal:
        taken = ProtocolFault.of("study.slug", _TAKEN, slug=definition.slug)
        marked = with_faults(sections, [taken], desk.locale)
        return _show(desk, template, chosen, marked.sections, marked.errors, status=answer_to(refusal).status)
    return RedirectResponse(f"{HOME}/{definition.slug}/protocol?done=begun", 303)


_NAMELESS: Final = "study"
_TAKEN: Final = N_("“%(slug)s” is the address of another study. Choose another.")


def _chosen(sent: "list[str] | tuple[str, ...]") -> tuple[str, ...]:
    """The languages that were ticked, in the order in which Castalia lists them."""
    return tuple(str(code) for code in Language if code in sent)


def _missing(desk: Desk, template: str, chosen: tuple[str, ...]) -> tuple[FieldError, ...]:
    errors = []
    if template not in set(StudyTemplate):
        errors.append(FieldError("field-template", desk.say(N_("Choose what to begin with."))))
    if not chosen:
        errors.append(FieldError("field-languages", desk.say(N_("Choose at least one language."))))
    return tuple(errors)


def _document(template: StudyTemplate, languages: tuple[str, ...], said: dict[str, Any]) -> dict[str, Any]:
    title = said.get("title", {}).get(languages[0], "")
    study = {
        **template_texts(languages),
        **said,
        "slug": said.get("slug") or slug_of(str(title)) or _NAMELESS,
        "languages": list(languages),
        "synthetic": bool(said.get("synthetic")),
    }
    return {"study": study, **template_tables(template, languages)}


def slug_of(title: str) -> str:
    """An address made of a title: its letters without accents, and hyphens between words."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:64].strip("-")


def _sections(desk: Desk, languages: tuple[str, ...]) -> tuple[Section, ...]:
    hint = N_(
        "Lower-case letters, digits and hyphens. Left empty, it is made of the title. It stays for good."
    )
    slug = FormField(
        "study.slug", Kind.TEXT, desk.say(N_("Address of the study")), hint=desk.say(hint), optional=True
    )
    return (
        Section(desk.say(PART_NAMES[Part.TEXTS]), study_texts(desk, _TOLD, languages)),
        Section(desk.say(N_("Practical")), (slug, *practical_fields(desk))),
    )


def _show(
    desk: Desk,
    template: str,
    chosen: tuple[str, ...],
    sections: tuple[Section, ...],
    errors: tuple[FieldError, ...],
    *,
    status: int = 200,
) -> Response:
    page = NewStudyPage(
        templates=tuple(
            Choice(one, desk.say(name), desk.say(what)) for one, (name, what) in _TEMPLATES.items()
        ),
        template=template,
        template_name=desk.say(_TEMPLATES[StudyTemplate(template)][0]) if sections else "",
        languages=tuple(Choice(code, desk.written.language_head(code)) for code in Language),
        chosen=chosen,
        sections=sections,
        errors=errors,
        action=NEW,
        cancel_href=HOME,
    )
    return desk.show("new_study.html", page, status=status)
