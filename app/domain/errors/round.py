"""Refusals of a round's steps, and of its figures."""

from collections.abc import Sequence

from app.domain.errors.refusal import DomainError, NotFound
from app.domain.messages import N_, Sentence


class RoundNotFound(NotFound):
    """The study has no round of this number."""

    message = N_("The study “%(slug)s” has no round %(round)s.")


class NoRoundToAnalyse(NotFound):
    """No round is closed and waits for its figures."""

    message = N_("The study “%(slug)s” has no closed round to analyse.")


class RatingsNotAsCounted(DomainError):
    """The stored ratings of a closed round are not those that were counted when it closed."""

    message = N_(
        "The stored ratings of round %(round)s are not those with which it closed. No figures were computed. "
        "Ask whoever runs this installation to restore them from a backup."
    )


class RoundTransitionError(DomainError):
    """The round's lifecycle has no such step from where the round stands."""

    message = N_("Round %(round)s is %(status)s; it cannot be %(action)s now.")


class ActionBlocked(DomainError):
    """The step exists, but something is missing; ``blockers`` says what."""

    message = N_("This cannot be done yet. %(reasons)s")

    def __init__(self, blockers: Sequence[Sentence], **params: object) -> None:
        self.blockers = tuple(blockers)
        super().__init__(reasons=" ".join(str(blocker) for blocker in blockers), **params)


class RoundNotOpen(DomainError):
    """A rating came while the round takes none."""

    message = N_("Round %(round)s is not open. This change was not counted.")


class AnalysisMissing(DomainError):
    """The figures asked for have not been computed yet."""

    message = N_("Round %(round)s has not been analysed yet. Close it first.")
