"""Forms that change a part of a design: fields are named by their place in its document."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import isfinite
from typing import Any

from analysis.scale import PLACE_AND_FAULT
from app.domain.messages import N_
from app.web.researcher.design.paths import value_at
from app.web.researcher.desk import Desk
from app.web.shared.parts import Choice
from app.web.shared.submission import SentForm


class Kind(StrEnum):
    """How a field is filled in."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    CHOICE = "choice"
    TICK = "tick"


@dataclass(frozen=True, slots=True)
class OnlyWith:
    """What a part of a form goes with: one of these values of the field of this name."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormField:
    """One field; ``name`` is its place in the document.

    ``missing`` is what is said when it is left empty and may not be. ``has_focus``: typing begins here.
    ``theirs`` is what is stored meanwhile,
    where it differs from what was filled in.
    """

    name: str
    kind: Kind
    label: str
    value: str = ""
    hint: str = ""
    language: str = ""
    optional: bool = False
    choices: tuple[Choice, ...] = ()
    missing: str = ""
    only_with: OnlyWith | None = None
    has_focus: bool = False
    error: str = ""
    theirs: str = ""

    @property
    def id(self) -> str:
        """The id of the field's element."""
        return "field-" + self.name.replace("[", "-").replace("]", "").replace(".", "-")


@dataclass(frozen=True, slots=True)
class Section:
    """Fields under a heading; those of a section ``in_row`` stand side by side."""

    title: str
    fields: tuple[FormField, ...]
    intro: str = ""
    in_row: bool = False
    only_with: OnlyWith | None = None


def shown(document: Mapping[str, Any], fields: Iterable[FormField]) -> tuple[FormField, ...]:
    """The fields with what the document says."""
    return tuple(replace(one, value=_text_of(value_at(document, one.name))) for one in fields)


def typed_values(sections: Sequence[Section], form: SentForm) -> dict[str, Any]:
    """What was filled in, by place in the document and in its types; what is left empty is taken out."""
    return {one.name: _read(one, form) for section in sections for one in section.fields}


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
    """A field with a list to choose from; where it is ``optional`` the first is what is usual."""
    choices = tuple(Choice(str(value), desk.say(label)) for value, label in words.items())
    if optional:
        usual = {"label": desk.say(N_("as usual")), "value": choices[0].label}
        choices = (Choice("", desk.say(PLACE_AND_FAULT) % usual), *choices)
    label = desk.say(word) % {"number": number} if number else desk.say(word)
    return FormField(name, Kind.CHOICE, label, choices=choices)


def in_languages(
    desk: Desk,
    name: str,
    word: str,
    languages: Iterable[str],
    kind: Kind = Kind.TEXT,
    *,
    hint: str = "",
    optional: bool = False,
    missing: str = "",
    **told: object,
) -> tuple[FormField, ...]:
    """A field for each of these languages; ``told`` fills the label, and ``missing`` besides the language."""
    return tuple(
        FormField(
            f"{name}.{language}",
            kind,
            with_language(desk, desk.say(word) % told, language),
            hint=desk.say(hint) if hint else "",
            language=language,
            optional=optional,
            missing=desk.say(missing) % {**told, "language": desk.written.language(language)},
        )
        for language in languages
    )


def with_language(desk: Desk, label: str, language: str) -> str:
    """The label of a field for one of the languages."""
    return desk.say(PLACE_AND_FAULT) % {"label": label, "value": desk.written.language(language)}
