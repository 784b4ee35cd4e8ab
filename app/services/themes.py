"""Themes: added, changed, moved, merged and removed; whoever is second sees what is stored."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from app.clock import Clock
from app.domain.event import EventKind
from app.domain.study import Study
from app.domain.theme import (
    PlacedTheme,
    Theme,
    ThemeChangedMeanwhile,
    ThemeDraft,
    ThemeInUse,
    checked_theme,
    find_theme,
    in_hierarchy,
    moved,
    place_at_end,
    refuse_merging,
)
from app.services.finding import get_study_of, hold_study_of
from app.storage import themes
from app.storage.database import Connection, Database
from app.storage.events import append_event
from app.storage.statement_entries import read_entries
from app.storage.themes import ThemeUse


@dataclass(frozen=True)
class ThemeDesk:
    """The themes of a study in their hierarchy, how often each is given, and what it is matched with."""

    study: Study
    themes: tuple[PlacedTheme, ...]
    uses: Mapping[int, ThemeUse]
    matches: Mapping[int, tuple[str, ...]]

    def get(self, theme_id: int) -> Theme:
        """The theme of a number.

        Raises
        ------
        ThemeNotFound
        """
        return find_theme([one.theme for one in self.themes], theme_id)

    def use(self, theme_id: int) -> ThemeUse:
        """How often a theme is given."""
        return self.uses.get(theme_id, ThemeUse())


def read_theme_desk(database: Database, slug: str) -> ThemeDesk:
    """All themes.

    Raises
    ------
    StudyNotFound
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        return ThemeDesk(
            study=study,
            themes=in_hierarchy(themes.read_themes(connection, study.id)),
            uses=themes.count_uses(connection, study.id),
            matches=themes.read_matches(connection, study.id),
        )


def add_theme(database: Database, clock: Clock, slug: str, actor: str, draft: ThemeDraft) -> int:
    """Store a new theme behind the others under its parent; return its number.

    Raises
    ------
    StudyNotFound, ThemeNotFound, FieldsRefused
    """
    with database.writing() as connection:
        study, stored = _hold(connection, slug)
        new = checked_theme(draft, stored, study.languages)
        number = themes.insert_theme(connection, study.id, new, place_at_end(stored, new.parent_id))
        _record(connection, clock, study, EventKind.THEME_ADDED, actor, {"theme": new.name})
        return number


def change_theme(
    database: Database,
    clock: Clock,
    slug: str,
    actor: str,
    theme_id: int,
    draft: ThemeDraft,
    *,
    known: str,
) -> None:
    """Store what a theme is to be, if it is still what the editor has ``known``.

    Raises
    ------
    StudyNotFound, ThemeNotFound, ThemeChangedMeanwhile, FieldsRefused
    """
    with database.writing() as connection:
        study, stored = _hold(connection, slug)
        before = _get_known(stored, theme_id, known)
        changed = checked_theme(draft, stored, study.languages, theme_id)
        if changed == replace(before.draft, colour=str(before.colour)):
            return
        goes = changed.parent_id != before.parent_id
        place = place_at_end(stored, changed.parent_id) if goes else before.position
        themes.update_theme(connection, study.id, theme_id, changed, place)
        payload: dict[str, object] = {"theme": changed.name}
        if changed.name != before.name:
            payload["before"] = before.name
        _record(connection, clock, study, EventKind.THEME_CHANGED, actor, payload)


def move_theme(database: Database, clock: Clock, slug: str, actor: str, theme_id: int, *, up: bool) -> None:
    """Let a theme and the one before or after it, under the same parent, change places.

    Raises
    ------
    StudyNotFound, ThemeNotFound
    """
    with database.writing() as connection:
        study, stored = _hold(connection, slug)
        places = moved(stored, theme_id, up=up)
        if places:
            themes.store_places(connection, study.id, places)
            payload = {"theme": find_theme(stored, theme_id).name}
            _record(connection, clock, study, EventKind.THEMES_ORDERED, actor, payload)


