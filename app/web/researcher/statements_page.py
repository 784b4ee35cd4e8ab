"""The statements in all languages of the study side by side, and where each stands."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from analysis.rules import Decision
from app.domain.account import Permission
from app.domain.messages import N_, Sentence
from app.domain.statement_editing import EntryState, StatementEntry
from app.services.results import LastDecision
from app.services.statement_desk import StatementTable, read_statement_table
from app.web.researcher.desk import Room, StudyDesk, find_study_desk
from app.web.researcher.texts import Told, told
from app.web.shared.parts import Choice, Column, NavLink
from app.web.shared.state import database_of
from app.web.shared.words import in_words

router = APIRouter()

STATE_WORDS: Final[dict[EntryState, str]] = {
    EntryState.NEW: N_("not asked yet"),
    EntryState.ASKED: N_("asked in round %(round)s"),
    EntryState.REWORDED: N_("reworded since round %(round)s"),
    EntryState.WITHDRAWN: N_("withdrawn"),
}
_TABS: Final[dict[str, str]] = {
    "": N_("All"),
    "new": N_("Not asked yet"),
    "asked": N_("Asked already"),
    "reworded": N_("Reworded"),
    "missing": N_("Translation missing"),
    "withdrawn": N_("Withdrawn"),
}
_LONGEST_SEARCH: Final = 200
_NUMBERS: Final = re.compile(r"(\d{1,18})")
DONE: Final = frozenset(
    {
        "added",
        "saved",
        "split",
        "merged",
        "withdrawn",
        "restored",
        "ordered",
        "topics",
        "imported",
        "card",
        "too_few",
    }
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which statements are asked for, by the address of the page, and how they are sorted.

    ``sort`` is ``code``, ``topic``, ``state``, ``decision`` or a language; empty: in the study's order.
    """

    state: str = ""
    topic: str = ""
    q: str = ""
    sort: str = ""
    order: str = ""

    @property
    def descends(self) -> bool:
        """Whether the last comes first."""
        return self.order == "descending"

    def address(self, desk: StudyDesk) -> str:
        """The address of the page that shows them."""
        given = {name: getattr(self, name) for name in self.__slots__ if getattr(self, name)}
        return desk.path(Room.STATEMENTS) + (f"?{urlencode(given)}" if given else "")


@dataclass(frozen=True, slots=True)
class LastWord:
    """The last decision on a statement, on one criterion, in which round, and the page that explains it."""

    criterion: str
    decision: Decision
    round_word: str
    href: str


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One statement; `texts` stand in the order of the study's languages.

    Its words are put together here: five hundred rows would ask the template's catalog thousands of times.
    """

    code: str
    href: str
    edit_href: str
    pick_label: str
    topic: Told
    origin: str
    version_word: str
    state: str
    state_word: str
    texts: tuple[Told, ...]
    missing: tuple[str, ...]
    decisions: tuple[LastWord, ...]


@dataclass(frozen=True, slots=True)
class StatementsPage:
    """The statements in the study's order, those of one state or topic if asked.

    ``can_edit``: the role includes it and nothing stands in the way; ``hindrance`` says what does.
    """

    columns: tuple[Column, ...]
    statements: tuple[StatementLine, ...]
    shows_criteria: bool
    can_edit: bool
    hindrance: Sentence | None
    tabs: tuple[NavLink, ...]
    asked: Asked
    all_href: str
    topics: tuple[Choice, ...]
    lacks_topics: bool
    n_missing: int
    n_all: int
    action: str
    new_href: str
    import_href: str
    order_href: str
    topics_href: str
    merge_action: str
    done: str


@router.get("/research/{slug}/statements")
def show_statements(
    request: Request, slug: str, asked: Annotated[Asked, Depends(Asked)], done: str = ""
) -> Response:
    """Show every statement side by side in the study's languages."""
    desk = find_study_desk(request, slug, Room.STATEMENTS)
    table = read_statement_table(database_of(request), slug)
    return desk.show("statements.html", _page(desk, table, asked, done if done in DONE else ""))


def can_edit(desk: StudyDesk, table: StatementTable) -> bool:
    """Whether this researcher can change statements now."""
    return desk.may(Permission.DESIGN_STUDY) and table.hindrance is None


def state_sentence(entry: StatementEntry) -> Sentence:
    """Where a statement stands, in words."""
    return Sentence(STATE_WORDS[entry.state], {"round": entry.asked_in})


def last_words(desk: StudyDesk, table: StatementTable, code: str) -> tuple[LastWord, ...]:
    """The last decisions on a statement."""
    return tuple(last_word(desk, last) for last in table.decisions.get(code, ()))


def last_word(desk: StudyDesk, last: LastDecision) -> LastWord:
    """One of them."""
    return LastWord(
        last.analysis.criterion,
        last.analysis.decision,
        desk.say(N_("Round %(number)s")) % {"number": last.round_number},
        desk.path(Room.RESULTS, last.round_number, last.analysis.statement),
    )


def version_word(desk: StudyDesk, entry: StatementEntry) -> str:
    """Which wording it is."""
    return desk.say(N_("version %(number)s")) % {"number": entry.statement.version}


