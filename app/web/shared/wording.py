"""How one wording of a statement differs from the one before, word by word."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from app.web.shared.parts import WordSpan

Change = Literal["same", "added", "removed"]


class _Token(NamedTuple):
    """A word or a mark, and the space before it."""

    space: str
    text: str


# A word keeps what joins its parts (job-sharing, l'entraide, 2.5); every other mark stands for itself.
_TOKEN = re.compile(r"(\s*)(\w+(?:(?:[-'’·]|[.,](?=\d))\w+)*|[^\w\s])")


def changed_words(before: str, after: str) -> tuple[WordSpan, ...]:
    """The words of both texts in reading order; of a replacement, what went stands before what came.

    A mark such as a comma is told apart from the word before it.
    """
    old, new = _tokens(before), _tokens(after)
    matcher = SequenceMatcher(None, [one.text for one in old], [one.text for one in new], autojunk=False)
    spans: list[WordSpan] = []
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            spans.append(_span(new[j1:j2], "same", new[j1].space or old[i1].space))
            continue
        if i1 < i2:
            spans.append(_span(old[i1:i2], "removed", old[i1].space))
        if j1 < j2:
            spans.append(_span(new[j1:j2], "added", new[j1].space or " " * (i1 < i2)))
    return tuple(spans)


def _tokens(text: str) -> list[_Token]:
    return [_Token(*found) for found in _TOKEN.findall(text.strip())]


def _span(tokens: Sequence[_Token], change: Change, space: str) -> WordSpan:
    first, *rest = tokens
    return WordSpan(first.text + "".join(one.space + one.text for one in rest), change, space)
