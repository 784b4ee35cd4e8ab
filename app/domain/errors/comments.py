"""Refusals of deciding on comments."""

from app.domain.errors.refusal import DomainError, NotFound
from app.domain.messages import N_


class CommentNotFound(NotFound):
    """The comment is not there any more: its author has left and had everything erased."""

    message = N_("This comment on %(statement)s is not there any more: its author has had it erased.")


class ModerationNotPossible(DomainError):
    """A decision on a comment comes before the round is closed, or after its feedback was released."""

    message = N_(
        "Comments are decided on between the close of their round and the release of its feedback. "
        "Afterwards a comment that is shown can only be withdrawn."
    )


class RedactionEmpty(DomainError):
    """A comment is to be redacted to nothing."""

    message = N_("Write what the panel is to read instead, or withhold the comment.")
