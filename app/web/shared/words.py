"""Sentences of the domain in a person's language."""

from app.domain.errors import ActionBlocked, DomainError
from app.domain.messages import Sentence
from app.i18n import translations


def in_words(sentence: Sentence, locale: str) -> str:
    """A sentence in a language; the parts that are sentences themselves are put into it too."""
    message = translations(locale).gettext(sentence.message)
    return message % {
        name: in_words(value, locale) if isinstance(value, Sentence) else value
        for name, value in sentence.params.items()
    }


def error_in_words(error: DomainError, locale: str) -> str:
    """A refusal in a language; what blocks an action is said reason by reason."""
    if isinstance(error, ActionBlocked):
        reasons = " ".join(in_words(blocker, locale) for blocker in error.blockers)
        return in_words(Sentence(error.message, {"reasons": reasons}), locale)
    return in_words(error.sentence, locale)
