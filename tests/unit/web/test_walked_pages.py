"""Every page for researchers is named in the walks that hold pages against axe."""

import re
from pathlib import Path

from app.web.shared.permissions import ROUTES, Audience

WALKS = Path(__file__).parents[2] / "browser" / "researcher"
NO_PAGES = {
    "/research/{slug}/protocol/planner.svg",
    "/research/{slug}/rounds/{number}/answers.csv",
    "/research/{slug}/rounds/{number}/response",
    "/research/{slug}/figures/{place}/{kind}/{name}",
    "/research/{slug}/statements/{code}/text/{language}",
    "/research/{slug}/coding.csv",
}
"""Pictures, files, and parts of a page that the page itself asks for."""
REACHED = {
    "/research": "desk.sign_in()",
    "/research/{slug}/panel-import/{token}": '("/panel-import", PEOPLE)',
    "/research/{slug}/coding/import/{token}": '("/coding/import", b"text,',
    "/research/{slug}/statement-import/{token}": '("/statement-import", b"code,',
    "/research/{slug}/people/invite": '{people}/invite"',
    "/research/{slug}/people/{number}": '("?done=invited", "/1")',
}
"""Pages to which a walk is led, and the words in it that lead there."""


def named_in_walks() -> str:
    """What the walks say that look for barriers."""
    texts = [file.read_text(encoding="utf-8") for file in WALKS.glob("test_*.py")]
    return "\n".join(text for text in texts if "assert_no_barrier" in text)


def as_pattern(path: str) -> str:
    """How a walk may write the address of a route, with things of the study in the braces."""
    own = path.removeprefix("/research/{slug}")
    return r"[\"'}]" + re.sub(r"\\\{\w+\\\}", r"(\\{.+\\}|[^/\"'?]+)", re.escape(own)) + r"[\"'?]"


def test_every_page_for_researchers_stands_in_a_walk():
    walked = named_in_walks()
    pages = {
        path
        for (method, path), access in ROUTES.items()
        if method == "GET" and access.audience is Audience.RESEARCHER and path not in NO_PAGES
    }
    assert [words for words in REACHED.values() if words not in walked] == []
    assert sorted(path for path in pages - set(REACHED) if not re.search(as_pattern(path), walked)) == []
