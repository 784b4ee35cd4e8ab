"""Refusals of what a panelist answers."""

from app.domain.errors.refusal import DomainError
from app.domain.messages import N_, NN_


class UnknownStatement(DomainError):
    """The statement is not part of this round's questionnaire."""

    message = N_("The statement “%(statement)s” is not part of this round.")


class UnknownCriterion(DomainError):
    """The protocol rates statements on no such criterion."""

    message = N_("Statements of this study are not rated on “%(criterion)s”.")


class UnknownQuestion(DomainError):
    """The open question, or the place for an answer to it, is not part of this round."""

    message = N_("The open question “%(question)s” is not part of this round.")


class PointOffScale(DomainError):
    """The rating is not a point of the criterion's scale."""

    message = N_(
        "“%(point)s” is not on the scale of statement %(statement)s. Choose one of %(first)s to "
        "%(last)s, or “unable to rate”."
    )


class RatingContradictsItself(DomainError):
    """Both a point and "unable to rate", or neither."""

    message = N_("For statement %(statement)s choose either a point of the scale or “unable to rate”.")


class TextTooLong(DomainError):
    """A free text is longer than what is stored."""

    message = N_(
        "This text has %(length)s characters; at most %(limit)s can be kept. Shorten it, and save again."
    )


class TextNotReadable(DomainError):
    """A free text has characters that no text has, such as a NUL."""

    message = N_("This text has a character that cannot be stored. Delete it, or type the text again.")


class UnknownReason(DomainError):
    """The coded reason is not in the list."""

    message = N_("“%(reason)s” is not one of the reasons listed.")


class StaleRating(DomainError):
    """Another tab or device changed the rating in between; nothing was overwritten."""

    message = N_(
        "Your rating of %(statement)s was changed on another page in the meantime. Nothing was "
        "overwritten: choose which one counts."
    )


class StaleComment(DomainError):
    """Another tab or device changed the comment in between; nothing was overwritten."""

    message = N_(
        "Your comment on %(statement)s was changed on another page in the meantime. "
        "Nothing was overwritten: choose which one counts."
    )


class StaleAnswer(DomainError):
    """Another tab or device changed the answer to an open question in between; nothing was overwritten."""

    message = N_(
        "Your answer to %(question)s was changed on another page in the meantime. "
        "Nothing was overwritten: choose which one counts."
    )


class ProfileAnswerRefused(DomainError):
    """A profile answer does not fit its question."""

    message = N_("Please check the answer to “%(question)s”: %(problem)s")


class ProfileIncomplete(DomainError):
    """A required profile question has no answer."""

    message = N_("Please answer “%(question)s”.")


class QuestionnaireIncomplete(DomainError):
    """Something is still unanswered; abstaining counts as an answer."""

    message, plural = NN_(
        "One statement still waits for an answer: %(statements)s. “Unable to rate” is an answer too.",
        "%(missing)s statements still wait for an answer: %(statements)s. “Unable to rate” is an answer too.",
    )
    counted = "missing"
