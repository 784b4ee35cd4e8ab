"""Routes that are asked for most: their endpoints are called without FastAPI's look at each argument."""

from collections.abc import Awaitable, Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

from app.web.shared.state import answering_of


class DirectRoute(Route):
    """A route to an endpoint that takes the request and the parts of its path as texts.

    Parameters
    ----------
    method, path, endpoint
        What is called for what.
    read
        Reads what was sent, which the endpoint takes as ``sent``; None where nothing is.
    """

    def __init__(
        self,
        method: str,
        path: str,
        endpoint: Callable[..., Response],
        read: Callable[[Request], Awaitable[object]] | None = None,
    ) -> None:
        async def answer(request: Request) -> Response:
            answering, call = answering_of(request), partial(endpoint, request, **request.path_params)
            if read is None:
                return await answering.show(call)
            return await answering.store(partial(call, sent=await read(request)))

        super().__init__(path, answer, methods=[method], name=endpoint.__name__)
        self.methods = {method}

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether the route is meant; it is noted for the journal then."""
        match, found = super().matches(scope)
        return match, found if match is Match.NONE else {**found, "route": self}
