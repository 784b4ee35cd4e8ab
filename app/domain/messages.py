"""Sentences that people read, kept apart from the figures that fill them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.study import Texts, in_language


def N_(message: str) -> str:  # noqa: N802 - the customary name of a gettext marker
    """Mark ``message`` for the translation catalogs and give it back unchanged."""
    return message


def NN_(singular: str, plural: str) -> tuple[str, str]:  # noqa: N802 - as above
    """Mark a sentence in its two numbers for the translation catalogs, and give both back unchanged."""
    return singular, plural


@dataclass(frozen=True)
class Names:
    """Things that a sentence lists by name, each with its name in the languages that it has."""

    listed: tuple[Texts, ...]

    def __str__(self) -> str:
        return ", ".join(in_language(name, "en") for name in self.listed)


@dataclass(frozen=True)
class LanguageNames:
    """Languages that a sentence lists, by their codes."""

    codes: tuple[str, ...]

    def __str__(self) -> str:
        return ", ".join(self.codes)


@dataclass(frozen=True)
class Sentence:
    """One sentence for a person: an English message id and what fills its named placeholders.

    The web layer translates ``message`` first and fills it afterwards, names and sentences in it too;
    ``str()`` gives the English sentence.
    With a ``plural``, ``message`` speaks of one thing, and ``n`` says of how many.
    """

    message: str
    params: Mapping[str, object] = field(default_factory=dict)
    plural: str = ""
    n: int = 1

    def __str__(self) -> str:
        return (self.message if self.n == 1 or not self.plural else self.plural) % self.params
