"""Sentences that people read, kept apart from the figures that fill them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


def N_(message: str) -> str:  # noqa: N802 - the customary name of a gettext marker
    """Mark ``message`` for the translation catalogs and give it back unchanged."""
    return message


@dataclass(frozen=True)
class Sentence:
    """One sentence for a person: an English message id and what fills its named placeholders.

    The web layer translates ``message`` first and fills it afterwards; ``str()`` gives the English sentence.
    """

    message: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % self.params
