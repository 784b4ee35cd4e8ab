"""Pieces of open material and themes, ready to be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Path

from analysis.scale import Band
from app.domain.material import PieceKind
from app.domain.messages import N_
from app.domain.moderation import Moderation
from app.domain.protocol import Protocol
from app.domain.study import Texts
from app.domain.theme import Colour, PlacedTheme
from app.services.coding import Coder, Piece, Workbench
from app.storage.piece_selection import UNABLE
from app.web.researcher.desk import Room, StudyDesk
from app.web.researcher.figures import GroupLabel, StudyWords
from app.web.researcher.texts import Told, told
from app.web.shared.parts import NavLink

StoredNumber = Annotated[int, Path(ge=1, le=999_999_999)]
"""A theme or a text in an address; a number that no database can hold is not asked for."""

KINDS: Final[Mapping[PieceKind, str]] = {
    PieceKind.COMMENT: N_("Comment"),
    PieceKind.OPEN_ANSWER: N_("Answer"),
    PieceKind.EXPERIENCE: N_("From elsewhere"),
}
BANDS: Final[Mapping[str, str]] = {
    Band.AGREE: N_("Agree"),
    Band.NEUTRAL: N_("Neutral"),
    Band.DISAGREE: N_("Disagree"),
    UNABLE: N_("Unable to rate"),
}


@dataclass(frozen=True, slots=True)
class ThemeChip:
    """A theme by its name and colour."""

    id: int
    name: str
    colour: Colour
    href: str


@dataclass(frozen=True, slots=True)
class CodeOption:
    """A theme that can be given to a piece, or is."""

    chip: ThemeChip
    depth: int
    key: str
    is_given: bool


@dataclass(frozen=True, slots=True)
class OtherCoder:
    """What another coder said of a piece; without themes that none fits."""

    name: str
    chips: tuple[ThemeChip, ...]


@dataclass(frozen=True, slots=True)
class PieceLine:
    """One piece with what can be done to it.

    ``shown`` are the numbers of the themes that the page shows as given, for the form to send back.
    """

    reference: str
    kind: PieceKind
    kind_word: str
    round_number: int
    about: str
    about_text: Told
    text: str
    language: str
    language_name: str
    group: GroupLabel | None
    band: str
    band_word: str
    moderation: Moderation | None
    is_redacted_for_reader: bool
    released_text: str
    options: tuple[CodeOption, ...]
    shown: str
    fits_none: bool
    is_coded: bool
    others: tuple[OtherCoder, ...]


class PieceReader:
    """Makes the pieces of a page ready, in the reader's language."""

    def __init__(
        self,
        desk: StudyDesk,
        coder: Coder,
        protocol: Protocol,
        themes: Sequence[PlacedTheme],
        coders: Mapping[int, str],
        texts: Mapping[str, Texts],
    ) -> None:
        self._desk, self._coder, self._coders, self._texts = desk, coder, coders, texts
        self._words = StudyWords(protocol, desk.locale)
        self._themes = tuple((placed, chip_of(desk, placed)) for placed in themes)

    def line(self, piece: Piece, *, shows_others: bool) -> PieceLine:
        """One piece."""
        stored, own = piece.stored, self._coder.researcher.id
        given = piece.themes_of(own)
        is_redacted = stored.moderation is Moderation.REDACTED
        desk = self._desk
        text = self._texts.get(stored.about)
        return PieceLine(
            reference=piece.reference,
            kind=stored.key.kind,
            kind_word=desk.say(KINDS[stored.key.kind]),
            round_number=stored.key.round_number,
            about=stored.about,
            about_text=told(text, desk.locale) if text else Told(""),
            text=stored.text,
            language=stored.language,
            language_name=desk.written.language(stored.language),
            group=self._words.group(stored.group) if stored.group else None,
            band=piece.band,
            band_word=desk.say(BANDS[piece.band]) if piece.band else "",
            moderation=stored.moderation,
            is_redacted_for_reader=is_redacted and not self._coder.sees_originals,
            released_text=stored.released_text if is_redacted and self._coder.sees_originals else "",
            options=tuple(
                CodeOption(chip, placed.depth, placed.key, placed.theme.id in given)
                for placed, chip in self._themes
            ),
            shown=" ".join(str(one) for one in sorted(given)),
            fits_none=piece.fits_none(own),
            is_coded=stored.is_coded,
            others=self._others(piece) if shows_others else (),
        )

    def _others(self, piece: Piece) -> tuple[OtherCoder, ...]:
        own = self._coder.researcher.id
        found = dict.fromkeys(one.researcher_id for one in piece.codes if one.researcher_id != own)
        return tuple(
            OtherCoder(
                self._coders.get(number, ""),
                tuple(chip for _, chip in self._themes if chip.id in piece.themes_of(number)),
            )
            for number in found
        )


def texts_asked(bench: Workbench) -> Mapping[str, Texts]:
    """What pieces are about, by code: statements and open questions."""
    return {
        **{one.code: one.text for one in bench.statements},
        **{one.code: one.text for one in bench.questions},
    }


def chip_of(desk: StudyDesk, placed: PlacedTheme) -> ThemeChip:
    """A theme by its name and colour, with the address of its page."""
    theme = placed.theme
    return ThemeChip(theme.id, theme.name, theme.colour, desk.path(Room.CODING, "themes", theme.id))


def coding_tabs(desk: StudyDesk, current: str) -> tuple[NavLink, ...]:
    """The pages of the room, by the last part of their addresses."""
    pages = {
        "": N_("Texts"),
        "themes": N_("Themes"),
        "agreement": N_("Agreement"),
        "experience": N_("Texts from elsewhere"),
    }
    return tuple(
        NavLink(desk.say(name), desk.path(Room.CODING, part), is_current=part == current)
        for part, name in pages.items()
    )
