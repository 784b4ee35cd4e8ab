"""The texts of a study, and what panelists need to know beside them, as fields."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.domain.messages import N_
from app.web.researcher.design.forms import FormField, Kind, Section, in_languages
from app.web.researcher.desk import Desk


@dataclass(frozen=True, slots=True)
class TextWords:
    """How a text of the study is called and asked for, and what is said where it is missing."""

    label: str
    missing: str
    kind: Kind = Kind.LONG_TEXT
    hint: str = ""


TEXT_WORDS: Final[dict[str, TextWords]] = {
    "title": TextWords(N_("Title"), N_("The title is missing in %(language)s."), Kind.TEXT),
    "purpose": TextWords(
        N_("Purpose"),
        N_("The purpose is missing in %(language)s."),
        hint=N_("Why the study is done, and what it asks."),
    ),
    "organiser": TextWords(
        N_("Who runs it"), N_("Who runs the study has not been said in %(language)s yet.")
    ),
    "who_sees_what": TextWords(
        N_("Who sees what"), N_("Who sees what has not been said in %(language)s yet.")
    ),
    "consent": TextWords(
        N_("What people consent to"), N_("What people consent to has not been said in %(language)s yet.")
    ),
}


def study_texts(desk: Desk, names: Iterable[str], languages: Iterable[str]) -> tuple[FormField, ...]:
    """Texts of the study in every one of the languages."""
    wanted = list(languages)
    told = ((name, TEXT_WORDS[name]) for name in names)
    fields = (
        in_languages(
            desk, f"study.{name}", words.label, wanted, words.kind, hint=words.hint, missing=words.missing
        )
        for name, words in told
    )
    return tuple(one for by_language in fields for one in by_language)


def practical_fields(desk: Desk) -> tuple[FormField, ...]:
    """What panelists need to know beside the texts."""
    return (
        FormField(
            "study.contact",
            Kind.TEXT,
            desk.say(N_("Contact")),
            hint=desk.say(N_("Where panelists can write to.")),
            missing=desk.say(N_("The contact is missing: say where panelists can write to.")),
        ),
        FormField(
            "study.minutes_per_round",
            Kind.NUMBER,
            desk.say(N_("Minutes a round takes, roughly")),
            missing=desk.say(N_("Say how many minutes a round takes, roughly.")),
        ),
        FormField(
            "study.time_zone",
            Kind.TEXT,
            desk.say(N_("Time zone of dates and deadlines")),
            hint=desk.say(N_("As in the list of time zones, for example Europe/Brussels.")),
            missing=desk.say(N_("The time zone is missing: write one such as Europe/Brussels.")),
        ),
        FormField(
            "study.synthetic",
            Kind.TICK,
            desk.say(N_("An illustration: panel and answers are invented, and every page says so")),
        ),
    )


def contact_section(desk: Desk) -> Section:
    """The one thing of what the panel was told that can still be put right."""
    return Section(desk.say(N_("Practical")), practical_fields(desk)[:1])
