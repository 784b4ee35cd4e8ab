"""How one wording of a statement differs from the one before, word by word."""

from difflib import SequenceMatcher
from typing import Literal

from app.web.shared.parts import WordSpan

Change = Literal["same", "added", "removed"]


def changed_words(before: str, after: str) -> tuple[WordSpan, ...]:
    """The words of both texts in reading order; of a replacement, what went stands before what came."""
    old, new = before.split(), after.split()
    spans: list[WordSpan] = []
    for _, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if old[i1:i2] == new[j1:j2]:
            spans.append(WordSpan(" ".join(new[j1:j2]), "same"))
            continue
        replaced: tuple[tuple[list[str], Change], ...] = ((old[i1:i2], "removed"), (new[j1:j2], "added"))
        spans.extend(WordSpan(" ".join(words), change) for words, change in replaced if words)
    return tuple(spans)
