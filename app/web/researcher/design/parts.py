"""The parts of a design, each a page of fields."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any, Final

from analysis.scale import PLACE_AND_FAULT, Direction
from app.domain.messages import N_
from app.domain.round import PlannedRound
from app.domain.statement import Topic
from app.domain.stopping import StoppingPolicy
from app.domain.study import in_language
from app.web.researcher.design.forms import (
    FormField,
    Kind,
    OnlyWith,
    Section,
    choice_field,
    in_languages,
    with_language,
)
from app.web.researcher.design.paths import value_at
from app.web.researcher.design.question_parts import open_sections, profile_sections, question_texts
from app.web.researcher.design.rule_fields import rule_sections
from app.web.researcher.design.study_parts import TEXT_WORDS, practical_fields, study_texts
from app.web.researcher.desk import Desk
from app.web.researcher.wording import (
    CARRY_FORWARD_WORDS,
    FEEDBACK_WORDS,
    STOPPING_WORDS,
    WITHDRAWAL_WORDS,
)


class Part(StrEnum):
    """A part of the design, by the last word of its page's address."""

    TEXTS = "texts"
    LANGUAGES = "languages"
    GROUPS = "groups"
    CRITERIA = "criteria"
    RULE = "rule"
    COURSE = "course"
    PROFILE = "profile"
    QUESTIONS = "questions"


PART_NAMES: Final[dict[Part, str]] = {
    Part.TEXTS: N_("What the panel is told"),
    Part.LANGUAGES: N_("Languages"),
    Part.GROUPS: N_("Stakeholder groups"),
    Part.CRITERIA: N_("What is rated, and on which scale"),
    Part.RULE: N_("When there is consensus"),
    Part.COURSE: N_("The course of the study"),
    Part.PROFILE: N_("Profile questions"),
    Part.QUESTIONS: N_("Open questions"),
}

MOST_SHOWN_ROUNDS: Final = 8
"""As many rounds as the page can plan; files may plan more."""


_ROUND_WORDS: Final[dict[PlannedRound, str]] = {
    PlannedRound.OPEN: N_("open questions"),
    PlannedRound.RATING: N_("ratings"),
    PlannedRound.REAL_TIME: N_("ratings in real time"),
}


def sections_of(
    desk: Desk, part: Part, document: Mapping[str, Any], topics: Sequence[Topic]
) -> tuple[Section, ...]:
    """The fields of a part, for a document of these languages, groups and criteria, and a study's topics."""
    if part is Part.QUESTIONS:
        return open_sections(desk, document, languages_of(document), topics)
    return _SECTIONS[part](desk, document)


def languages_of(document: Mapping[str, Any]) -> list[str]:
    """The languages of a document, in their order."""
    return list(document["study"]["languages"])


def texts_in(desk: Desk, document: Mapping[str, Any], languages: Iterable[str]) -> tuple[Section, ...]:
    """Every text of the design in these languages, beside what it says in the first one of the study."""
    wanted = list(languages)
    groups = (_group_names(desk, n, wanted) for n, _ in enumerate(document["group"], start=1))
    criteria = (
        _criterion_texts(desk, n, criterion, wanted)
        for n, criterion in enumerate(document["criterion"], start=1)
    )
    sections = (
        Section(desk.say(PART_NAMES[Part.TEXTS]), study_texts(desk, TEXT_WORDS, wanted)),
        *(
            Section(_called(desk, table), fields)
            for name, by_table in (("group", groups), ("criterion", criteria))
            for table, fields in zip(document[name], by_table, strict=True)
        ),
        *question_texts(desk, document, wanted),
    )
    return tuple(
        replace(section, fields=tuple(_beside_source(desk, document, one) for one in section.fields))
        for section in sections
    )


def _beside_source(desk: Desk, document: Mapping[str, Any], one: FormField) -> FormField:
    source = languages_of(document)[0]
    if source == one.language:
        return one
    said = value_at(document, re.sub(rf"\.{one.language}(?=\[|$)", f".{source}", one.name))
    beside = {"label": desk.written.language(source), "value": said}
    return replace(one, hint=desk.say(PLACE_AND_FAULT) % beside) if said else one


def _texts(desk: Desk, document: Mapping[str, Any]) -> tuple[Section, ...]:
    languages = languages_of(document)
    return (
        *(
            Section(desk.say(words.label), study_texts(desk, [name], languages))
            for name, words in TEXT_WORDS.items()
        ),
        Section(desk.say(N_("Practical")), practical_fields(desk)),
    )


