"""What a watcher on the panel reads: every page with figures, and the figures drawn on it."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape

from app.domain.feedback import OVERALL
from tests.integration.web.panelist.conftest import Guest
from tests.property.disclosure.attacker import Row, Table

NAMES = {
    "Gardeners": "gardeners",
    "Neighbours": "neighbours",
    "Visitors": "visitors",
    "Everyone together": OVERALL,
}
_DRAWN = re.compile(r'aria-label="([^",]+), number of ratings by point: ([^"]+)"')
_WITHHELD = re.compile(
    r"(?:We show no figures for ([^,<]+), to protect those who answered:"
    r"|There are no figures for ([^:<]+) yet:)"
)
_NEVER_THE_SAME = re.compile(
    r'name="(?:csrf_token|request_key)" value="[^"]+"'
    r'|nonce="[^"]+"'
    r'|data-(?:csrf|autosave-key|autosave-secret)="[^"]+"'
    r"|P-[A-Z0-9]{6}"
)


@dataclass(frozen=True)
class Page:
    """A page as it was read."""

    path: str
    text: str

    @property
    def without_tokens(self) -> str:
        """The page without what is drawn anew each time that it is sent."""
        return _NEVER_THE_SAME.sub("", self.text)

    def figures(self) -> Iterator[tuple[str, Table, frozenset[str]]]:
        """Every statement of the page: its code, the distributions drawn, and what is withheld."""
        for code, part in self._statements():
            yield code, *_figures(part)

    def figures_on(self, name: str) -> Iterator[tuple[str, Table, frozenset[str]]]:
        """The same of one of several criteria."""
        for code, part in self._statements():
            _, *named = part.split("<h4>")
            yield code, *_figures("".join(one for one in named if one.startswith(f"{name}</h4>")))

    def _statements(self) -> Iterator[tuple[str, str]]:
        fragment = re.fullmatch(r"/statements/(\w+)/feedback", self.path)
        if fragment:
            yield fragment[1], self.text
        for part in self.text.split('<article class="statement" id="statement-')[1:]:
            yield part[:3], part


def _figures(part: str) -> tuple[Table, frozenset[str]]:
    text = unescape(part)
    drawn: dict[str, Row] = {
        NAMES[name]: tuple(int(pair.split(": ")[1]) for pair in pairs.split(", "))
        for name, pairs in _DRAWN.findall(text)
    }
    return drawn, frozenset(NAMES[one or other] for one, other in _WITHHELD.findall(text))


def read(guest: Guest, paths: Sequence[str]) -> list[Page]:
    """Open pages; those that lead elsewhere, or are not there yet, are read as what they say."""
    return [Page(path, guest.get(path).text) for path in paths]


def paths_while_open(topics: Collection[str], codes: Collection[str]) -> list[str]:
    """Every page that may speak of others while a round is open."""
    return [
        *("", "/overview", "/review", "/study", "/results", "/report", "/answers.csv"),
        *(f"/topics/{topic}" for topic in topics),
        *(f"/statements/{code}" for code in codes),
        *(f"/statements/{code}/feedback" for code in codes),
    ]


def paths_of_results(topics: Collection[str], round_number: int) -> list[str]:
    """Every page of the results of a round."""
    return [f"/results?round={round_number}&topic={topic}" for topic in topics]


def first_difference(pages: Sequence[Page], others: Sequence[Page]) -> str:
    """Where the pages of two worlds first differ; empty where they tell one watcher the same."""
    for one, other in zip(pages, others, strict=True):
        lines = zip(one.without_tokens.splitlines(), other.without_tokens.splitlines(), strict=False)
        for line, instead in lines:
            if line != instead:
                return f"{one.path}: {line!r} is {instead!r}"
        if one.without_tokens != other.without_tokens:
            return f"{one.path} is longer"
    return ""


def with_names(names: Mapping[str, str]) -> list[dict[str, object]]:
    """The groups of a study by their codes and names, as its file would say."""
    return [
        {"code": code, "name": dict.fromkeys(("en", "fr", "nl"), name)}
        for name, code in names.items()
        if code != OVERALL
    ]
