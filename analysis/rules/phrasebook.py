"""Phrases by locale, kept as TOML files beside the code that uses them."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LOCALES = ("en", "fr", "nl", "de")


@cache
def phrases_in(directory: Path, locale: str) -> Mapping[str, str]:
    """Read the phrases of a locale from ``directory``.

    Raises
    ------
    ValueError
        For a locale that is not kept.
    """
    if locale not in LOCALES:
        raise ValueError(f"no wording for locale {locale!r}; there is {', '.join(LOCALES)}")
    phrases: dict[str, str] = tomllib.loads((directory / f"{locale}.toml").read_text(encoding="utf-8"))
    return phrases


def counted_phrase(phrases: Mapping[str, str], name: str, number: int) -> str:
    """The phrase for a number of things.

    A phrase that differs for one thing has a second form, ``<name>_one``; ``singular`` lists the numbers that
    the language counts as one (in French 0 as well).
    """
    is_one = str(number) in phrases["singular"].split()
    return phrases.get(f"{name}_one", phrases[name]) if is_one else phrases[name]