_GROUP_CODE: Final = N_("A short name for tables and files, such as patients. Letters, digits and hyphens.")
_CRITERION_CODE: Final = N_(
    "A short name for tables and files, such as agreement. Letters, digits and hyphens."
)


def _groups(desk: Desk, document: Mapping[str, Any]) -> tuple[Section, ...]:
    return tuple(
        Section(
            desk.say(N_("Group %(number)s")) % {"number": n},
            (
                _code(desk, f"group[{n}].code", _GROUP_CODE, N_("Group %(number)s has no code."), n),
                FormField(
                    f"group[{n}].target",
                    Kind.NUMBER,
                    desk.say(N_("How many panelists are aimed at")),
                    optional=True,
                ),
                *_group_names(desk, n, languages_of(document)),
                _remove(desk, f"remove.group[{n}]"),
            ),
            in_row=True,
        )
        for n, _ in enumerate(document["group"], start=1)
    )


def _group_names(desk: Desk, n: int, languages: Iterable[str]) -> tuple[FormField, ...]:
    missing = N_("The name of group %(number)s is missing in %(language)s.")
    return in_languages(desk, f"group[{n}].name", N_("Name"), languages, missing=missing, number=n)


def _criteria(desk: Desk, document: Mapping[str, Any]) -> tuple[Section, ...]:
    sections: list[Section] = []
    for n, criterion in enumerate(document["criterion"], start=1):
        name = _called(desk, criterion) or n
        sections += [
            Section(
                desk.say(N_("Criterion %(name)s")) % {"name": name},
                (
                    _code(
                        desk,
                        f"criterion[{n}].code",
                        _CRITERION_CODE,
                        N_("Criterion %(number)s has no code."),
                        n,
                    ),
                    *_scale(desk, n),
                    _remove(desk, f"remove.criterion[{n}]"),
                ),
                in_row=True,
            ),
            Section(
                desk.say(N_("%(name)s in words")) % {"name": name},
                _criterion_texts(desk, n, criterion, languages_of(document)),
                desk.say(N_("The first and the last point need a label; the others may do without.")),
            ),
        ]
    return tuple(sections)


def _scale(desk: Desk, n: int) -> tuple[FormField, ...]:
    directions = {
        Direction.HIGH_IS_AGREEMENT: N_("High points agree"),
        Direction.LOW_IS_AGREEMENT: N_("Low points agree"),
    }
    words = {
        "lowest": N_("Lowest point"),
        "highest": N_("Highest point"),
        "low_band_to": N_("The lower band ends with point"),
        "high_band_from": N_("The upper band begins with point"),
    }
    return (
        *(FormField(f"scale[{n}].{name}", Kind.NUMBER, desk.say(word)) for name, word in words.items()),
        choice_field(desk, f"criterion[{n}].scale.direction", N_("Direction"), directions),
    )


def _criterion_texts(
    desk: Desk, n: int, criterion: Mapping[str, Any], languages: Iterable[str]
) -> tuple[FormField, ...]:
    no_name = N_("The name of criterion %(number)s is missing in %(language)s.")
    no_question = N_("The question of criterion %(number)s is missing in %(language)s.")
    where = f"criterion[{n}]"
    return tuple(
        one
        for language in languages
        for one in (
            *in_languages(desk, f"{where}.name", N_("Name"), [language], missing=no_name, number=n),
            *in_languages(
                desk, f"{where}.question", N_("Question"), [language], missing=no_question, number=n
            ),
            *_labels(desk, n, criterion, language),
        )
    )


def _labels(desk: Desk, n: int, criterion: Mapping[str, Any], language: str) -> Iterator[FormField]:
    points = _named_points(criterion)
    no_label = desk.say(N_("Point %(point)s of criterion %(number)s has no label in %(language)s."))
    for place, point in enumerate(points, start=1):
        told = {"point": point, "number": n, "language": desk.written.language(language)}
        yield FormField(
            f"criterion[{n}].labels.{language}[{place}]",
            Kind.TEXT,
            with_language(desk, desk.say(N_("Point %(number)s")) % {"number": point}, language),
            language=language,
            optional=point not in (points[0], points[-1]),
            missing=no_label % told,
        )


