"""Refusals about panelists, their links and their part in a study."""

from app.domain.errors.refusal import DomainError, NotFound
from app.domain.messages import N_


class PanelistNotFound(NotFound):
    """The study has no panelist of this pseudonym."""

    message = N_("The study has no panelist “%(name)s”.")


class NotInvited(DomainError):
    """The panelist is not part of this round."""

    message = N_(
        "You are not asked to answer in round %(round)s. If you think this is a mistake, please "
        "tell the study team."
    )


class TakesPartAlready(DomainError):
    """Somebody who consented says that they do not take part; leaving is another step."""

    message = N_("You have already said that you take part. If you want to stop, choose “Stop taking part”.")


class LinkNotValid(DomainError):
    """The personal link is unknown, revoked or expired."""

    message = N_(
        "This link does not open a questionnaire. It may have been replaced by a newer one. Please "
        "ask the study team for a new link."
    )


class PanelistSignedOut(DomainError):
    """There is no running session of a panelist."""

    message = N_("To protect your answers, please open the personal link from your invitation again.")


class ConsentMissing(DomainError):
    """The panelist has not consented yet."""

    message = N_("Please read about the study and say whether you take part, before you answer.")


class PanelistHasLeft(DomainError):
    """The panelist declined or withdrew."""

    message = N_("You have left this study. Nothing more is asked of you and nothing more is stored.")


class DisowningUnclear(DomainError):
    """Somebody says that a link or a page is not theirs, but not how they came to it."""

    message = N_("Choose what happened.")


class DisowningUnconfirmed(DomainError):
    """The word that shows that a person says so, and not a program that follows links, is missing."""

    message = N_("Write the word “%(word)s” here, so that we know that a person says this.")


class LiftingNeedsReason(DomainError):
    """A pseudonym was to be lifted without a reason."""

    message = N_("Say why you need to know who this is. The reason stands in the log.")


class NobodyBehindPseudonym(NotFound):
    """The panelist has left and had everything erased, so that no name is stored."""

    message = N_("No name is stored for %(name)s any more: this panelist had it erased.")
