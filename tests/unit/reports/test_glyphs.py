"""What the fonts of a PDF can show, against the fonts themselves, and with whatever people may type."""

import hashlib
import re
import unicodedata

import pytest
import typst
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from app.reports.glyphs import FONT_DIRECTORY, FONTS, SUBSTITUTE, covered_by, printable

VENDORED = re.findall(
    r"^\| (?P<file>\S+) \|.*\| (?P<sha256>[0-9a-f]{64}) \|$",
    (FONT_DIRECTORY / "VENDORED.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)
FONTS_OF_A_PDF = typst.Fonts(include_system_fonts=False, font_paths=[FONT_DIRECTORY])
SHOWN = b"""
#set text(font: ("Inter", "DejaVu Sans"), fallback: false)
#set document(title: "x")
#sys.inputs.text #strong(sys.inputs.text)
"""


def set_in_type(text: str) -> bytes:
    return typst.compile(
        SHOWN,
        font_paths=FONTS_OF_A_PDF,
        sys_inputs={"text": text},
        format="pdf",
        pdf_standards=["ua-1"],
    )


@pytest.mark.parametrize(("file", "sha256"), VENDORED)
def test_a_font_from_others_is_unchanged(file: str, sha256: str) -> None:
    assert hashlib.sha256((FONT_DIRECTORY / file).read_bytes()).hexdigest() == sha256


def test_every_font_is_in_the_list_with_its_licence() -> None:
    fonts = {path.name for path in FONT_DIRECTORY.iterdir() if path.suffix in {".otf", ".ttf"}}
    assert fonts == {file for file, _ in VENDORED}
    assert set(FONTS) < fonts


@pytest.mark.parametrize("font", FONTS)
def test_the_coverage_is_what_the_font_itself_says(font: str) -> None:
    assert covered_by(font) == frozenset(TTFont(FONT_DIRECTORY / font).getBestCmap())


def test_the_semibold_font_has_every_sign_of_the_regular_one() -> None:
    assert covered_by("Inter-SemiBold.otf") == covered_by("Inter-Regular.otf")


@pytest.mark.parametrize(
    "text",
    [
        "« L’espoir : 5 % – ça, c’est “œuvre” ! »",
        "Größe, één, IJsvrij, œuf",
        "Ελληνικά Русский Українська Türkçe Polski",
        "العربية עברית فارسی",
        "😀 ❤ ☺ → ✓ € ½",
        "line\nline",
    ],
)
def test_what_people_in_europe_write_is_printed_as_it_is(text: str) -> None:
    assert printable(text) == text
    assert set_in_type(text)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("中文", SUBSTITUTE * 2),
        ("a\tb", "a b"),
        ("a\ufeff\u202e\u00adb\ufe0f", "ab"),
        ("e\u0301", "é"),
        ("👍🏽", SUBSTITUTE * 2),
        ("中\u0301", SUBSTITUTE),
        ("\U000f0000\ud800", SUBSTITUTE),
    ],
)
def test_what_has_no_letters_is_seen_to_be_missing(typed: str, printed: str) -> None:
    assert printable(typed) == printed


# Several texts in each document: to begin one takes longer than to set what stands in it.
@settings(deadline=None, max_examples=40)
@given(st.lists(st.text(max_size=40), max_size=12))
def test_whatever_is_typed_can_be_set_in_type(texts: list[str]) -> None:
    assert set_in_type(printable("\n".join(texts))).startswith(b"%PDF")


def test_every_sign_there_is_alone_and_under_a_mark_can_be_set_in_type() -> None:
    signs = "".join(map(chr, (*range(0x20, 0xD800), *range(0xE000, 0x11000), *range(0x1F000, 0x1FB00))))
    shown = printable(signs)
    assert set_in_type(shown)
    assert set_in_type(printable("".join(f"{sign}\u0301" for sign in signs[:0x3000])))


def test_every_sign_is_the_same_alone_and_beside_one_that_is_looked_at_more_closely() -> None:
    missing = "\N{EGYPTIAN HIEROGLYPH A001}"
    for sign in map(chr, range(0x20, 0x1100)):
        if unicodedata.category(sign)[0] not in "CM":
            assert printable(sign) + SUBSTITUTE == printable(sign + missing), hex(ord(sign))
