"""A document is set in a process of its own, which cannot run for ever and is told no secret."""

import subprocess
from datetime import UTC, datetime
from typing import Any

import pytest

from app.reports.own_answers import OwnAnswersDocument, render_pdf
from app.reports.typesetting import DocumentNotMade, typeset

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EMPTY = OwnAnswersDocument("nl", "Een tuin", "team@example.org", (), AT)


def test_a_document_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(DocumentNotMade):
        typeset("own_answers.typ", {}, AT, longest_seconds=0.001)


def test_a_document_that_cannot_be_set_is_refused_in_words() -> None:
    with pytest.raises(DocumentNotMade, match="could not be made just now"):
        typeset("own_answers.typ", {"title": 1}, AT)


def test_the_typesetter_is_told_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASTALIA_SECRET", "a secret that is long enough for every test")
    told: dict[str, Any] = {}
    run = subprocess.run

    def watched(*arguments: Any, **options: Any) -> Any:
        told.update(options)
        return run(*arguments, **options)

    monkeypatch.setattr(subprocess, "run", watched)
    assert render_pdf(EMPTY).startswith(b"%PDF-1.7")
    assert "CASTALIA_SECRET" not in told["env"]
