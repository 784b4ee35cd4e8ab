"""Templates of studies: a protocol to begin with, in every language that Castalia speaks."""

import tomllib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from app.domain.design import with_languages_only

_FOLDER: Final = Path(__file__).parent


class StudyTemplate(StrEnum):
    """What a new study can begin with; each is a file of this folder."""

    MODEL_STUDY = "model_study"
    CORE_OUTCOME_SET = "core_outcome_set"
    APPROPRIATENESS = "appropriateness"
    POLICY_DELPHI = "policy_delphi"
    REAL_TIME = "real_time"
    EMPTY = "empty"


def template_tables(template: StudyTemplate, languages: Sequence[str]) -> dict[str, Any]:
    """The tables of a template, in the form of ``study.toml``, with its texts in these languages only."""
    return dict(with_languages_only(_read(template.value), languages))


def template_texts(languages: Sequence[str]) -> dict[str, Any]:
    """What every template tells the panel: who sees what, and what consent means."""
    return dict(with_languages_only(_read("texts"), languages))


@cache
def _read(name: str) -> Mapping[str, Any]:
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
