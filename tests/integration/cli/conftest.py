"""What a test of the command may ask for: a person who types, in a directory of their own."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.cli.command import run


@dataclass(frozen=True)
class Answer:
    """How a command ended, and what it said."""

    code: int
    said: str
    complained: list[str]


@pytest.fixture
def castalia(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Answer]:
    """Type a command in an empty directory, with no CASTALIA_ variable set but those given in capitals."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("CASTALIA_")]:
        monkeypatch.delenv(name)

    def type_command(*words: str, **variables: str) -> Answer:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        code = run(words)
        output = capsys.readouterr()
        return Answer(code, output.out, output.err.splitlines())

    return type_command
