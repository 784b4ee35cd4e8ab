"""The questions of a design as fields: of the profile, with their options, and of the open rounds."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from app.domain.messages import N_
from app.domain.open_question import MOST_ANSWERS
from app.domain.profile import QuestionKind
from app.domain.question_reading import OPEN_TABLE, PROFILE_TABLE, WITH_OPTIONS
from app.domain.statement import Topic
from app.web.researcher.design.forms import (
    FormField,
    Kind,
    OnlyWith,
    Section,
    choice_field,
    in_languages,
)
from app.web.researcher.design.question_shape import n_options_shown
from app.web.researcher.desk import Desk
from app.web.researcher.texts import told

KIND_WORDS: Final[dict[QuestionKind, str]] = {
    QuestionKind.SINGLE: N_("one of several options"),
    QuestionKind.MULTIPLE: N_("as many options as fit"),
    QuestionKind.TEXT: N_("a short text"),
    QuestionKind.NUMBER: N_("a number"),
}


def profile_sections(
    desk: Desk, document: Mapping[str, Any], languages: Sequence[str]
) -> tuple[Section, ...]:
    """The profile questions, each followed by its options."""
    sections: list[Section] = []
    for n, table in enumerate(document[PROFILE_TABLE], start=1):
        where = f"{PROFILE_TABLE}[{n}]"
        sections.append(
            Section(
                desk.say(N_("Question %(number)s")) % {"number": n},
                (
                    _code(desk, where, n),
                    choice_field(desk, f"{where}.kind", N_("Answered with"), KIND_WORDS),
                    _place(desk, where),
                    *_question(desk, where, n, languages),
                    *_hint(desk, where, n, languages),
                    FormField(f"{where}.required", Kind.TICK, desk.say(N_("Everybody has to answer it"))),
                    _remove(desk, where),
                ),
                in_row=True,
            )
        )
        sections.append(
            Section(
                desk.say(N_("Options of question %(number)s")) % {"number": n},
                tuple(
                    one
                    for k in range(1, n_options_shown(table) + 1)
                    for one in _option(desk, where, n, k, languages)
                ),
                desk.say(N_("For a text or a number they stay empty. So does a row that is not needed.")),
                in_row=True,
                only_with=OnlyWith(f"{where}.kind", WITH_OPTIONS),
            )
        )
    return tuple(sections)


def open_sections(
    desk: Desk, document: Mapping[str, Any], languages: Sequence[str], topics: Sequence[Topic]
) -> tuple[Section, ...]:
    """The open questions."""
    named = {"": N_("of no topic"), **{topic.code: told(topic.name, desk.locale).text for topic in topics}}
    return tuple(
        Section(
            desk.say(N_("Question %(number)s")) % {"number": n},
            (
                _code(desk, where, n),
                choice_field(desk, f"{where}.topic", N_("Topic"), named),
                FormField(
                    f"{where}.most_answers",
                    Kind.NUMBER,
                    desk.say(N_("How many answers one person can give")),
                    hint=desk.say(N_("%(most)s at most; five is usual.")) % {"most": MOST_ANSWERS},
                    optional=True,
                ),
                _place(desk, where),
                *_question(desk, where, n, languages),
                *_hint(desk, where, n, languages),
                _remove(desk, where),
            ),
            in_row=True,
        )
        for n, where in ((n, f"{OPEN_TABLE}[{n}]") for n in range(1, len(document[OPEN_TABLE]) + 1))
    )


def question_texts(desk: Desk, document: Mapping[str, Any], languages: Iterable[str]) -> tuple[Section, ...]:
    """Every text of the questions in these languages: what somebody has to write who adds one."""
    wanted = list(languages)
    sections = []
    for name in (PROFILE_TABLE, OPEN_TABLE):
        for n, table in enumerate(document[name], start=1):
            where = f"{name}[{n}]"
            fields = _question(desk, where, n, wanted)
            if table.get("hint"):
                fields += _hint(desk, where, n, wanted)
            for k, _ in enumerate(table.get("option", ()), start=1):
                fields += _option_texts(desk, where, n, k, wanted)
            sections.append(Section(str(table.get("code", "")), fields))
    return tuple(sections)


def _question(desk: Desk, where: str, n: int, languages: Iterable[str]) -> tuple[FormField, ...]:
    missing = N_("The text of question %(number)s is missing in %(language)s.")
    return in_languages(desk, f"{where}.text", N_("Question"), languages, missing=missing, number=n)


def _hint(desk: Desk, where: str, n: int, languages: Iterable[str]) -> tuple[FormField, ...]:
    missing = N_("The hint of question %(number)s is missing in %(language)s.")
    return in_languages(
        desk, f"{where}.hint", N_("Hint"), languages, optional=True, missing=missing, number=n
    )


def _option(desk: Desk, where: str, n: int, k: int, languages: Sequence[str]) -> tuple[FormField, ...]:
    numbered = {"number": k, "question": n}
    option = f"{where}.option[{k}]"
    no_code = desk.say(N_("Option %(number)s of question %(question)s has no code.")) % numbered
    return (
        FormField(
            f"{option}.code", Kind.TEXT, desk.say(N_("Option %(number)s: code")) % numbered, missing=no_code
        ),
        *_option_texts(desk, where, n, k, languages),
        FormField(f"{option}.place", Kind.NUMBER, desk.say(N_("Option %(number)s: place")) % numbered),
    )


def _option_texts(desk: Desk, where: str, n: int, k: int, languages: Iterable[str]) -> tuple[FormField, ...]:
    missing = N_("The text of option %(number)s of question %(question)s is missing in %(language)s.")
    word, name = N_("Option %(number)s"), f"{where}.option[{k}].text"
    return in_languages(desk, name, word, languages, missing=missing, number=k, question=n)


def _code(desk: Desk, where: str, n: int) -> FormField:
    hint = desk.say(N_("A short name for tables and files, such as role. Letters, digits and hyphens."))
    missing = desk.say(N_("Question %(number)s has no code.")) % {"number": n}
    return FormField(f"{where}.code", Kind.TEXT, desk.say(N_("Code")), hint=hint, missing=missing)


def _place(desk: Desk, where: str) -> FormField:
    return FormField(f"{where}.place", Kind.NUMBER, desk.say(N_("Place")))


def _remove(desk: Desk, where: str) -> FormField:
    return FormField(f"{where}.remove", Kind.TICK, desk.say(N_("Leave it out")))
