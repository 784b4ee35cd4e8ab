"""The forms of a page, filled in as a browser would send them.

What stands in a fieldset that is switched off is read too, as from a page that was opened before it was.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser

Fields = dict[str, list[str]]


@dataclass
class Form:
    """A form: where it goes, how, what its fields hold, and its buttons that say something of their own."""

    action: str
    method: str
    fields: Fields = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def put(self, name: str, value: str) -> None:
        """One more value under a name."""
        self.fields.setdefault(name, []).append(value)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._text: tuple[str, list[str]] | None = None
        self._select: tuple[str, list[tuple[str, bool]]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        name, value = has.get("name") or "", has.get("value") or ""
        if tag == "form":
            self._open = Form(has.get("action") or "", (has.get("method") or "get").lower())
            self.forms.append(self._open)
        elif self._open is None or "disabled" in has:
            return
        elif tag == "input" and name:
            self._put_input(self._open, has.get("type") or "text", name, value, is_checked="checked" in has)
        elif tag == "button" and name:
            self._open.buttons.append((name, value))
        elif tag == "textarea":
            self._text = (name, [])
        elif tag == "select":
            self._select = (name, [])
        elif tag == "option" and self._select:
            self._select[1].append((value, "selected" in has))

    @staticmethod
    def _put_input(form: Form, kind: str, name: str, value: str, *, is_checked: bool) -> None:
        if kind in {"checkbox", "radio"}:
            if is_checked:
                form.put(name, value or "on")
        elif kind == "submit":
            form.buttons.append((name, value))
        elif kind != "file":
            form.put(name, value)

    def handle_data(self, data: str) -> None:
        if self._text:
            self._text[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "textarea" and self._text and self._open:
            name, said = self._text
            self._open.put(name, "".join(said).removeprefix("\n"))
            self._text = None
        elif tag == "select" and self._select and self._open:
            name, options = self._select
            chosen = [value for value, is_selected in options if is_selected] or [options[0][0]]
            self._open.put(name, chosen[0])
            self._select = None


def forms_of(page: str) -> list[Form]:
    """Every form of a page, in its order."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms


def form_to(page: str, action: str) -> Form | None:
    """The first form of a page that is posted to an address; None when it has none."""
    return next((form for form in forms_of(page) if (form.method, form.action) == ("post", action)), None)
