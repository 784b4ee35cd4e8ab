"""Which signs the fonts of a PDF can show: what somebody typed is printed, or seen to be missing."""

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

FONT_DIRECTORY: Final = Path(__file__).parent / "fonts"
FONTS: Final = ("Inter-Regular.otf", "DejaVuSans.ttf")
SUBSTITUTE: Final = "□"

_SEGMENTED_COVERAGE: Final = 12
_JOINERS: Final = "\u200c\u200d"
_FIRST_LETTERS_THAT_MERGE: Final = 0x1100
"""From here on there are letters that merge with the next one, without being marks."""


def printable(text: str) -> str:
    """The text with a box for each sign that no font has; what has no shape of its own is left out."""
    spaced = text.replace("\t", " ")
    if _plain_signs().issuperset(spaced):
        return spaced
    visible = unicodedata.normalize("NFC", "".join(filter(_has_shape, spaced)))
    return "".join(cluster if _is_covered(cluster) else SUBSTITUTE for cluster in _clusters(visible))


@cache
def _plain_signs() -> frozenset[str]:
    """Signs that stand for themselves and that the first font has: most texts have no others."""
    signs = (chr(point) for point in covered_by(FONTS[0]) if point < _FIRST_LETTERS_THAT_MERGE)
    return frozenset("\n").union(
        sign
        for sign in signs
        if unicodedata.category(sign)[0] not in "CM" and unicodedata.is_normalized("NFC", sign)
    )


@cache
def covered_by(font: str) -> frozenset[int]:
    """The code points that a font has a glyph for, by its own table of segments."""
    content = (FONT_DIRECTORY / font).read_bytes()
    n_tables = struct.unpack_from(">H", content, 4)[0]
    records = (struct.unpack_from(">4s4xI", content, 12 + 16 * place) for place in range(n_tables))
    cmap = next(offset for tag, offset in records if tag == b"cmap")
    n_subtables = struct.unpack_from(">H", content, cmap + 2)[0]
    starts = (
        cmap + struct.unpack_from(">4xI", content, cmap + 4 + 8 * place)[0] for place in range(n_subtables)
    )
    start = next(s for s in starts if struct.unpack_from(">H", content, s)[0] == _SEGMENTED_COVERAGE)
    n_segments = struct.unpack_from(">I", content, start + 12)[0]
    segments = struct.iter_unpack(">3I", content[start + 16 : start + 16 + 12 * n_segments])
    return frozenset(point for first, last, _ in segments for point in range(first, last + 1))


def _has_shape(sign: str) -> bool:
    if sign == "\n" or sign in _JOINERS:
        return True
    is_selector = unicodedata.name(sign, "").startswith("VARIATION SELECTOR")
    return unicodedata.category(sign) not in ("Cc", "Cf", "Cs") and not is_selector


def _is_covered(cluster: str) -> bool:
    # One font must have all of it: marks are set by the font of the letter that they stand on.
    return cluster == "\n" or any(all(ord(sign) in covered_by(font) for sign in cluster) for font in FONTS)


def _clusters(text: str) -> Iterator[str]:
    """Each sign with the marks and joiners that belong to it."""
    starts = [place for place, sign in enumerate(text) if not place or not _belongs_to_the_one_before(sign)]
    return (text[start:end] for start, end in pairwise([*starts, len(text)]))


def _belongs_to_the_one_before(sign: str) -> bool:
    return sign in _JOINERS or unicodedata.category(sign).startswith("M")
