"""The catalogs of translations: gathered from the sources, brought up to date, and checked."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from app.i18n import LANGUAGE_NAMES, SOURCE_LANGUAGE, catalog_path

ROOT: Final = Path(__file__).parents[2]
SOURCES: Final = ("app", "analysis")
"""Where sentences are marked; what `analysis` marks is told by the application."""
TRANSLATED: Final = tuple(language for language in LANGUAGE_NAMES if language != SOURCE_LANGUAGE)

_METHODS: Final = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
_OPTIONS: Final = {
    "**/templates/**.html": {"newstyle_gettext": "true", "silent": "false"},
    "**/templates/**.txt": {"newstyle_gettext": "true", "silent": "false"},
}
_KEYWORDS: Final = DEFAULT_KEYWORDS | {"N_": None, "NN_": (1, 2)}
_CHANGING_HEADERS: Final = tuple(
    f'"{name}:'
    for name in (
        "Project-Id-Version",
        "Report-Msgid-Bugs-To",
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Language-Team",
        "Generated-By",
    )
)
_PLACEHOLDER: Final = re.compile(r"%\((\w+)\)[a-z]|\{(\w+)\}")


def extract_messages() -> Catalog:
    """Return every sentence that the application marks for translation, with the files that say it."""
    template = Catalog(domain="castalia", project="Castalia", charset="utf-8")
    for source in SOURCES:
        found = extract_from_dir(
            ROOT / source,
            _METHODS,
            _OPTIONS,
            _KEYWORDS,
            comment_tags=("Translators:",),
            strip_comment_tags=True,
        )
        for filename, _, message, comments, context in found:
            template.add(
                message, None, [(f"{source}/{filename}", 0)], auto_comments=comments, context=context
            )
    return template


def read_catalog(language: str) -> Catalog:
    """Return the catalog of `language`, an empty one when it has none yet."""
    path = catalog_path(language)
    if not path.exists():
        return Catalog(locale=language, domain="castalia", project="Castalia", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="castalia")


def update_catalogs() -> dict[str, int]:
    """Bring every catalog up to the sources; return how many sentences each still lacks."""
    template = extract_messages()
    missing = {}
    for language in TRANSLATED:
        catalog = read_catalog(language)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        _write(catalog, language)
        missing[language] = sum(not _is_translated(message) for message in _sentences(catalog))
    return missing


def check_catalogs() -> list[str]:
    """Return every fault of the catalogs, one sentence each; an empty list means that all is well."""
    template = extract_messages()
    return [
        f"{language}: {fault}"
        for language in TRANSLATED
        for fault in _faults(template, read_catalog(language))
    ]


def _write(catalog: Catalog, language: str) -> None:
    # Dates and line numbers would change the file at every run and make two people's work collide.
    catalog.fuzzy = False
    catalog.header_comment = f"# Castalia in {LANGUAGE_NAMES[language]}."
    path = catalog_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=110, sort_output=True, include_lineno=False, omit_header=False)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(_CHANGING_HEADERS)]
    path.write_text("".join(kept), encoding="utf-8")


def _faults(template: Catalog, catalog: Catalog) -> Iterator[str]:
    for message in _sentences(template):
        translated = catalog.get(
            message.id if isinstance(message.id, str) else message.id[0], message.context
        )
        if translated is None or not _is_translated(translated):
            yield f"missing: {message.id!r}"
        elif translated.fuzzy:
            yield f"fuzzy: {message.id!r}"
        elif not _placeholders_agree(translated):
            yield f"other placeholders: {message.id!r} -> {translated.string!r}"


def _sentences(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def _is_translated(message: Message) -> bool:
    strings = _strings(message)
    return bool(strings) and all(strings)


def _strings(message: Message) -> list[str]:
    if isinstance(message.string, (list, tuple)):
        return list(message.string)
    return [message.string or ""]


def _placeholders_agree(message: Message) -> bool:
    first, *others = (_placeholders(string) for string in _strings(message))
    if isinstance(message.id, str):
        return first == _placeholders(message.id)
    singular, plural = _placeholders(message.id[0]), _placeholders(message.id[1])
    return first in (singular, plural) and all(other == plural for other in others)


def _placeholders(text: str) -> frozenset[str]:
    return frozenset(name or brace for name, brace in _PLACEHOLDER.findall(text))
