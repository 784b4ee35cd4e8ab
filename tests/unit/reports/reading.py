"""An HTML report read back as a reader sees it: tables by caption, rows by heading, text without tags."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "rect", "path", "ellipse", "circle", "use", "line", "stop", "br"})


@dataclass
class ReadTable:
    """A table: its caption, its column headings, and the rows below each part's heading."""

    caption: str = ""
    columns: list[str] = field(default_factory=list)
    parts: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def row(self, heading: str, part: str = "") -> dict[str, str]:
        """The cells of one row by column heading."""
        found = next(rows for name, rows in self.parts.items() if name.startswith(part))
        return dict(zip(self.columns[1:], found[heading], strict=True))


class Reader(HTMLParser):
    """Collects what a report shows and refers to."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[ReadTable] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self._cell: list[str] | None = None
        self._row: list[str] = []
        self._part = ""
        self._is_part_heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if tag not in VOID:
            self.open.append((tag, attributes))
        if attributes.get("role") == "img" and self._cell is not None:
            self._cell.append(attributes.get("aria-label") or "")
        if tag == "table":
            self.tables.append(ReadTable())
        elif tag == "tbody":
            self._part = ""
        elif tag == "tr":
            self._row = []
        elif tag in {"th", "td", "caption"}:
            self._cell = []
            self._is_part_heading = attributes.get("scope") == "rowgroup"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass
        if tag == "caption":
            self.tables[-1].caption = self._taken()
        elif tag in {"th", "td"}:
            self._row.append(self._taken())
        elif tag == "tr":
            self._end_row()

    def handle_data(self, data: str) -> None:
        if any(tag in {"style", "title", "desc"} or a.get("role") == "img" for tag, a in self.open):
            return
        self.text.append(data)
        if self._cell is not None:
            self._cell.append(data)

    def _taken(self) -> str:
        text = " ".join("".join(self._cell or []).split())
        self._cell = None
        return text

    def _end_row(self) -> None:
        table = self.tables[-1]
        if not table.columns:
            table.columns = self._row
        elif self._is_part_heading and len(self._row) == 1:
            self._part = self._row[0]
        else:
            heading, *cells = self._row
            table.parts.setdefault(self._part, {})[heading] = cells


def read(html: str) -> Reader:
    """Read a report."""
    reader = Reader()
    reader.feed(html)
    return reader


def table(html: str, caption: str) -> ReadTable:
    """The table whose caption begins so."""
    return next(one for one in read(html).tables if one.caption.startswith(caption))


def words(html: str) -> str:
    """All text that is shown, with single spaces."""
    return " ".join(" ".join(read(html).text).split())
