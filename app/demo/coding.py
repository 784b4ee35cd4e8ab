"""The open material of the demo under themes: two people code it, and one statement is written from it."""

import csv
import secrets
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from app.clock import Clock, FixedClock
from app.domain.account import Researcher, Role
from app.domain.material import PieceFilter, PieceKind
from app.domain.statement import Statement
from app.domain.statement_editing import StatementDraft
from app.domain.theme import ThemeDraft
from app.services.accounts import add_researcher
from app.services.coding import Coder, code_piece, read_workbench
from app.services.experience import bring_in_texts
from app.services.joining import join_study
from app.services.statement_sources import add_statement_from
from app.services.themes import add_theme, match_statements
from app.storage.accounts import find_researcher_by_id
from app.storage.database import Database

PACE = timedelta(seconds=35)
FITS_NONE = "none"

Codes = Mapping[str, tuple[str, ...]]
"""By the words of a text, the codes of the themes that somebody gives it; none: that no theme fits."""


@dataclass(frozen=True)
class PlannedTheme:
    """A theme of the plan; ``under`` and the code are the plan's own words for themes."""

    code: str
    under: str
    draft: ThemeDraft
    statements: tuple[str, ...]


@dataclass(frozen=True)
class PlannedTexts:
    """Texts from elsewhere, of one source and language."""

    source: str
    language: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class CodingPlan:
    """Who codes, with which themes, and what each says of every text.

    ``born`` is the code of the statement that is written from ``sources``, under the theme ``born_of``.
    """

    names: tuple[str, str]
    themes: tuple[PlannedTheme, ...]
    experience: tuple[PlannedTexts, ...]
    codes: tuple[Codes, Codes]
    born: str
    born_of: str
    sources: tuple[str, ...]


def read_coding_plan(folder: Path) -> CodingPlan:
    """Read the plan of a study's folder: its ``coding.toml``, and the coders' columns of ``comments.csv``."""
    with (folder / "coding.toml").open("rb") as file:
        tables = tomllib.load(file)
    with (folder / "comments.csv").open(newline="", encoding="utf-8") as lines:
        comments = list(csv.DictReader(lines))
    written = [text for one in tables["experience"] for text in one["texts"]]
    first, second = (
        {row["text"]: _codes(row[column]) for row in comments if row[column]}
        for column in ("first_coder", "second_coder")
    )
    return CodingPlan(
        names=(tables["first_coder"], tables["second_coder"]),
        themes=tuple(
            PlannedTheme(
                one["code"],
                one.get("under", ""),
                ThemeDraft(one["name"], one["description"], one["colour"], heading=one.get("heading", {})),
                tuple(one.get("statements", ())),
            )
            for one in tables["theme"]
        ),
        experience=tuple(
            PlannedTexts(one["source"], one["language"], tuple(text["text"] for text in one["texts"]))
            for one in tables["experience"]
        ),
        codes=(first | {text["text"]: tuple(text["themes"]) for text in written}, second),
        born=tables["born"]["statement"],
        born_of=tables["born"]["theme"],
        sources=tuple(text["text"] for text in written if text.get("gave_the_statement")),
    )


def _codes(cell: str) -> tuple[str, ...]:
    return () if cell == FITS_NONE else tuple(cell.split())


def find_coders(
    database: Database, clock: Clock, plan: CodingPlan, owner_id: int | None
) -> tuple[Researcher, Researcher]:
    """The owner and a colleague who gets an account; two colleagues where the demo has no owner."""
    with database.reading() as connection:
        owner = None if owner_id is None else find_researcher_by_id(connection, owner_id)
    first, second = plan.names
    return owner or _hire(database, clock, first), _hire(database, clock, second)


def _hire(database: Database, clock: Clock, name: str) -> Researcher:
    email = f"{'.'.join(name.lower().split())}@example.org"
    return add_researcher(database, clock, email=email, name=name, password=secrets.token_urlsafe())


class CodingPlay:
    """The coding of one study, with the clock that the study is played by."""

    def __init__(
        self,
        database: Database,
        clock: FixedClock,
        slug: str,
        plan: CodingPlan,
    ) -> None:
        self._database = database
        self._clock = clock
        self._slug = slug
        self._plan = plan
        self._coders: Sequence[Coder] = ()
        self.themes: dict[str, int] = {}

    def begin(self, coders: Sequence[Coder], actor: str, born: Statement) -> None:
        """Let the coders join, make the themes, code texts from elsewhere, write a statement from them."""
        self._coders = coders
        for coder in coders:
            if coder.researcher.actor != actor:
                join_study(*self._here, coder.researcher.id, Role.EDITOR, actor)
        first = coders[0]
        for one in self._plan.themes:
            draft = replace(one.draft, parent_id=self.themes.get(one.under))
            self.themes[one.code] = add_theme(*self._here, first.researcher.actor, draft)
        for texts in self._plan.experience:
            self._clock.advance(PACE)
            bring_in_texts(
                *self._here,
                first.researcher.actor,
                pasted="\n\n".join(texts.texts),
                source=texts.source,
                language=texts.language,
            )
        self._code(first, self._plan.codes[0], PieceFilter(kind=PieceKind.EXPERIENCE))
        self._write(first, born)

    def code_round(self, number: int) -> None:
        """Let the coders, one after the other, code the comments of a closed round."""
        for coder, codes in zip(self._coders, self._plan.codes, strict=True):
            self._clock.advance(timedelta(days=1))
            self._code(coder, codes, PieceFilter(kind=PieceKind.COMMENT, round_number=number))

    def match(self) -> None:
        """Match the themes with the statements that they are about."""
        actor = self._coders[0].researcher.actor
        for one in self._plan.themes:
            if one.statements:
                self._clock.advance(PACE)
                match_statements(*self._here, actor, self.themes[one.code], wanted=one.statements, shown=())

    @property
    def _here(self) -> tuple[Database, Clock, str]:
        return self._database, self._clock, self._slug

    def _code(self, coder: Coder, codes: Codes, wanted: PieceFilter) -> None:
        for piece in read_workbench(self._database, self._slug, coder, wanted).pieces:
            given = codes.get(piece.stored.text)
            if given is None:
                continue
            self._clock.advance(PACE)
            code_piece(
                *self._here,
                coder,
                piece.reference,
                shown=(),
                wanted=[self.themes[code] for code in given],
                fits_none=not given,
            )

    def _write(self, coder: Coder, born: Statement) -> None:
        bench = read_workbench(self._database, self._slug, coder, PieceFilter(kind=PieceKind.EXPERIENCE))
        sources = [one.reference for one in bench.pieces if one.stored.text in self._plan.sources]
        draft = StatementDraft(born.code, born.topic, born.text, born.note, born.origin)
        add_statement_from(*self._here, coder, draft, sources, self.themes[self._plan.born_of])
