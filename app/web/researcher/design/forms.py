"""Forms that change a part of a design: fields are named by their place in its document."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import isfinite
from typing import Any

from analysis.scale import ProtocolFault
from app.domain.messages import N_
from app.i18n import translations
from app.web.researcher.design.paths import value_at
from app.web.researcher.desk import Desk
from app.web.shared.parts import Choice, FieldError
from app.web.shared.submission import SentForm


class Kind(StrEnum):
    """How a field is filled in."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    CHOICE = "choice"
    TICK = "tick"


@dataclass(frozen=True, slots=True)
class FormField:
    """One field; ``name`` is its place in the document.

    ``theirs`` is what is stored meanwhile, where it differs from what was filled in.
    """

    name: str
    kind: Kind
    label: str
    value: str = ""
    hint: str = ""
    language: str = ""
    optional: bool = False
    choices: tuple[Choice, ...] = ()
    error: str = ""
    theirs: str = ""

    @property
    def id(self) -> str:
        """The id of the field's element."""
        return "field-" + self.name.replace("[", "-").replace("]", "").replace(".", "-")


@dataclass(frozen=True, slots=True)
class Section:
    """Fields under a heading; ``wide`` sections put theirs side by side."""

    title: str
    fields: tuple[FormField, ...]
    intro: str = ""
    in_row: bool = False


@dataclass(frozen=True)
class Filled:
    """A form as somebody filled it in, and what is wrong with it."""

    sections: tuple[Section, ...]
    errors: tuple[FieldError, ...] = field(default=())


def shown(document: Mapping[str, Any], fields: Iterable[FormField]) -> tuple[FormField, ...]:
    """The fields with what the document says."""
    return tuple(replace(one, value=_text_of(value_at(document, one.name))) for one in fields)


def typed_values(sections: Sequence[Section], form: SentForm) -> dict[str, Any]:
    """What was filled in, by place in the document and in its types; what is left empty is taken out."""
    return {one.name: _read(one, form) for section in sections for one in section.fields}


def with_faults(sections: Sequence[Section], faults: Iterable[ProtocolFault], locale: str) -> Filled:
    """The sections with every fault at its field; a fault of another place is told in the summary only."""
    translate = translations(locale).gettext
    first: dict[str, ProtocolFault] = {}
    for fault in faults:
        first.setdefault(fault.field, fault)
    told = {place: fault.sentence(translate) for place, fault in first.items()}
    marked = tuple(
        replace(
            section,
            fields=tuple(replace(one, error=told.get(one.name, "")) for one in section.fields),
        )
        for section in sections
    )
    ids = {one.name: one for section in marked for one in section.fields}
    errors = tuple(
        FieldError(ids[place].id, replace(fault, field=ids[place].label).in_words(translate))
        if place in ids
        else FieldError("", fault.in_words(translate))
        for place, fault in first.items()
    )
    return Filled(marked, errors)


def with_theirs(
    sections: Sequence[Section], document: Mapping[str, Any], words: Mapping[str, str]
) -> tuple[Section, ...]:
    """The sections with what is stored now beside every field that was filled in otherwise."""
    return tuple(
        replace(
            section,
            fields=tuple(
                replace(one, theirs=_difference(one, _text_of(value_at(document, one.name)), words))
                for one in section.fields
            ),
        )
        for section in sections
    )


def _difference(one: FormField, stored: str, words: Mapping[str, str]) -> str:
    if stored.strip() == one.value.strip():
        return ""
    labels = {choice.value: choice.label for choice in one.choices}
    return labels.get(stored) or words.get(stored) or stored or words[""]


def _text_of(value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "true"
    return str(value)


def _read(one: FormField, form: SentForm) -> Any:
    if one.kind is Kind.TICK:
        return one.name in form
    typed = form.one(one.name).replace("\r\n", "\n").strip()
    if not typed:
        return None
    return _number(typed) if one.kind is Kind.NUMBER else typed


def _number(typed: str) -> int | float | str:
    """A number as people write it; what is none stays as it is, and the reader of the protocol says so."""
    plain = typed.replace(",", ".")
    try:
        number = float(plain)
    except ValueError:
        return typed
    if not isfinite(number):
        return typed
    return int(number) if number.is_integer() else number


def choice_field(
    desk: Desk, name: str, word: str, words: Mapping[Any, str], *, optional: bool = False, number: int = 0
) -> FormField:
    """A field with a list to choose from; where it is ``optional`` the usual can be left as it is."""
    listed = {"": N_("as usual"), **words} if optional else words
    choices = tuple(Choice(str(value), desk.say(label)) for value, label in listed.items())
    label = desk.say(word) % {"number": number} if number else desk.say(word)
    return FormField(name, Kind.CHOICE, label, choices=choices)


def in_languages(
    desk: Desk,
    name: str,
    word: str,
    languages: Iterable[str],
    kind: Kind = Kind.TEXT,
    *,
    optional: bool = False,
) -> tuple[FormField, ...]:
    """A field for each of these languages."""
    return tuple(
        FormField(
            f"{name}.{language}",
            kind,
            f"{desk.say(word)}: {desk.written.language(language)}",
            language=language,
            optional=optional,
        )
        for language in languages
    )