def merge_theme(
    database: Database, clock: Clock, slug: str, actor: str, theme_id: int, into_id: int, *, known: str
) -> None:
    """Give everything that one theme has to another, and remove it: codings, parts, statements.

    Raises
    ------
    StudyNotFound, ThemeNotFound, ThemeChangedMeanwhile, MergeUnclear, ThemeInsideItself
    """
    with database.writing() as connection:
        study, stored = _hold(connection, slug)
        before = _get_known(stored, theme_id, known)
        refuse_merging(stored, theme_id, into_id)
        into = find_theme(stored, into_id)
        n_pieces = themes.count_uses(connection, study.id).get(theme_id, ThemeUse()).n_pieces
        themes.hand_over(connection, study.id, theme_id, into_id)
        themes.remove_theme(connection, study.id, theme_id, parts_go_to=into_id)
        payload = {"theme": before.name, "into": into.name, "n_pieces": n_pieces}
        _record(connection, clock, study, EventKind.THEMES_MERGED, actor, payload)


def remove_theme(
    database: Database, clock: Clock, slug: str, actor: str, theme_id: int, *, known_codings: int
) -> None:
    """Remove a theme with its codings; its parts go up to its parent. The texts stay.

    Raises
    ------
    StudyNotFound, ThemeNotFound
    ThemeChangedMeanwhile
        It was given or taken away since it was asked how often it is given.
    ThemeInUse
        A recommendation rests on it.
    """
    with database.writing() as connection:
        study, stored = _hold(connection, slug)
        before = find_theme(stored, theme_id)
        use = themes.count_uses(connection, study.id).get(theme_id, ThemeUse())
        if use.n_codings != known_codings:
            raise ThemeChangedMeanwhile(name=before.name)
        if themes.is_theme_in_use(connection, study.id, theme_id):
            raise ThemeInUse(name=before.name)
        themes.remove_theme(connection, study.id, theme_id, parts_go_to=before.parent_id)
        payload = {"theme": before.name, "n_pieces": use.n_pieces}
        _record(connection, clock, study, EventKind.THEME_REMOVED, actor, payload)


def match_statements(
    database: Database,
    clock: Clock,
    slug: str,
    actor: str,
    theme_id: int,
    *,
    wanted: Collection[str],
    shown: Collection[str],
) -> None:
    """Match a theme with the statements that are ``wanted`` and were not ``shown``, and part it from others.

    Raises
    ------
    StudyNotFound, ThemeNotFound
    """
    with database.writing() as connection:
        study, stored = _hold(connection, slug)
        name = find_theme(stored, theme_id).name
        codes = {one.entry.statement.code for one in read_entries(connection, study.id)}
        now = set(themes.read_matches(connection, study.id).get(theme_id, ()))
        given = (set(wanted) - set(shown) - now) & codes
        taken = (set(shown) - set(wanted)) & now
        if not (given or taken):
            return
        themes.match_statements(connection, study.id, theme_id, given, taken)
        payload = {"theme": name, "statements": sorted((now - taken) | given)}
        _record(connection, clock, study, EventKind.THEME_MATCHED, actor, payload)


def _hold(connection: Connection, slug: str) -> tuple[Study, Sequence[Theme]]:
    study = hold_study_of(connection, slug)
    return study, themes.read_themes(connection, study.id)


def _get_known(stored: Sequence[Theme], theme_id: int, known: str) -> Theme:
    found = find_theme(stored, theme_id)
    if found.fingerprint != known:
        raise ThemeChangedMeanwhile(name=found.name)
    return found


def _record(
    connection: Connection,
    clock: Clock,
    study: Study,
    kind: EventKind,
    actor: str,
    payload: Mapping[str, object],
) -> None:
    append_event(connection, study.id, kind, actor, clock.now(), payload)
