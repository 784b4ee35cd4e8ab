"""Refusals of signing in, and of changing an account."""

from app.domain.errors.refusal import DomainError, NotFound
from app.domain.messages import N_, NN_, Sentence


class ResearcherNotFound(NotFound):
    """There is no account of this number."""

    message = N_("There is no researcher “%(name)s”.")


class SignInRefused(DomainError):
    """Wrong address or password; which of the two is not told."""

    message = N_("The e-mail address or the password is not right. Check both and try again.")


class TooManyAttempts(DomainError):
    """The account, the address or the link was tried too often in a short time."""

    message, plural = NN_(
        "There were too many attempts. Wait one minute and try again.",
        "There were too many attempts. Wait %(minutes)s minutes and try again.",
    )
    counted = "minutes"


class ResearcherSignedOut(DomainError):
    """There is no running session of a researcher."""

    message = N_("Please sign in to go on.")


class AccountExists(DomainError):
    """A researcher with this address is already there."""

    message = N_("There is already an account for %(email)s.")


class NameMissing(DomainError):
    """An account was to be made without a name."""

    message = N_("Write the name that colleagues see.")


class ProviderAway(DomainError):
    """The provider that vouches for people does not answer, or not as one does."""

    message = N_(
        "The sign-in of your organisation does not answer now. Try again in half a minute, "
        "or sign in with your password."
    )


class SignInNotFinished(DomainError):
    """Somebody comes back from a provider without an answer to a question that this browser asked."""

    message = N_("The sign-in did not come to its end, and nothing was opened. Begin it again.")


class NotKnownHere(DomainError):
    """A provider vouches for somebody who has no account."""

    message = N_(
        "Your organisation knows you, but there is no account here for your e-mail address. "
        "Ask the owner of a study to invite you."
    )


class PasswordWrong(DomainError):
    """Somebody who is signed in confirms a change with another password than that of the account."""

    message = N_("This is not your password. Type it as you do when you sign in.")


class CodeWrong(DomainError):
    """The code of the second factor is not right, or was used already."""

    message = N_("This code is not right, or it was used already. Type the one that your device shows now.")


class SecondFactorAlready(DomainError):
    """The second factor is switched on already, perhaps in another tab."""

    message = N_("The second factor is switched on already.")


class RecoveryNotValid(NotFound):
    """The link for a new password is unknown, was used, or is too old."""

    message = N_("This link cannot be used: it was used already, or it is too old. Ask for a new one.")


class PasswordTooWeak(DomainError):
    """The password is shorter than the promise to the panel allows."""

    message = N_("Choose a password of at least %(minimum)s characters.")


class AddressNotValid(DomainError):
    """The e-mail address cannot be one."""

    message = N_("“%(email)s” does not look like an e-mail address. Check it for typing errors.")

    @property
    def sentence(self) -> Sentence:
        """What is wrong; of an address that was left empty, that it is."""
        return super().sentence if self.params["email"] else Sentence(N_("Write the e-mail address."))
