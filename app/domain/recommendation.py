"""What a study finally says: recommendations to audiences, each resting on what the study has found."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.domain.errors import DomainError, NotFound
from app.domain.messages import N_
from app.domain.statement_editing import FieldsRefused, TextMissing, checked_texts, fingerprint_of
from app.domain.study import Texts

AUDIENCE_NAME_LIMIT = 200
RECOMMENDATION_LIMIT = 2000
RESERVATION_LIMIT = 1000


class RecommendationNotFound(NotFound):
    """The study has no recommendation of this number."""

    message = N_("The study has no such recommendation.")


class RecommendationChangedMeanwhile(DomainError):
    """Somebody else changed the recommendation since the page was opened; nothing was overwritten."""

    message = N_(
        "The recommendation was changed by somebody else since you opened this page. Nothing was "
        "overwritten: what you typed stands in the fields, what is stored now beside it."
    )


class AudiencesChangedMeanwhile(DomainError):
    """Somebody else changed the audiences since the page was opened; nothing was overwritten."""

    message = N_(
        "The audiences were changed by somebody else since you opened this page. Nothing was overwritten: "
        "what you typed stands in the fields, what is stored now beside it."
    )


class AudienceNameMissing(DomainError):
    """An audience has no name in any language."""

    message = N_("Write the name in at least one language.")


class AudienceInUse(DomainError):
    """Recommendations speak to the audience."""

    message = N_("Recommendations speak to this audience. Remove them, or give them to another one first.")


class AudienceNotChosen(DomainError):
    """The recommendation speaks to nobody, or to an audience that the study does not have."""

    message = N_("Choose whom the recommendation speaks to.")


class RestsOnNothing(DomainError):
    """A recommendation has neither a statement nor a theme nor evidence under it."""

    message = N_("Say what it rests on: a statement, a theme or an evidence card.")


class StatementsNotRated(DomainError):
    """A recommendation is to rest on statements that no round has decided on."""

    message = N_("The panel has not rated these statements: %(codes)s.")


class CardsUnknown(DomainError):
    """A recommendation is to rest on evidence cards that there are not."""

    message = N_("The study has no such evidence cards: %(codes)s.")


class ThemesUnknown(DomainError):
    """A recommendation is to rest on a theme that is not there any more."""

    message = N_("One of the themes is not there any more.")


class ReservationMissing(DomainError):
    """A recommendation rests on statements that are not accepted, and does not say so."""

    message = N_(
        "These statements are not accepted by consensus: %(codes)s. Write the reservation that readers need, "
        "or take them out."
    )


@dataclass(frozen=True)
class Audience:
    """Somebody to whom the study speaks: health authorities, teams, the movement."""

    code: str
    name: Texts


@dataclass(frozen=True)
class Basis:
    """What a recommendation rests on: codes of statements and evidence cards, numbers of themes."""

    statements: tuple[str, ...] = ()
    themes: tuple[int, ...] = ()
    evidence: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.statements or self.themes or self.evidence)


@dataclass(frozen=True)
class Recommendation:
    """One recommendation; ``number`` is 0 while it is not stored.

    ``reservation`` says to readers what they must know where it rests on statements that are not accepted.
    """

    number: int
    audience: str
    text: Texts
    basis: Basis
    reservation: Texts = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """A short sign of all that it says: who saves sends back the one they have seen."""
        basis = [*self.basis.statements, *self.basis.themes, *self.basis.evidence]
        return fingerprint_of([self.audience, dict(self.text), dict(self.reservation), basis])

    def missing(self, languages: Sequence[str]) -> tuple[str, ...]:
        """The languages in which its text is missing, or its reservation where it has one."""
        return tuple(
            language
            for language in languages
            if not self.text.get(language) or (self.reservation and not self.reservation.get(language))
        )

    def not_accepted(self, accepted: Mapping[str, bool]) -> tuple[str, ...]:
        """The statements it rests on that are not accepted by consensus."""
        return tuple(code for code in self.basis.statements if not accepted.get(code))


@dataclass(frozen=True)
class Findings:
    """What recommendations can rest on.

    ``accepted`` says of every statement that the panel has rated whether it is accepted on every criterion.
    """

    audiences: Collection[str]
    accepted: Mapping[str, bool]
    themes: Collection[int]
    evidence: Collection[str]


def checked_recommendation(
    wanted: Recommendation, languages: Sequence[str], findings: Findings
) -> Recommendation:
    """The recommendation as it will be stored: cleaned texts, nothing empty, nothing twice.

    Raises
    ------
    FieldsRefused
        With every field that cannot be stored: ``audience``, ``statements``, ``themes``, ``evidence``,
        ``text.<language>`` and ``reservation.<language>``.
    """
    problems: dict[str, DomainError] = {}
    if wanted.audience not in findings.audiences:
        problems["audience"] = AudienceNotChosen()
    text = checked_texts("text", wanted.text, languages, RECOMMENDATION_LIMIT, problems)
    if not text and not problems.keys() & {f"text.{language}" for language in languages}:
        problems[f"text.{languages[0]}"] = TextMissing()
    reservation = checked_texts("reservation", wanted.reservation, languages, RESERVATION_LIMIT, problems)
    basis = _checked_basis(wanted.basis, findings, problems)
    checked = replace(wanted, text=text, reservation=reservation, basis=basis)
    doubtful = checked.not_accepted(findings.accepted)
    if doubtful and not reservation and "statements" not in problems:
        name = f"reservation.{languages[0]}"
        problems.setdefault(name, ReservationMissing(codes=", ".join(doubtful)))
    if problems:
        raise FieldsRefused(problems)
    return checked


def checked_audiences(
    wanted: Sequence[Audience], languages: Sequence[str], stored: Sequence[Audience], in_use: Collection[str]
) -> tuple[Audience, ...]:
    """The audiences as they will be stored; one that is not among them is removed.

    Raises
    ------
    FieldsRefused
        The fields of an audience are named ``<code>.name.<language>``; ``<code>.remove`` cannot be done.
    """
    problems: dict[str, DomainError] = {}
    checked = []
    for audience in wanted:
        found: dict[str, DomainError] = {}
        name = checked_texts("name", audience.name, languages, AUDIENCE_NAME_LIMIT, found)
        if not name and not found:
            found[f"name.{languages[0]}"] = AudienceNameMissing()
        problems |= {f"{audience.code}.{name}": problem for name, problem in found.items()}
        checked.append(Audience(audience.code, name))
    kept = {audience.code for audience in wanted}
    for audience in stored:
        if audience.code not in kept and audience.code in in_use:
            problems[f"{audience.code}.remove"] = AudienceInUse()
    if problems:
        raise FieldsRefused(problems)
    return tuple(checked)


def audiences_fingerprint(audiences: Sequence[Audience]) -> str:
    """A short sign of all audiences as they stand."""
    return fingerprint_of([[audience.code, dict(audience.name)] for audience in audiences])


def moved(numbers: Sequence[int], number: int, *, up: bool) -> list[int]:
    """The numbers with one of them a place further up or down; at either end they stay as they are."""
    order = list(numbers)
    place = order.index(number)
    other = place - 1 if up else place + 1
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    return order


def _checked_basis(wanted: Basis, findings: Findings, problems: dict[str, DomainError]) -> Basis:
    basis = Basis(
        statements=tuple(dict.fromkeys(filter(None, (code.strip() for code in wanted.statements)))),
        themes=tuple(dict.fromkeys(wanted.themes)),
        evidence=tuple(dict.fromkeys(filter(None, (code.strip() for code in wanted.evidence)))),
    )
    not_rated = [code for code in basis.statements if code not in findings.accepted]
    no_cards = [code for code in basis.evidence if code not in findings.evidence]
    if not_rated:
        problems["statements"] = StatementsNotRated(codes=", ".join(not_rated)[:_SHOWN])
    if no_cards:
        problems["evidence"] = CardsUnknown(codes=", ".join(no_cards)[:_SHOWN])
    if any(number not in findings.themes for number in basis.themes):
        problems["themes"] = ThemesUnknown()
    if not basis:
        problems["statements"] = RestsOnNothing()
    return basis


_SHOWN = 200
"""How much of what was typed a refusal repeats."""
