"""What is wrong with a design, said at its field in a sentence that names field and language."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from analysis.rules.presets import NINE_IN_THIRDS
from analysis.scale import PLACE_AND_FAULT, ProtocolFault
from app.domain.errors import TextNotReadable, TextTooLong
from app.domain.messages import N_
from app.domain.question_reading import OPEN_TABLE, PROFILE_TABLE
from app.i18n import translations
from app.web.researcher.design.forms import FormField, Section
from app.web.researcher.design.paths import value_at
from app.web.researcher.design.shape import kept_rows
from app.web.shared.parts import FieldError

_SCALE: Final = N_("A scale goes up in whole numbers from its lowest to its highest point, 2 to 101 of them.")
_BANDS: Final = N_(
    "Both bands need at least one point of the scale, and the lower one ends before the upper one begins."
)
_CODE_TWICE: Final = N_("The code “%(code)s” is used twice. Each needs one of its own.")
_NEEDED: Final = {
    "group": N_("The study needs at least one stakeholder group."),
    "criterion": N_("The study needs at least one criterion."),
}
_NO_RATING: Final = N_("The study needs at least one round in which statements are rated.")
_TWO_OPTIONS: Final = N_("Whoever answers with options needs at least two to choose from.")
_NO_OPTIONS: Final = N_(
    "A text or a number is answered without options. Empty them, or choose another kind of answer."
)
_NO_TOPIC: Final = N_("“%(topic)s” is not a topic of the study any more. Choose another one.")
_NOT_ON_THIS_SCALE: Final = N_(
    "This rule is defined on a scale of 1 to 9 with the bands 1 to 3, 4 to 6 and 7 to 9 only."
)
_LISTS: Final = re.compile(rf"group|criterion|{OPEN_TABLE}|{PROFILE_TABLE}(\[\d+\]\.option)?")
_FIELD_AND_FAULT: Final = N_("“%(field)s” %(fault)s")
_ELSEWHERE: Final = N_("On the page “%(page)s”: %(fault)s")


@dataclass(frozen=True)
class Marked:
    """A form with every fault at its field, and all of them in a list."""

    sections: tuple[Section, ...]
    errors: tuple[FieldError, ...]


@dataclass(frozen=True)
class Elsewhere:
    """A field of another page of the design."""

    page: str
    field: FormField


def with_faults(
    sections: Sequence[Section],
    faults: Iterable[ProtocolFault],
    locale: str,
    others: Mapping[str, Elsewhere] | None = None,
) -> Marked:
    """The sections with every fault at its field, and the list of them; ``others`` stand on other pages."""
    translate = translations(locale).gettext
    first: dict[str, ProtocolFault] = {}
    for fault in faults:
        first.setdefault(fault.field, fault)
    here = {one.name: one for section in sections for one in section.fields}
    told = {
        place: _in_words(fault, here[place], translate) for place, fault in first.items() if place in here
    }
    marked = tuple(
        replace(section, fields=tuple(replace(one, error=told.get(one.name, "")) for one in section.fields))
        for section in sections
    )
    errors = (
        *(FieldError(one.id, told[place]) for place, one in here.items() if place in told),
        *(
            FieldError("", _in_words_elsewhere(fault, (others or {}).get(place), translate))
            for place, fault in first.items()
            if place not in here
        ),
    )
    return Marked(marked, errors)


def at_its_field(fault: ProtocolFault, document: Mapping[str, Any]) -> ProtocolFault:
    """The fault as the page that shows ``document`` tells it: where it can be put right."""
    place = fault.field
    if _LISTS.fullmatch(place):
        return _of_a_list(fault, value_at(document, place))
    if found := re.fullmatch(r"criterion\[(\d+)\]\.scale\.(points|disagree|neutral|agree)", place):
        edge, words = ("lowest", _SCALE) if found[2] == "points" else ("low_band_to", _BANDS)
        return ProtocolFault(f"scale[{found[1]}].{edge}", words)
    if re.fullmatch(r"criterion\[\d+\]\.labels\.\w+", place):
        named = value_at(document, place)
        return replace(fault, field=f"{place}[{1 if not named or not named[0] else len(named)}]")
    if re.fullmatch(rf"{OPEN_TABLE}\[\d+\]\.topic", place):
        return replace(fault, message=_NO_TOPIC)
    if fault.message == NINE_IN_THIRDS:
        return ProtocolFault(place, _NOT_ON_THIS_SCALE)
    return ProtocolFault("protocol.rounds[1]", _NO_RATING) if place == "protocol.rounds" else fault


def as_shown(fault: ProtocolFault, document: Mapping[str, Any]) -> ProtocolFault:
    """The fault on a page that still shows the groups or criteria that are left out of ``document``."""
    found = re.fullmatch(r"(group|criterion|scale)\[(\d+)\](.*)", fault.field)
    if not found:
        return fault
    kept = kept_rows(document, "criterion" if found[1] == "scale" else found[1])
    return replace(fault, field=f"{found[1]}[{kept[int(found[2]) - 1] + 1}]{found[3]}")


def _of_a_list(fault: ProtocolFault, tables: Sequence[Mapping[str, Any]]) -> ProtocolFault:
    code = dict(fault.params).get("code")
    places = [place for place, table in enumerate(tables, start=1) if table.get("code") == code]
    if code is not None and places:
        words = _CODE_TWICE if len(places) > 1 else fault.message
        return ProtocolFault(f"{fault.field}[{places[-1]}].code", words, fault.params)
    if fault.field in _NEEDED:
        return ProtocolFault(fault.field, _NEEDED[fault.field])
    return ProtocolFault(f"{fault.field}[1].code", _TWO_OPTIONS if fault.params else _NO_OPTIONS)


def _in_words(fault: ProtocolFault, field: FormField, translate: Callable[[str], str]) -> str:
    """One sentence: of a field that was left empty its own, of another what is wrong with what it says."""
    sentence = fault.sentence(translate)
    if fault.message in (TextTooLong.message, TextNotReadable.message):
        return translate(PLACE_AND_FAULT) % {"label": field.label, "value": sentence}
    if fault.message[0].isupper() or fault.message.startswith("“"):
        return sentence
    if field.missing and not field.value:
        return field.missing
    return translate(_FIELD_AND_FAULT) % {"field": field.label, "fault": sentence}


def _in_words_elsewhere(
    fault: ProtocolFault, other: Elsewhere | None, translate: Callable[[str], str]
) -> str:
    if other is not None:
        words = {"page": other.page, "fault": _in_words(fault, other.field, translate)}
        return translate(_ELSEWHERE) % words
    return fault.sentence(translate) if fault.message[0].isupper() else fault.in_words(translate)
