"""``study.toml`` written from a study: read again it says the same, and its protocol has the same hash."""

from typing import Any

import tomli_w

from app.domain.design import STUDY_FIELDS, STUDY_TEXTS
from app.domain.protocol import PROTOCOL_TABLES
from app.domain.question_reading import OPEN_TABLE, PROFILE_TABLE, open_tables, profile_tables
from app.domain.statement import Evidence
from app.domain.statement_editing import LOST
from app.domain.study import Texts
from app.domain.study_definition import StudyDefinition
from app.domain.theme_reading import THEME_TABLE, theme_tables


def write_study_toml(definition: StudyDefinition) -> bytes:
    """The file that says everything of a study but its statements and its panel."""
    text = tomli_w.dumps(_document(definition))
    # A character that somebody lost long ago is no fault of this file, and is read where it is written out.
    return text.replace(LOST, f"\\u{ord(LOST):04X}").encode()


def _document(definition: StudyDefinition) -> dict[str, Any]:
    facts = {name: getattr(definition, name) for name in STUDY_FIELDS}
    texts = {name: dict(getattr(definition.texts, name)) for name in STUDY_TEXTS}
    lists = {
        "topic": [{"code": topic.code, "name": _said(topic.name, definition)} for topic in definition.topics],
        PROFILE_TABLE: profile_tables(definition.profile_questions),
        OPEN_TABLE: open_tables(definition.open_questions),
        "evidence": [_card(card, definition) for card in definition.evidence],
        THEME_TABLE: theme_tables(definition.themes, definition.languages),
    }
    return {
        "study": {**facts, "languages": list(definition.languages), **texts},
        **{name: definition.tables[name] for name in PROTOCOL_TABLES[1:] if name in definition.tables},
        **{name: tables for name, tables in lists.items() if tables},
    }


def _card(card: Evidence, definition: StudyDefinition) -> dict[str, Any]:
    why = _said(card.why, definition)
    return {
        "code": card.code,
        "kind": card.kind.value,
        **({"country": card.country} if card.country else {}),
        "statements": list(card.statements),
        "title": _said(card.title, definition),
        "what": _said(card.what, definition),
        **({"why": why} if why else {}),
        "source": card.source,
    }


def _said(texts: Texts, definition: StudyDefinition) -> dict[str, str]:
    """A text where it is written; what is still missing, and what was said in languages given up, is not."""
    return {language: texts[language] for language in definition.languages if texts.get(language)}
