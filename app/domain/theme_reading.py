"""Themes read from the tables of a study's document, and written as such tables again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.scale import ProtocolFault
from app.domain.field_reading import FieldReader
from app.domain.messages import N_
from app.domain.statement_editing import FieldsRefused
from app.domain.study import Texts
from app.domain.theme import Colour, Theme, ThemeDraft, checked_theme, in_hierarchy, place_at_end

THEME_TABLE = "theme"


@dataclass(frozen=True)
class MatchedTheme:
    """A theme, and the codes of the statements with which it is matched."""

    theme: Theme
    statements: tuple[str, ...] = ()


def read_themes(root: FieldReader, languages: Sequence[str]) -> tuple[MatchedTheme, ...]:
    """The themes of a document, each after the one it stands under; faults are added to the reader's."""
    known: list[Theme] = []
    matched = []
    for reader in root.tables(THEME_TABLE):
        name, under = reader.text("name"), reader.text("under", default="")
        description, colour = (
            reader.text("description", default=""),
            reader.text("colour", default=Colour.TEAL),
        )
        parent_id = next((one.id for one in known if one.name == under), None)
        if under and parent_id is None:
            reader.fault("under", N_("“%(theme)s” is not the name of a theme before this one."), theme=under)
        draft = ThemeDraft(name, description, colour, parent_id, _read_heading(reader, languages))
        statements = _read_statements(reader)
        reader.refuse_unknown()
        try:
            theme = _theme(checked_theme(draft, known, languages), known)
        except FieldsRefused as refused:
            for field, problem in refused.problems.items():
                if name or field != "name":
                    where = f"{reader.where}.{field}"
                    root.faults.append(ProtocolFault.of(where, problem.message, **problem.params))
            continue
        known.append(theme)
        matched.append(MatchedTheme(theme, statements))
    return tuple(matched)


def theme_tables(themes: Iterable[MatchedTheme], languages: Sequence[str]) -> list[dict[str, Any]]:
    """The tables that say these themes, with what the panel reads above comments in these languages."""
    listed = list(themes)
    headings = {
        one.theme.id: {
            language: one.theme.heading[language] for language in languages if language in one.theme.heading
        }
        for one in listed
    }
    names = {one.theme.id: one.theme.name for one in listed}
    return [
        {
            "name": one.theme.name,
            "colour": one.theme.colour.value,
            **({"description": one.theme.description} if one.theme.description else {}),
            **({"under": names[one.theme.parent_id]} if one.theme.parent_id is not None else {}),
            **({"heading": headings[one.theme.id]} if headings[one.theme.id] else {}),
            **({"statements": list(one.statements)} if one.statements else {}),
        }
        for one in listed
    ]


def as_listed(themes: Sequence[Theme], matches: Mapping[int, tuple[str, ...]]) -> tuple[MatchedTheme, ...]:
    """Stored themes as a document lists them: in their hierarchy, and numbered in this order."""
    known: list[Theme] = []
    numbers: dict[int | None, int | None] = {None: None}
    listed = []
    for placed in in_hierarchy(themes):
        before = placed.theme
        draft = ThemeDraft(
            before.name, before.description, before.colour, numbers[before.parent_id], before.heading
        )
        theme = _theme(draft, known)
        numbers[before.id] = theme.id
        known.append(theme)
        listed.append(MatchedTheme(theme, matches.get(before.id, ())))
    return tuple(listed)


def _theme(draft: ThemeDraft, known: Sequence[Theme]) -> Theme:
    return Theme(
        len(known) + 1,
        draft.name,
        draft.description,
        Colour(draft.colour),
        draft.parent_id,
        place_at_end(known, draft.parent_id),
        draft.heading,
    )


def _read_heading(reader: FieldReader, languages: Sequence[str]) -> Texts:
    heading = reader.take("heading", {})
    if not isinstance(heading, Mapping) or not all(isinstance(text, str) for text in heading.values()):
        reader.fault("heading", N_("must be a table of fields."))
        return {}
    for language in heading:
        if language not in languages:
            reader.fault(f"heading.{language}", N_("is not in one of the study's languages."))
    return heading


def _read_statements(reader: FieldReader) -> tuple[str, ...]:
    codes = reader.take("statements", [])
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        reader.fault("statements", N_('must list the codes of one or more statements, such as ["S07"].'))
        return ()
    if len(set(codes)) < len(codes):
        reader.fault("statements", N_("names a statement twice."))
    return tuple(codes)
