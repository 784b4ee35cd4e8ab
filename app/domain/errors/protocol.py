"""Refusals of a design, and of changing it."""

from collections.abc import Sequence

from analysis.scale import ProtocolFault
from app.domain.errors.refusal import DomainError
from app.domain.messages import N_, NN_


class ProtocolNotValid(DomainError):
    """The protocol has faults; ``faults`` lists them all."""

    message, plural = NN_(
        "The protocol has one fault: %(listing)s", "The protocol has %(count)s faults: %(listing)s"
    )
    counted = "count"

    def __init__(self, faults: Sequence[ProtocolFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(count=len(self.faults), listing="; ".join(str(fault) for fault in self.faults))


class DesignChangedMeanwhile(DomainError):
    """Somebody else changed the study's design since the page was opened."""

    message = N_(
        "A colleague has changed this in the meantime. Nothing was overwritten: what you filled in stands "
        "below, with what is stored now beside it. Save again to keep yours."
    )


class GroupHasPanelists(DomainError):
    """A stakeholder group was left out that has panelists."""

    message, plural = NN_(
        "One panelist belongs to the group “%(group)s”. Move them to another group before you leave it out.",
        "%(count)s panelists belong to the group “%(group)s”. Move them to another group before you leave it "
        "out.",
    )
    counted = "count"

    def __init__(self, count: int, **params: object) -> None:
        super().__init__(count=count, **params)


class LanguageHasPanelists(GroupHasPanelists):
    """A language was left out in which panelists are written to."""

    message, plural = NN_(
        "One panelist is written to in %(language)s. Choose another language for them before you leave it "
        "out.",
        "%(count)s panelists are written to in %(language)s. Choose another language for them before you "
        "leave it out.",
    )


class LanguageHasOnlyTexts(DomainError):
    """A language was left out in which alone something is written that the panel reads."""

    message = N_(
        "These are written in no other language: %(codes)s. Write them in a language that stays before you "
        "leave this one out."
    )


class TextsAreFixed(DomainError):
    """What panelists consented to would change."""

    message = N_(
        "What the panel was told stands fixed since round 1 opened: people consented to it. Only the "
        "protocol can be amended."
    )


class ProfileIsFixed(TextsAreFixed):
    """The profile questions would change after the panel was asked them."""

    message = N_(
        "The profile questions stand fixed once round 1 has opened, or somebody has answered them: "
        "everybody is asked the same."
    )


class OpenQuestionsAreFixed(TextsAreFixed):
    """The open questions would change where no round to come asks them."""

    message = N_(
        "Open questions can be changed as long as an open round is still to come. Plan one on the page "
        "“The course of the study”; rounds that have opened keep what they asked."
    )


class AmendmentNeedsReason(DomainError):
    """An amendment came without its reason."""

    message = N_("Say why the protocol is amended; the report prints the reason.")


class ContactNeedsReason(AmendmentNeedsReason):
    """The contact that the panel was told is corrected without a reason."""

    message = N_("Say why the contact changes. The reason stands in the log.")


class AmendmentTouchesRatings(DomainError):
    """An amendment would change what ratings already given rest on."""

    message = N_(
        "An amendment cannot change %(what)s: what the panel has answered rests on them. "
        "Import the files as a new study instead."
    )
