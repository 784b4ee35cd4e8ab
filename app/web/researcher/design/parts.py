"""The parts of a design, each a page of fields."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from analysis.scale import Direction
from app.domain.messages import N_
from app.domain.round import PlannedRound
from app.domain.statement import Topic
from app.web.researcher.design.forms import FormField, Kind, Section, choice_field, in_languages
from app.web.researcher.design.question_parts import open_sections, profile_sections, question_texts
from app.web.researcher.design.rule_fields import rule_sections
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

TEXT_WORDS: Final[dict[str, tuple[str, Kind]]] = {
    "title": (N_("Title"), Kind.TEXT),
    "purpose": (N_("Purpose: why the study is done, and what it asks"), Kind.LONG_TEXT),
    "organiser": (N_("Who runs it"), Kind.LONG_TEXT),
    "who_sees_what": (N_("Who sees what"), Kind.LONG_TEXT),
    "consent": (N_("What people consent to"), Kind.LONG_TEXT),
}

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
    """Every text of the design in these languages: what somebody has to write who adds one."""
    wanted = list(languages)
    groups = (
        in_languages(desk, f"group[{n}].name", N_("Name"), wanted)
        for n, _ in enumerate(document["group"], start=1)
    )
    criteria = (
        _criterion_texts(desk, n, criterion, wanted)
        for n, criterion in enumerate(document["criterion"], start=1)
    )
    return (
        Section(desk.say(PART_NAMES[Part.TEXTS]), study_texts(desk, TEXT_WORDS, wanted)),
        *(
            Section(str(table.get("code", "")), fields)
            for table, fields in zip(document["group"], groups, strict=True)
        ),
        *(
            Section(str(table.get("code", "")), fields)
            for table, fields in zip(document["criterion"], criteria, strict=True)
        ),
        *question_texts(desk, document, wanted),
    )


def _texts(desk: Desk, document: Mapping[str, Any]) -> tuple[Section, ...]:
    languages = languages_of(document)
    return (
        *(
            Section(desk.say(word), in_languages(desk, f"study.{name}", word, languages, kind))
            for name, (word, kind) in TEXT_WORDS.items()
        ),
        Section(desk.say(N_("Practical")), practical_fields(desk)),
    )


def study_texts(desk: Desk, names: Iterable[str], languages: Iterable[str]) -> tuple[FormField, ...]:
    """Texts of the study in every one of the languages."""
    wanted = list(languages)
    fields = (
        in_languages(desk, f"study.{name}", TEXT_WORDS[name][0], wanted, TEXT_WORDS[name][1])
        for name in names
    )
    return tuple(one for by_language in fields for one in by_language)


def practical_fields(desk: Desk) -> tuple[FormField, ...]:
    """What panelists need to know beside the texts."""
    return (
        FormField("study.contact", Kind.TEXT, desk.say(N_("Contact: where panelists can write to"))),
        FormField("study.minutes_per_round", Kind.NUMBER, desk.say(N_("Minutes a round takes, roughly"))),
        FormField(
            "study.time_zone",
            Kind.TEXT,
            desk.say(N_("Time zone of dates and deadlines")),
            hint=desk.say(N_("As in the list of time zones, for example Europe/Brussels.")),
        ),
        FormField(
            "study.synthetic",
            Kind.TICK,
            desk.say(N_("An illustration: panel and answers are invented, and every page says so")),
        ),
    )


def _groups(desk: Desk, document: Mapping[str, Any]) -> tuple[Section, ...]:
    return tuple(
        Section(
            desk.say(N_("Group %(number)s")) % {"number": n},
            (
                _code(desk, f"group[{n}].code"),
                FormField(
                    f"group[{n}].target",
                    Kind.NUMBER,
                    desk.say(N_("How many panelists are aimed at")),
                    optional=True,
                ),
                *in_languages(desk, f"group[{n}].name", N_("Name"), languages_of(document)),
                _remove(desk, f"remove.group[{n}]"),
            ),
            in_row=True,
        )
        for n, _ in enumerate(document["group"], start=1)
    )


def _criteria(desk: Desk, document: Mapping[str, Any]) -> tuple[Section, ...]:
    sections: list[Section] = []
    for n, criterion in enumerate(document["criterion"], start=1):
        name = str(criterion.get("code", "") or n)
        sections += [
            Section(
                desk.say(N_("Criterion %(name)s")) % {"name": name},
                (
                    _code(desk, f"criterion[{n}].code"),
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
    points = _named_points(criterion)
    fields: list[FormField] = []
    for language in languages:
        label = desk.written.language(language)
        fields += [
            FormField(
                f"criterion[{n}].name.{language}",
                Kind.TEXT,
                f"{desk.say(N_('Name'))}: {label}",
                language=language,
            ),
            FormField(
                f"criterion[{n}].question.{language}",
                Kind.TEXT,
                f"{desk.say(N_('Question'))}: {label}",
                language=language,
            ),
            *(
                FormField(
                    f"criterion[{n}].labels.{language}[{place}]",
                    Kind.TEXT,
                    f"{point}: {label}",
                    language=language,
                    optional=point not in (points[0], points[-1]),
                )
                for place, point in enumerate(points, start=1)
            ),
        ]
    return tuple(fields)


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


def contact_section(desk: Desk) -> Section:
    """The one thing of what the panel was told that can still be put right."""
    return Section(desk.say(N_("Practical")), practical_fields(desk)[:1])


_SECTIONS: Final[dict[Part, Callable[[Desk, Mapping[str, Any]], tuple[Section, ...]]]] = {
    Part.TEXTS: _texts,
    Part.LANGUAGES: _languages,
    Part.GROUPS: _groups,
    Part.CRITERIA: _criteria,
    Part.RULE: rule_sections,
    Part.COURSE: _course,
    Part.PROFILE: _profile,
}


def _code(desk: Desk, name: str) -> FormField:
    hint = desk.say(N_("A short name for tables and files, such as patients. Letters, digits and hyphens."))
    return FormField(name, Kind.TEXT, desk.say(N_("Code")), hint=hint)


def _remove(desk: Desk, name: str) -> FormField:
    return FormField(name, Kind.TICK, desk.say(N_("Leave it out")))