def _named_points(criterion: Mapping[str, Any]) -> list[object]:
    """The points that a label is asked for; numbered from 1 while the scale itself is at fault."""
    points: list[object] = criterion["scale"]["points"]
    n_labels = max((len(named) for named in criterion.get("labels", {}).values()), default=0)
    return points if len(points) >= n_labels else list(range(1, n_labels + 1))


def _course(desk: Desk, document: Mapping[str, Any]) -> tuple[Section, ...]:
    n_rounds = max(MOST_SHOWN_ROUNDS, len(document["protocol"]["rounds"]))
    none = {"": N_("no round")}
    feedback = "protocol.feedback"
    return (
        Section(
            desk.say(N_("Rounds")),
            tuple(
                choice_field(
                    desk,
                    f"protocol.rounds[{n}]",
                    N_("Round %(number)s"),
                    _ROUND_WORDS if n == 1 else {**none, **_ROUND_WORDS},
                    number=n,
                )
                for n in range(1, n_rounds + 1)
            ),
            in_row=True,
        ),
        Section(
            desk.say(N_("From round to round")),
            (
                choice_field(
                    desk, "protocol.carry_forward.policy", N_("The next round asks"), CARRY_FORWARD_WORDS
                ),
                choice_field(desk, "protocol.stopping.policy", N_("The study ends"), STOPPING_WORDS),
                FormField(
                    "protocol.stopping.stable_share",
                    Kind.NUMBER,
                    desk.say(N_("Stable: the share of ratings that stays the same, from 0 to 1")),
                    optional=True,
                    only_with=OnlyWith("protocol.stopping.policy", (StoppingPolicy.STABLE,)),
                ),
            ),
        ),
        Section(
            desk.say(N_("What panelists see of each other")),
            (
                choice_field(desk, f"{feedback}.policy", N_("Figures"), FEEDBACK_WORDS),
                FormField(
                    "protocol.minimum_group_size",
                    Kind.NUMBER,
                    desk.say(N_("The least number of others behind every figure shown")),
                    hint=desk.say(N_("Five is usual. With fewer, people can be recognised.")),
                    missing=desk.say(N_("Say how many others must stand behind every figure shown.")),
                ),
                FormField(f"{feedback}.comments", Kind.TICK, desk.say(N_("Released comments are shown"))),
                FormField(
                    f"{feedback}.outlier_note",
                    Kind.TICK,
                    desk.say(N_("Whoever is far from the own group gets a neutral note")),
                ),
                FormField(
                    f"{feedback}.reason_when_band_crossed",
                    Kind.TICK,
                    desk.say(N_("Whoever changes sides is asked for a reason")),
                ),
                FormField(
                    f"{feedback}.report", Kind.TICK, desk.say(N_("The panel can read the report at the end"))
                ),
            ),
        ),
        Section(
            desk.say(N_("For panelists")),
            (
                choice_field(
                    desk,
                    "protocol.statements_per_page",
                    N_("A page shows"),
                    {"topic": N_("all statements of a topic"), "one": N_("one statement")},
                ),
                choice_field(desk, "protocol.withdrawal", N_("Whoever withdraws"), WITHDRAWAL_WORDS),
            ),
        ),
    )


def _languages(desk: Desk, document: Mapping[str, Any]) -> tuple[Section, ...]:
    return texts_in(desk, document, languages_of(document))


def _profile(desk: Desk, document: Mapping[str, Any]) -> tuple[Section, ...]:
    return profile_sections(desk, document, languages_of(document))


_SECTIONS: Final[dict[Part, Callable[[Desk, Mapping[str, Any]], tuple[Section, ...]]]] = {
    Part.TEXTS: _texts,
    Part.LANGUAGES: _languages,
    Part.GROUPS: _groups,
    Part.CRITERIA: _criteria,
    Part.RULE: rule_sections,
    Part.COURSE: _course,
    Part.PROFILE: _profile,
}


def _called(desk: Desk, table: Mapping[str, Any]) -> str:
    """What a group or a criterion is called: by its name, or by its code while it has none."""
    named = {language: name for language, name in table.get("name", {}).items() if name}
    return in_language(named, desk.locale) if named else str(table.get("code", ""))


def _code(desk: Desk, name: str, hint: str, missing: str, n: int) -> FormField:
    told = {"number": n}
    return FormField(
        name, Kind.TEXT, desk.say(N_("Code")), hint=desk.say(hint), missing=desk.say(missing) % told
    )


def _remove(desk: Desk, name: str) -> FormField:
    return FormField(name, Kind.TICK, desk.say(N_("Leave it out")))
