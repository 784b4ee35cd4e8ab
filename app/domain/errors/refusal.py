"""What every refusal is: a fact that is named, in a sentence that says what to do."""

from typing import ClassVar

from app.domain.messages import N_, Sentence


class DomainError(Exception):
    """A request that the rules of a study refuse, with a sentence that says why and what to do.

    With a ``plural``, ``message`` speaks of one thing, and ``counted`` names the parameter with the number.
    """

    message: ClassVar[str]
    plural: ClassVar[str] = ""
    counted: ClassVar[str] = ""

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(str(self.sentence))

    @property
    def sentence(self) -> Sentence:
        """The refusal as a translatable sentence."""
        n = self.params.get(self.counted)
        return Sentence(self.message, self.params, self.plural, n if isinstance(n, int) else 1)


class NotFound(DomainError):
    """What was asked for is not there, or belongs to somebody else."""

    message = N_("There is no “%(name)s” here.")


class RepeatedRequestDiffers(DomainError):
    """The same request key came again with another content."""

    message = N_("This form was already sent with other content. Reload the page and look at what is stored.")
