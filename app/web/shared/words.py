"""Sentences of the domain in a person's language."""

from dataclasses import replace

from app.domain.errors import ActionBlocked, DomainError, ProtocolNotValid
from app.domain.messages import LanguageNames, Names, Sentence
from app.domain.study import in_language
from app.i18n import translations
from app.i18n.formats import formats


def in_words(sentence: Sentence, locale: str) -> str:
    """A sentence in a language; the names and the sentences that are parts of it are put into it too."""
    spoken = translations(locale)
    message = (
        spoken.ngettext(sentence.message, sentence.plural, sentence.n)
        if sentence.plural
        else spoken.gettext(sentence.message)
    )
    return message % {name: _filled_in(value, locale) for name, value in sentence.params.items()}


def _filled_in(value: object, locale: str) -> object:
    if isinstance(value, Sentence):
        return in_words(value, locale)
    if isinstance(value, Names):
        return formats(locale).listing(in_language(name, locale) for name in value.listed)
    if isinstance(value, LanguageNames):
        return formats(locale).listing(formats(locale).language(code) for code in value.codes)
    return value


def error_in_words(error: DomainError, locale: str) -> str:
    """A refusal in a language; what blocks an action, or is wrong in a protocol, is said one by one."""
    if isinstance(error, ActionBlocked):
        reasons = " ".join(in_words(blocker, locale) for blocker in error.blockers)
        return in_words(Sentence(error.message, {"reasons": reasons}), locale)
    if isinstance(error, ProtocolNotValid):
        translate = translations(locale).gettext
        listing = formats(locale).clause_sign.join(fault.in_words(translate) for fault in error.faults)
        return in_words(replace(error.sentence, params={**error.params, "listing": listing}), locale)
    return in_words(error.sentence, locale)
