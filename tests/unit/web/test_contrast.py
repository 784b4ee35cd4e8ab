"""The colours of the tokens can be told apart: 4.5 to 1 for text, 3 to 1 for what is drawn (WCAG 2.2)."""

import re

import pytest

from app.web.shared.templating import STATIC_DIRECTORY

TEXT = [
    ("ink", "paper"), ("ink", "ground"), ("ink", "wash"),
    ("ink-soft", "paper"), ("ink-soft", "ground"), ("ink-soft", "wash"),
    ("accent", "paper"), ("accent", "ground"), ("accent", "accent-wash"),
    ("accent-strong", "paper"), ("accent-strong", "accent-wash"),
    ("on-accent", "accent"), ("on-accent", "accent-strong"),
    ("on-masthead", "masthead"), ("on-masthead-soft", "masthead"),
    ("on-agree", "agree"), ("on-neutral", "neutral"), ("on-disagree", "disagree"),
    ("ink", "agree-wash"), ("ink", "neutral-wash"), ("ink", "disagree-wash"), ("ink-soft", "neutral-wash"),
    ("ink-soft", "agree-wash"), ("ink-soft", "disagree-wash"),
    ("success", "paper"), ("success", "success-wash"), ("ink", "success-wash"),
    ("warning", "paper"), ("warning", "ground"), ("ink", "warning-wash"),
    ("danger", "paper"), ("danger", "ground"), ("ink", "danger-wash"),
    ("on-danger", "danger"), ("on-danger", "danger-strong"),
]  # fmt: skip
DRAWN = [
    *((f"group-{i}", ground) for i in range(1, 9) for ground in ("paper", "ground")),
    *((band, ground) for band in ("agree", "neutral", "disagree") for ground in ("paper", "ground")),
    ("line-strong", "paper"), ("line-strong", "ground"),
    ("focus", "paper"), ("focus", "ground"), ("on-masthead-focus", "masthead"),
]  # fmt: skip


def tokens() -> dict[str, dict[str, str]]:
    sheet = (STATIC_DIRECTORY / "css" / "tokens.css").read_text(encoding="utf-8")
    light, dark = sheet.split("@media screen and (prefers-color-scheme: dark)")
    colour = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")
    of_light = dict(colour.findall(light))
    return {"light": of_light, "dark": of_light | dict(colour.findall(dark))}


THEMES = tokens()


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_the_greatest_contrast() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read_on_its_ground(theme: str, text: str, ground: str) -> None:
    assert contrast(THEMES[theme][text], THEMES[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("drawn", "ground"), DRAWN)
def test_what_is_drawn_can_be_seen_on_its_ground(theme: str, drawn: str, ground: str) -> None:
    assert contrast(THEMES[theme][drawn], THEMES[theme][ground]) >= 3


def test_the_dark_theme_changes_every_colour_that_the_light_one_paints_on() -> None:
    assert all(THEMES["light"][name] != THEMES["dark"][name] for name in ("paper", "ground", "ink", "accent"))
