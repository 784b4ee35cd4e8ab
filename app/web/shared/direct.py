"""Routes that are asked for most: their endpoints are called without FastAPI's look at each argument.

They are answered in as many threads as the database makes use of.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

from app.web.shared.state import database_of
from app.web.shared.submission import SentForm


class DirectRoute(Route):
    """A route to an endpoint that takes the request and the parts of its path as texts.

    Parameters
    ----------
    method, path, endpoint
        What is called for what.
    read_form
        Reads the form that the endpoint takes last; None where it takes none.
    """

    def __init__(
        self,
        method: str,
        path: str,
        endpoint: Callable[..., Response],
        read_form: Callable[[Request], Awaitable[SentForm]] | None = None,
    ) -> None:
        async def answer(request: Request) -> Response:
            form = {} if read_form is None else {"form": await read_form(request)}
            call = partial(endpoint, request, **request.path_params, **form)
            return await asyncio.get_running_loop().run_in_executor(database_of(request).threads, call)

        super().__init__(path, answer, methods=[method], name=endpoint.__name__)
        self.methods = {method}

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether the route is meant; it is noted for the journal then."""
        match, found = super().matches(scope)
        return match, found if match is Match.NONE else {**found, "route": self}
