"""Every page of the large study, by the table of permissions: a route that is added is asked for too."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import FastAPI
from starlette.testclient import TestClient

from app.domain.link import person_sign
from app.services.panel_adding import preview_panel
from app.services.statement_import import preview_statements
from app.web.panelist import visit
from app.web.researcher import desk
from app.web.shared.permissions import ROUTES, Audience
from tests.large_study import FIRST, OPEN_ROUND, SECRET, SLUG, LargeStudy

MORE: dict[str, tuple[str, ...]] = {
    "/research/{slug}/statements": ("?state=asked&topic=t1",),
    "/research/{slug}/merge-statements": ("?code=S001&code=S002",),
    "/research/{slug}/comments": ("?state=pending&page=2", "?statement=S002"),
    "/research/{slug}/results": ("?decision=no_consensus",),
    "/research/{slug}/panel": ("?group=peers&page=2",),
    "/research/{slug}/panel/people": ("?page=2",),
    "/research/{slug}/log": ("?who=panel&about=answers", "?who=team", "?check=yes"),
}
"""What else is asked of a page, behind its address."""

ROUND_OF = {
    "/research/{slug}/rounds/{number}/answers": OPEN_ROUND,
    "/research/{slug}/rounds/{number}/answers.csv": OPEN_ROUND,
    "/research/{slug}/results/{number}": FIRST,
    "/research/{slug}/results/{number}/{code}": FIRST,
}
"""Rounds that pages are about where it is not the newest."""


def routes() -> tuple[str, ...]:
    """The pages of researchers and panelists."""
    return tuple(
        path
        for (method, path), access in ROUTES.items()
        if method == "GET" and access.audience is not Audience.PUBLIC
    )


@dataclass(frozen=True)
class Page:
    """A route, what is asked of it, and the whole address."""

    route: str
    asked: str
    address: str


class Visitors:
    """The owner and a panelist of the large study, at one browser."""

    def __init__(self, app: FastAPI, study: LargeStudy) -> None:
        self._study = study
        headers = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
        self.client = TestClient(app, headers=headers, follow_redirects=False)
        self.client.cookies.set(desk.COOKIE, study.owner_session)
        self.client.cookies.set(visit.COOKIE, study.panelist_session)
        self._previews = {
            "statement-import": _upload_statements(study),
            "panel-import": _upload_people(study),
        }

    def pages(self, newest_round: int) -> Iterator[Page]:
        """Every page; to upload tables for their previews, statements must be free to be changed at first."""
        for path in routes():
            address = self._filled(path, newest_round)
            yield from (Page(path, asked, address + asked) for asked in ("", *MORE.get(path, ())))

    def _filled(self, path: str, newest_round: int) -> str:
        study = self._study
        number = ROUND_OF.get(path, newest_round)
        return path.format(
            slug=SLUG,
            number=study.owner.id if "/people/{number}" in path else number,
            code="t1" if "/topics/" in path else "S001",
            card="E001",
            person=person_sign(SECRET.encode(), 1, 1),
            pseudonym=study.pseudonyms[0],
            part="rule",
            token=next((token for part, token in self._previews.items() if part in path), ""),
        )


def _upload_statements(study: LargeStudy) -> str:
    """A table with another wording of every statement, waiting to be stored."""
    rows = "".join(f"S{n:03},Another wording of {n}\n" for n in range(1, study.n_statements + 1))
    preview = preview_statements(
        study.database, study.clock, SLUG, study.owner, "new.csv", f"code,text_en\n{rows}".encode()
    )
    return preview.token


def _upload_people(study: LargeStudy) -> str:
    """A table with as many new people as there are, waiting to be stored."""
    rows = "".join(f"New {n},new{n}@example.org,peers,fr\n" for n in range(len(study.pseudonyms)))
    preview = preview_panel(
        study.database,
        study.clock,
        SLUG,
        study.owner,
        "new.csv",
        f"name,email,group,language\n{rows}".encode(),
    )
    return preview.token
