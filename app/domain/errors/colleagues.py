"""Refusals about who has which part in a study."""

from app.domain.errors.refusal import DomainError, NotFound
from app.domain.messages import N_


class NotAllowed(DomainError):
    """The researcher's role in this study does not include this."""

    message = N_("Your role in this study does not include this. Ask an owner of the study.")


class LastOwnerStays(DomainError):
    """The last owner of a study would be removed or get another role."""

    message = N_(
        "%(name)s is the only owner of the study, and a study needs one. "
        "Make another colleague an owner first."
    )


class ColleagueAlready(DomainError):
    """Somebody is invited who has a part in the study."""

    message = N_("%(email)s has a part in this study already. Change the role in the list of colleagues.")


class InvitedAlready(DomainError):
    """An invitation to the same address still waits."""

    message = N_("%(email)s has an invitation that still waits. Withdraw it before you write another.")


class InvitationNotValid(NotFound):
    """The invitation is unknown, or was accepted, withdrawn or left too long."""

    message = N_(
        "This invitation cannot be used: it was accepted or withdrawn, or it is too old. "
        "Ask whoever invited you for a new one."
    )


class InvitationNotWaiting(NotFound):
    """The study has no such invitation that waits."""

    message = N_("This invitation does not wait any more: it was accepted or withdrawn.")


class TakesPartInTeam(DomainError):
    """Somebody accepts an invitation to a study in which they have a part."""

    message = N_("You have a part in this study already. The invitation was left as it is.")


class RoleMissing(DomainError):
    """No role was chosen, or none that there is."""

    message = N_("Choose a role.")
