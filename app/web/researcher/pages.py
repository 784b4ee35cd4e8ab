"""Long tables a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from app.domain.messages import N_
from app.web.researcher.desk import Desk

Row = TypeVar("Row")

_DIGITS = 9
"""More digits than any page number has; what is longer is no page number."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Where one is in a long table; an empty address where there is no page to go to."""

    position: str = ""
    previous_href: str = ""
    previous_label: str = ""
    next_href: str = ""
    next_label: str = ""


def pages_of(desk: Desk, address: str, page: int, n: int, size: int) -> Pages:
    """The pages before and after, and "1 to 100 of 250"."""
    join = "&" if "?" in address else "?"
    first, last = (page - 1) * size + 1, min(page * size, n)
    written = desk.written
    told = {"first": written.number(first), "last": written.number(last), "n": written.number(n)}
    return Pages(
        position=desk.say(N_("%(first)s to %(last)s of %(n)s")) % told,
        previous_href=f"{address}{join}page={page - 1}" if page > 1 else "",
        previous_label=desk.say(N_("Previous page")),
        next_href=f"{address}{join}page={page + 1}" if last < n else "",
        next_label=desk.say(N_("Next page")),
    )


def cut_to_page(
    desk: Desk, address: str, typed: str, listed: Sequence[Row], size: int
) -> tuple[Sequence[Row], Pages]:
    """The rows of the page that an address asks for, and the pages around it; a page too far is the last."""
    last = max(1, -(-len(listed) // size))
    page = min(max(whole_number(typed), 1), last)
    return listed[(page - 1) * size : page * size], pages_of(desk, address, page, len(listed), size)


def whole_number(typed: str, *, otherwise: int = 1) -> int:
    """A number out of an address; what is none counts as ``otherwise``, since addresses are guessed."""
    is_number = typed.isascii() and typed.isdigit() and len(typed) <= _DIGITS
    return int(typed) if is_number else otherwise
