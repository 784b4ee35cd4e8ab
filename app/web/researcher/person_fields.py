"""The fields in which somebody on the panel is written down."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.messages import N_
from app.domain.panel import Invitee
from app.domain.protocol import Protocol
from app.web.researcher.desk import StudyDesk
from app.web.researcher.figures import StudyWords
from app.web.shared.parts import Choice
from app.web.shared.state import settings_of
from app.web.shared.submission import SentForm


@dataclass(frozen=True, slots=True)
class PersonFields:
    """A person as typed; `errors` are by the names of the fields."""

    name: str
    email: str
    group: str
    language: str
    groups: tuple[Choice, ...]
    languages: tuple[Choice, ...]
    errors: Mapping[str, str]


def typed_person(form: SentForm) -> Invitee:
    """What was typed."""
    return Invitee(form.one("name"), form.one("email").strip(), form.one("group"), form.one("language"))


def writes_to_panel(desk: StudyDesk) -> bool:
    """Whether the panel is written to from here: not that of a synthetic study, nor without a mail server."""
    return settings_of(desk.request).sends_mail and not desk.study.synthetic


def person_fields(
    desk: StudyDesk, protocol: Protocol, person: Invitee, errors: Mapping[str, str] | None = None
) -> PersonFields:
    """The fields with a person in them."""
    unchosen = Choice("", desk.say(N_("Choose")))
    words = StudyWords(protocol, desk.locale)
    return PersonFields(
        name=person.name,
        email=person.email,
        group=person.group,
        language=person.language,
        groups=(unchosen, *(Choice(group.code, group.name) for group in words.groups)),
        languages=(
            unchosen,
            *(Choice(code, desk.written.language_head(code)) for code in desk.study.languages),
        ),
        errors=errors or {},
    )