def _page(desk: StudyDesk, table: StatementTable, asked: Asked, done: str) -> StatementsPage:
    languages = table.study.languages
    topics = {one.code: told(one.name, desk.locale) for one in table.topics}
    edits = can_edit(desk, table)
    orders = _orders(table)
    asked = replace(
        asked,
        state=asked.state if asked.state in _TABS else "",
        topic=asked.topic if asked.topic in topics else "",
        q=asked.q.strip()[:_LONGEST_SEARCH],
        sort=asked.sort if asked.sort in orders else "",
        order="descending" if asked.descends and asked.sort in orders else "",
    )
    here = [entry for entry in table.entries if _is_asked_for(entry, asked)]
    counts = Counter(tab for entry in here for tab in _tabs_of(entry, languages))
    shown = [entry for entry in here if asked.state in _tabs_of(entry, languages)]
    if asked.sort:
        shown.sort(key=orders[asked.sort], reverse=asked.descends)
    criteria = {last.analysis.criterion for decided in table.decisions.values() for last in decided}
    return StatementsPage(
        columns=_columns(desk, languages, asked),
        statements=tuple(_line(desk, table, topics, entry, edits=edits) for entry in shown),
        shows_criteria=len(criteria) > 1,
        can_edit=edits,
        hindrance=table.hindrance,
        tabs=tuple(
            NavLink(desk.say(word), replace(asked, state=tab).address(desk), tab == asked.state, counts[tab])
            for tab, word in _TABS.items()
            if tab in ("", asked.state) or counts[tab]
        ),
        asked=asked,
        all_href=desk.path(Room.STATEMENTS) if asked != Asked() else "",
        topics=(
            Choice("", desk.say(N_("All topics"))),
            *(Choice(code, name.text) for code, name in topics.items()),
        ),
        lacks_topics=not topics,
        n_missing=sum(bool(entry.missing(languages)) for entry in table.standing),
        n_all=len(table.standing),
        action=desk.path(Room.STATEMENTS),
        new_href=desk.path("new-statement"),
        import_href=desk.path("statement-import"),
        order_href=desk.path("statement-order"),
        topics_href=desk.path("topics"),
        merge_action=desk.path("merge-statements"),
        done=done,
    )


def _is_asked_for(entry: StatementEntry, asked: Asked) -> bool:
    """Whether a statement is of the topic, and has the words in its code or in any of its texts."""
    statement, words = entry.statement, asked.q.casefold()
    if asked.topic and statement.topic != asked.topic:
        return False
    return not words or any(words in text.casefold() for text in (statement.code, *statement.text.values()))


def _orders(table: StatementTable) -> dict[str, Callable[[StatementEntry], Any]]:
    """What the table can be sorted by; what has nothing there comes last, or first from the other end."""
    topics = {topic.code: place for place, topic in enumerate(table.topics)}
    states, decisions = list(EntryState), list(Decision)

    def last_decision(entry: StatementEntry) -> int:
        found = table.decisions.get(entry.statement.code)
        return decisions.index(found[0].analysis.decision) if found else len(decisions)

    def text_in(language: str) -> Callable[[StatementEntry], tuple[bool, str]]:
        return lambda entry: (
            language not in entry.statement.text,
            entry.statement.text.get(language, "").casefold(),
        )

    return {
        "code": lambda entry: [
            (part.isdigit(), int(part) if part.isdigit() else 0, part)
            for part in _NUMBERS.split(entry.statement.code.casefold())
        ],
        "topic": lambda entry: topics[entry.statement.topic],
        "state": lambda entry: states.index(entry.state),
        "decision": last_decision,
        **{language: text_in(language) for language in table.study.languages},
    }


def _columns(desk: StudyDesk, languages: tuple[str, ...], asked: Asked) -> tuple[Column, ...]:
    """The heads of the table, each a link that sorts by it, and then the other way round."""
    heads = {
        "code": desk.say(N_("Code")),
        **{code: desk.written.language_head(code) for code in languages},
        "topic": desk.say(N_("Topic")),
        "state": desk.say(N_("State")),
        "decision": desk.say(N_("Last decision")),
    }
    return tuple(
        Column(
            label,
            is_sortable=False,
            href=replace(
                asked,
                sort=name,
                order="descending" if name == asked.sort and not asked.descends else "",
            ).address(desk),
            order=("descending" if asked.descends else "ascending") if name == asked.sort else "",
        )
        for name, label in heads.items()
    )


def _tabs_of(entry: StatementEntry, languages: tuple[str, ...]) -> tuple[str, ...]:
    """Under which tabs a statement stands; one that is withdrawn only under its own."""
    if entry.state is EntryState.WITHDRAWN:
        return (EntryState.WITHDRAWN.value,)
    missing = ("missing",) if entry.missing(languages) else ()
    return ("", entry.state.value, *missing)


def _line(
    desk: StudyDesk, table: StatementTable, topics: dict[str, Told], entry: StatementEntry, *, edits: bool
) -> StatementLine:
    statement = entry.statement
    stands = entry.state is not EntryState.WITHDRAWN
    return StatementLine(
        code=statement.code,
        href=desk.path(Room.STATEMENTS, statement.code),
        edit_href=desk.path(Room.STATEMENTS, statement.code, "edit") if edits and stands else "",
        pick_label=desk.say(N_("choose %(code)s to be merged")) % {"code": statement.code},
        topic=topics[statement.topic],
        origin=statement.origin,
        version_word=version_word(desk, entry),
        state=entry.state.value,
        state_word=in_words(state_sentence(entry), desk.locale),
        texts=tuple(Told(statement.text.get(code, ""), code) for code in table.study.languages),
        missing=tuple(desk.written.language(code) for code in entry.missing(table.study.languages)),
        decisions=last_words(desk, table, statement.code),
    )
