"""Comments as the panel reads them: what was released, without time, author or a language that tells who."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.domain.moderation import place_in_no_order
from app.storage import comments
from app.storage.database import Connection
from app.storage.feedback import ReleasedFeedback


@dataclass(frozen=True)
class ReleasedComment:
    """A comment that a researcher released; ``language`` is empty where it could tell who wrote it.

    ``headings`` are the words above the comments of its theme, by language; none without a theme.
    """

    text: str
    headings: tuple[tuple[str, str], ...]
    language: str


def released_comments(
    connection: Connection, study_id: int, released: ReleasedFeedback | None, statements: Collection[str]
) -> Mapping[str, tuple[ReleasedComment, ...]]:
    """What the panel reads of a round's comments, by statement: in the order of the themes, and in none."""
    if released is None or not released.protocol.feedback.comments:
        return {}
    number, k = released.round_number, released.protocol.minimum_group_size
    shown = comments.read_shown_comments(connection, study_id, number, statements)
    told = comments.languages_of_many(connection, study_id, number, k) if shown else frozenset[str]()
    themes = list(dict.fromkeys(one.theme for one in shown if one.theme is not None))
    found: dict[str, list[tuple[int, ReleasedComment]]] = {}
    # Who wrote the same words in two languages that are told would else stand in the order of the panel.
    for one in sorted(shown, key=lambda c: (place_in_no_order(c.text), c.language)):
        language = one.language if one.language in told else ""
        place = len(themes) if one.theme is None else themes.index(one.theme)
        comment = ReleasedComment(one.text, tuple(one.headings.items()), language)
        found.setdefault(one.statement, []).append((place, comment))
    return {
        code: tuple(comment for _, comment in sorted(listed, key=lambda placed: placed[0]))
        for code, listed in found.items()
    }
