"""Counting what a page asks of the database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from app.storage import prepared


@contextmanager
def counting() -> Iterator[list[str]]:
    """The statements sent to any database while the block runs; a batch of rows is one."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    def noting(run: Callable[..., Any]) -> Callable[..., Any]:
        def noted(driver: object, told: list[tuple[str, object]]) -> Any:
            sent.extend(statement for statement, _ in told)
            return run(driver, told)

        return noted

    event.listen(Engine, "before_cursor_execute", note)
    try:
        with pytest.MonkeyPatch.context() as patch:
            for runner in ("_run_on_sqlite", "_run_on_postgresql"):
                patch.setattr(prepared, runner, noting(getattr(prepared, runner)))
            yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)
