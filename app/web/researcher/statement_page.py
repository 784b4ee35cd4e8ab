"""One statement: what it says and said, where it came from, its evidence, and what can be done with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.messages import N_, Sentence
from app.domain.statement import Evidence, LineageKind
from app.domain.statement_editing import EntryState, StatementVersion
from app.services.restructuring import restore_statement
from app.services.statement_desk import StatementHistory, read_statement_history
from app.web.researcher.desk import Room, StudyDesk, find_study_desk, read_form
from app.web.researcher.statements_page import DONE, LastWord, can_edit, last_words, state_sentence
from app.web.researcher.texts import Told, told
from app.web.shared.parts import Crumb, EvidenceCard, WordSpan
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm
from app.web.shared.wording import changed_words

router = APIRouter()

_CAME_FROM: Final[dict[LineageKind, str]] = {
    LineageKind.SPLIT: N_("It came out of %(code)s, which was split."),
    LineageKind.MERGED: N_("It came out of %(code)s, which was merged with others."),
    LineageKind.REWORDED: N_("It came out of %(code)s, which was reworded."),
    LineageKind.FROM_OPEN_ANSWERS: N_("It came out of open answers, after %(code)s."),
}
_BECAME: Final[dict[LineageKind, str]] = {
    LineageKind.SPLIT: N_("It was split; %(code)s is one of its parts."),
    LineageKind.MERGED: N_("It was merged with others into %(code)s."),
    LineageKind.REWORDED: N_("It was reworded as %(code)s."),
    LineageKind.FROM_OPEN_ANSWERS: N_("Open answers made %(code)s of it."),
}


@dataclass(frozen=True, slots=True)
class VersionText:
    """One wording in one language, with the words that changed since the version before."""

    name: str
    language: str
    spans: tuple[WordSpan, ...]
    note: str


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version: when, why, in which rounds, and what it said."""

    number: int
    created_at: datetime
    reason: str
    asked_in: tuple[int, ...]
    texts: tuple[VersionText, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """What a statement came from or became, with the reason and a way there."""

    sentence: Sentence
    code: str
    href: str
    reason: str


@dataclass(frozen=True, slots=True)
class AgainstRule:
    """A round that asked about the statement, or left it out, against the rule."""

    sentence: Sentence
    reason: str


@dataclass(frozen=True, slots=True)
class CardLine:
    """A card of evidence, and where it is edited; empty where it cannot be."""

    code: str
    card: EvidenceCard
    edit_href: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatementPage:
    """One statement as researchers keep it."""

    code: str
    topic: Told
    origin: str
    n_sources: int
    sources_href: str
    state_word: Sentence
    is_withdrawn: bool
    withdrawal_reason: str
    missing: tuple[str, ...]
    decisions: tuple[LastWord, ...]
    versions: tuple[VersionLine, ...]
    came_from: tuple[Relation, ...]
    became: tuple[Relation, ...]
    against_rule: tuple[AgainstRule, ...]
    evidence: tuple[CardLine, ...]
    can_edit: bool
    hindrance: Sentence | None
    edit_href: str
    split_href: str
    withdraw_href: str
    restore_action: str
    add_card_href: str
    zone: str
    done: str


@router.get("/research/{slug}/statements/{code}")
def show_statement(request: Request, slug: str, code: str, done: str = "") -> Response:
    """Show one statement with its whole history."""
    desk = find_study_desk(request, slug, Room.STATEMENTS)
    history = read_statement_history(database_of(request), slug, code)
    page = _page(desk, history, done if done in DONE else "")
    return desk.inside(Crumb(code)).show("statement.html", page)


@router.post("/research/{slug}/statements/{code}/restore")
def restore(
    request: Request,
    slug: str,
    code: str,
    form: Annotated[SentForm, Depends(read_form)],  # noqa: ARG001 - checked
) -> Response:
    """Let a withdrawn statement stand again."""
    desk = find_study_desk(request, slug, Room.STATEMENTS)
    restore_statement(database_of(request), clock_of(request), slug, desk.actor, code)
    return desk.go(Room.STATEMENTS, code, done="restored")


def _page(desk: StudyDesk, history: StatementHistory, done: str) -> StatementPage:
    table, entry = history.table, history.entry
    code, languages = entry.statement.code, table.study.languages
    is_withdrawn = entry.state is EntryState.WITHDRAWN
    edits = can_edit(desk, table)
    topic = next(one for one in table.topics if one.code == entry.statement.topic)
    return StatementPage(
        code=code,
        topic=told(topic.name, desk.locale),
        origin=entry.statement.origin,
        n_sources=history.n_sources,
        sources_href=f"{desk.path(Room.CODING)}?{urlencode({'from': code})}" if history.n_sources else "",
        state_word=state_sentence(entry),
        is_withdrawn=is_withdrawn,
        withdrawal_reason=entry.withdrawal_reason,
        missing=tuple(desk.written.language(one) for one in entry.missing(languages)),
        decisions=last_words(desk, table, code),
        versions=_versions(desk, history.versions),
        came_from=tuple(
            Relation(
                Sentence(_CAME_FROM[one.kind], {"code": one.from_code}),
                one.from_code,
                desk.path(Room.STATEMENTS, one.from_code),
                one.reason,
            )
            for one in history.came_from
        ),
        became=tuple(
            Relation(
                Sentence(_BECAME[one.kind], {"code": one.code}),
                one.code,
                desk.path(Room.STATEMENTS, one.code),
                one.reason,
            )
            for one in history.became
        ),
        against_rule=_against_rule(history),
        evidence=tuple(_card(desk, card, code, edits=edits) for card in history.evidence),
        can_edit=edits,
        hindrance=table.hindrance,
        edit_href=desk.path(Room.STATEMENTS, code, "edit"),
        split_href=desk.path(Room.STATEMENTS, code, "split"),
        withdraw_href=desk.path(Room.STATEMENTS, code, "withdraw"),
        restore_action=desk.path(Room.STATEMENTS, code, "restore"),
        add_card_href=desk.path(Room.STATEMENTS, code, "evidence"),
        zone=table.study.time_zone,
        done=done,
    )


def _against_rule(history: StatementHistory) -> tuple[AgainstRule, ...]:
    lines = [
        AgainstRule(
            Sentence(
                N_("Round %(round)s asked about it against the rule.")
                if one.asks
                else N_("Round %(round)s left it out against the rule."),
                {"round": number},
            ),
            one.reason,
        )
        for number, one in history.overrides.items()
    ]
    if history.planned:
        said = (
            N_("The next round is to ask about it against the rule.")
            if history.planned.asks
            else N_("The next round is to leave it out against the rule.")
        )
        lines.append(AgainstRule(Sentence(said), history.planned.reason))
    return tuple(lines)


def _versions(desk: StudyDesk, versions: Sequence[StatementVersion]) -> tuple[VersionLine, ...]:
    """The versions, the newest first, each with what changed since the one before."""
    lines = []
    for place, version in enumerate(versions):
        before = versions[place - 1].text if place else version.text
        texts = tuple(
            VersionText(
                desk.written.language(code),
                code,
                changed_words(before.get(code, ""), version.text.get(code, "")),
                version.note.get(code, ""),
            )
            for code in desk.study.languages
            if before.get(code) or version.text.get(code)
        )
        lines.append(
            VersionLine(version.version, version.created_at, version.change_reason, version.asked_in, texts)
        )
    return tuple(reversed(lines))


def _card(desk: StudyDesk, card: Evidence, code: str, *, edits: bool) -> CardLine:
    return CardLine(
        code=card.code,
        card=EvidenceCard(
            kind=card.kind.value,
            title=told(card.title, desk.locale).text,
            what=told(card.what, desk.locale).text,
            why=told(card.why, desk.locale).text if any(card.why.values()) else "",
            source=card.source,
            country=card.country or "",
        ),
        edit_href=desk.path("evidence", card.code) if edits else "",
        others=tuple(one for one in card.statements if one != code),
    )
