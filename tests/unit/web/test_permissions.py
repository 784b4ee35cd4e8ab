"""Every address of the application stands in the table of permissions, once, and nothing else does."""

from collections import Counter
from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from app.main import create_app
from app.settings import Settings
from app.web.shared.permissions import ROUTES, Audience


def classified(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Every method and address that the application answers; HEAD is a kind of GET."""
    for route in app.routes:
        methods = getattr(route, "methods", None) or {"GET"}
        for method in methods - {"HEAD"}:
            yield method, str(getattr(route, "path", route))


@pytest.fixture(params=["development", "production"])
def app(request, tmp_path) -> FastAPI:
    settings = Settings(
        environment=request.param, database_url=f"sqlite:///{tmp_path / 'x.db'}", secret="s" * 32
    )
    return create_app(settings)


def test_every_route_is_classified(app):
    assert set(classified(app)) - set(ROUTES) == set()


def test_no_route_is_defined_twice(app):
    assert [route for route, n in Counter(classified(app)).items() if n > 1] == []


def test_every_line_of_the_table_is_a_route(app):
    in_development_only = {line for line in ROUTES if line[1].startswith("/styleguide")}
    expected = set(ROUTES) - (
        set() if app.state.settings.environment == "development" else in_development_only
    )
    assert expected - set(classified(app)) == set()


def test_only_researchers_routes_ask_for_a_permission():
    assert all(
        access.permission is None for access in ROUTES.values() if access.audience is not Audience.RESEARCHER
    )
