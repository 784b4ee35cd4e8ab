"""A study's own texts, ready to be shown."""

from app.domain.study import Texts, in_language


def paragraphs(texts: Texts, language: str) -> tuple[str, ...]:
    """The paragraphs of a plain text in a language; blank lines part them."""
    return tuple(part.strip() for part in in_language(texts, language).split("\n\n") if part.strip())
