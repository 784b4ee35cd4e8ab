"""Every page of the large study, by the table of permissions: a route that is added is asked for too."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import FastAPI
from starlette.testclient import TestClient

from app.domain.link import person_sign
from app.domain.material import MOST_PIECES_AT_ONCE
from app.services.experience_import import preview_texts
from app.services.panel_adding import preview_panel
from app.services.statement_import import preview_statements
from app.web.panelist import visit
from app.web.researcher import desk
from app.web.shared.permissions import ROUTES, Audience
from tests.large_study import FIRST, OPEN_ROUND, SECOND, SECRET, SLUG, LargeStudy

MORE: dict[str, tuple[str, ...]] = {
    "/research/{slug}/statements": ("?state=asked&topic=t1",),
    "/research/{slug}/merge-statements": ("?code=S001&code=S002",),
    "/research/{slug}/comments": ("?state=pending&page=2", "?statement=S002"),
    "/research/{slug}/results": ("?decision=no_consensus",),
    "/research/{slug}/panel": ("?group=peers&page=2",),
    "/research/{slug}/panel/people": ("?page=2",),
    "/research/{slug}/rounds/{number}/answers": ("?page=2",),
    "/research/{slug}/coding": ("?page=2",),
    "/research/{slug}/groupings/{number}": ("?by=language",),
    "/research/{slug}/groupings/{number}/{code}": ("?by=language",),
    "/research/{slug}/log": ("?who=panel&about=answers", "?who=team", "?check=yes"),
}
"""What else is asked of a page, behind its address."""

NUMBER_IN = {
    "/research/{slug}/rounds/{number}/answers": OPEN_ROUND,
    "/research/{slug}/rounds/{number}/answers.csv": OPEN_ROUND,
    "/research/{slug}/rounds/{number}/plan": SECOND,
    "/research/{slug}/results/{number}": FIRST,
    "/research/{slug}/results/{number}/{code}": FIRST,
    "/research/{slug}/groupings/{number}": FIRST,
    "/research/{slug}/groupings/{number}/{code}": FIRST,
    "/research/{slug}/figures/{number}": FIRST,
    "/research/{slug}/coding/themes/{number}": 1,
    "/research/{slug}/coding/themes/{number}/edit": 1,
    "/research/{slug}/coding/themes/{number}/remove": 1,
    "/research/{slug}/recommendations/{number}": 1,
    "/research/{slug}/people/{number}": 1,
}
"""Which round, theme, recommendation or person a page is about, where it is not the newest round."""


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
            "coding/import": _upload_texts(study),
        }

    def pages(self, newest_round: int) -> Iterator[Page]:
        """Every page; to upload tables for their previews, statements must be free to be changed at first."""
        for path in routes():
            address = self._filled(path, newest_round)
            yield from (Page(path, asked, address + asked) for asked in ("", *MORE.get(path, ())))

    def _filled(self, path: str, newest_round: int) -> str:
        study = self._study
        return path.format(
            slug=SLUG,
            number=NUMBER_IN.get(path, newest_round),
            code="t1" if "/topics/" in path else "S001",
            card="E001",
            person=person_sign(SECRET.encode(), 1, 1),
            pseudonym=study.pseudonyms[0],
            part="rule",
            language="fr",
            place=FIRST,
            kind="map",
            name="agreement.svg",
            token=next((token for part, token in self._previews.items() if part in path), ""),
        )


def _upload_statements(study: LargeStudy) -> str:
    """A table with another wording of every statement, waiting to be stored."""
    rows = "".join(f"S{n:03},Another wording of {n}\n" for n in range(1, study.n_statements + 1))
    preview = preview_statements(
        study.database, study.clock, SLUG, study.owner, "new.csv", f"code,text_en\n{rows}".encode()
    )
    return preview.token


def _upload_texts(study: LargeStudy) -> str:
    """A table with as many texts as are taken at once, waiting to be stored."""
    rows = "".join(f"What somebody said in talk {n},Interviews,fr\n" for n in range(MOST_PIECES_AT_ONCE))
    content = f"text,source,language\n{rows}".encode()
    return preview_texts(study.database, study.clock, SLUG, study.owner, "talks.csv", content).token


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
