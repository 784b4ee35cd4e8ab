"""Every refusal that the engine knows has an answer, in the one map."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import app
from app.domain.errors import DomainError, NotFound, StudyNotFound
from app.web.shared.refusals import ANSWERS, answer_to


def every_kind(parent: type[DomainError]) -> Iterator[type[DomainError]]:
    for kind in parent.__subclasses__():
        yield kind
        yield from every_kind(kind)


@pytest.fixture(scope="module")
def kinds() -> set[type[DomainError]]:
    """Every refusal of the whole application, wherever it is defined."""
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return {kind for kind in every_kind(DomainError) if kind.__module__.startswith("app.")}


def test_every_refusal_has_a_line_in_the_map_or_is_a_kind_of_one_that_has(kinds):
    unanswered = {kind.__name__ for kind in kinds if not set(kind.__mro__) & set(ANSWERS)}
    assert unanswered == set()


def test_a_refusal_without_a_line_of_its_own_is_answered_as_what_it_is_a_kind_of():
    assert answer_to(StudyNotFound(slug="x")) == ANSWERS[NotFound]


def test_what_has_no_line_at_all_is_an_error_of_ours():
    with pytest.raises(LookupError, match="ValueError"):
        answer_to(ValueError())


def test_no_refusal_is_answered_as_an_error_of_the_server_except_a_short_absence():
    assert {answer.status for answer in ANSWERS.values() if answer.status >= 500} == {503}


def test_every_answer_has_a_code_for_scripts():
    assert all(answer.code.replace("_", "").isalpha() for answer in ANSWERS.values())
