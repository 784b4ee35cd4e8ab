"""A study's own texts on a researcher's page, marked with the language they are in."""

from dataclasses import dataclass

from app.domain.study import Texts, in_language


@dataclass(frozen=True, slots=True)
class Told:
    """A text; ``language`` is set only where it is not the page's own, so that it is read aloud rightly."""

    text: str
    language: str = ""


def told(texts: Texts, locale: str) -> Told:
    """A text in the page's language, else in the first that has it."""
    text = in_language(texts, locale)
    if texts.get(locale):
        return Told(text)
    return Told(text, next(code for code, known in texts.items() if known == text))
