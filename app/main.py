"""The web application, put together from its settings."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.clock import Clock, SystemClock
from app.journal import set_up_journal
from app.services.working import keep_working, mail_of
from app.settings import Settings
from app.storage.database import Database
from app.web import panelist, researcher
from app.web.shared import open_pages, styleguide
from app.web.shared.answering import Answering
from app.web.shared.compression import Compression
from app.web.shared.journal import RequestJournal
from app.web.shared.refusal_pages import add_refusal_handlers, answer_unexpected
from app.web.shared.security_headers import SecurityHeaders
from app.web.shared.templating import STATIC_PREFIX, HashedStaticFiles

SECONDS_BETWEEN_LOOKS = 5


def create_app(settings: Settings, clock: Clock | None = None, *, works: bool = False) -> FastAPI:
    """Put the application together; its state holds ``settings``, ``database`` and ``clock``.

    Parameters
    ----------
    settings
        What this installation decides.
    clock
        What time it is; unset, the machine's own clock.
    works
        Whether it also does, as long as it is served, what `castalia worker` does.
    """
    app = FastAPI(
        title="Castalia",
        openapi_url=None,  # the reader for it would be loaded from another origin
        lifespan=_serve_and_work if works else _serve,
        redirect_slashes=False,  # a redirect would repeat a personal link in a header
    )
    app.state.settings = settings
    app.state.database = Database(settings.database_url)
    app.state.answering = Answering(app.state.database)
    app.state.clock = clock or SystemClock()
    app.mount(STATIC_PREFIX, HashedStaticFiles(), name="static")
    routers = [panelist.router, open_pages.router, researcher.router]
    if settings.environment == "development":
        routers.append(styleguide.router)
    for router in routers:
        app.router.routes.extend(router.routes)
    add_refusal_handlers(app)
    app.add_middleware(Compression)
    app.add_middleware(RequestJournal, answer_unexpected=answer_unexpected)
    app.add_middleware(SecurityHeaders, over_tls=settings.serves_over_tls)
    return app


def create_app_from_settings() -> FastAPI:
    """Put the application together from CASTALIA_ variables, for a server that loads it by name."""
    settings = Settings()
    set_up_journal(settings.log_level, for_programs=settings.environment == "production")
    return create_app(settings, works=settings.worker_inside)


@asynccontextmanager
async def _serve(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.database.close()


@asynccontextmanager
async def _serve_and_work(app: FastAPI) -> AsyncIterator[None]:
    state, stop = app.state, threading.Event()
    worker = threading.Thread(
        target=keep_working,
        args=(state.database, state.clock, mail_of(state.settings), stop.wait),
        kwargs={"every": SECONDS_BETWEEN_LOOKS},
        name="worker",
    )
    worker.start()
    yield
    stop.set()
    await asyncio.to_thread(worker.join)
    state.database.close()
