"""Who joins a panel, and what is corrected about them, as long as the study runs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.errors import ActionBlocked, AddressNotValid, DomainError, NotFound
from app.domain.messages import N_, Sentence
from app.domain.panel import ADDRESS_LIMIT, NAME_LIMIT, Invitee, is_address
from app.domain.round import Round, RoundStatus
from app.domain.statement_editing import FieldsRefused, checked_whole_text, fingerprint_of
from app.domain.study import StudyStatus


class PersonNameMissing(DomainError):
    """Somebody was to be put on a panel without a name."""

    message = N_("Write the name; the invitation begins with it.")


class PersonAddressMissing(DomainError):
    """Somebody was to be put on a panel without an address."""

    message = N_("Write the e-mail address; the personal link is sent to it.")


class AddressOnPanel(DomainError):
    """Somebody else on the panel has this address."""

    message = N_("“%(email)s” is on the panel already. Everybody is invited once.")


class GroupNotChosen(DomainError):
    """The stakeholder group is none of the study's."""

    message = N_("Choose a group.")


class GroupStays(DomainError):
    """Somebody's group was to change after a round was opened for them."""

    message = N_("The group stays: a round has been opened since this person joined the panel.")


class LanguageNotChosen(DomainError):
    """The language is none of the study's."""

    message = N_("Choose a language.")


class GroupsChanged(DomainError):
    """The study's groups or languages are no longer those that a file was read by."""

    message = N_(
        "The groups or the languages of the study were changed since this preview was made, so nobody was "
        "added. Upload the file again."
    )


class PersonChangedMeanwhile(DomainError):
    """Somebody else corrected the same person in between; nothing was overwritten."""

    message = N_(
        "A colleague has corrected this person since you opened this page. Nothing was stored or sent: what "
        "you typed stands in the fields, what is stored now is written here."
    )


class PersonNotFound(NotFound):
    """Nobody on the panel's mail list has this sign."""

    message = N_("Nobody on the mail list is found at this address.")


def person_fingerprint(invitee: Invitee) -> str:
    """A short sign of all that is known of a person: who corrects sends back the one they have seen."""
    return fingerprint_of([invitee.name, invitee.email, invitee.group, invitee.language])


class PersonKind(StrEnum):
    """What a row of a table of people would do."""

    NEW = "new"
    THERE = "there"
    DIFFERENT = "different"


@dataclass(frozen=True)
class ComparedPerson:
    """A row beside the panel; somebody who is there already stays as they are, also where the row differs."""

    number: int
    kind: PersonKind
    invitee: Invitee


def panel_hindrance(status: StudyStatus) -> Sentence | None:
    """Why nothing about the people on the panel can be changed now, if so."""
    if status is StudyStatus.CONCLUDED:
        return Sentence(N_("The study is concluded: nothing is asked of its panel any more."))
    return None


def refuse_panel_changes(status: StudyStatus) -> None:
    """Refuse to change the panel of a study that has ended.

    Raises
    ------
    ActionBlocked
    """
    hindrance = panel_hindrance(status)
    if hindrance is not None:
        raise ActionBlocked([hindrance])


def round_missed(rounds: Sequence[Round]) -> int | None:
    """The open round in which whoever joins now is not asked any more."""
    return next((round_.number for round_ in rounds if round_.status is RoundStatus.OPEN), None)


def group_stays(joined_at: datetime, rounds: Sequence[Round]) -> bool:
    """Whether somebody's group cannot change any more: a round was opened since they joined.

    It counts what they answered under their group. Whether they took part makes no difference: the mail list
    would tell who did.
    """
    return any(was_opened_for(joined_at, round_) for round_ in rounds)


def was_opened_for(joined_at: datetime, round_: Round) -> bool:
    """Whether a round was opened for somebody: whoever joins while it is open is not asked in it."""
    return round_.opened_at is not None and round_.opened_at >= joined_at


def checked_invitee(
    typed: Invitee, groups: Collection[str], languages: Collection[str], taken: Collection[str]
) -> Invitee:
    """What was typed of a person as it is kept, or all that is wrong with it.

    Parameters
    ----------
    typed
        The person as the form says.
    groups
        The codes of the study's stakeholder groups.
    languages
        Its languages.
    taken
        The addresses of everybody else on the panel.

    Raises
    ------
    FieldsRefused
    """
    problems: dict[str, DomainError] = {}
    kept = {}
    for field, text, limit in (("name", typed.name, NAME_LIMIT), ("email", typed.email, ADDRESS_LIMIT)):
        try:
            kept[field] = checked_whole_text(text, limit)
        except DomainError as refusal:
            problems[field] = refusal
    email = kept.get("email", "").lower()
    if "name" in kept and not kept["name"]:
        problems["name"] = PersonNameMissing()
    if "email" in kept and not is_address(email):
        problems["email"] = AddressNotValid(email=email) if email else PersonAddressMissing()
    elif email in taken:
        problems["email"] = AddressOnPanel(email=email)
    if typed.group not in groups:
        problems["group"] = GroupNotChosen()
    if typed.language not in languages:
        problems["language"] = LanguageNotChosen()
    if problems:
        raise FieldsRefused(problems)
    return Invitee(kept["name"], email, typed.group, typed.language)


def compare_people(
    rows: Sequence[tuple[int, Invitee]], panel: Collection[Invitee]
) -> tuple[ComparedPerson, ...]:
    """What each row of a table of people would do to a panel."""
    there = {one.email: one for one in panel}
    return tuple(
        ComparedPerson(number, _kind(invitee, there.get(invitee.email)), invitee) for number, invitee in rows
    )


def _kind(invitee: Invitee, there: Invitee | None) -> PersonKind:
    if there is None:
        return PersonKind.NEW
    return PersonKind.THERE if invitee == there else PersonKind.DIFFERENT
