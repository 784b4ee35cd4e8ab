"""What a coder asks to see, out of an address and back into it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from app.domain.account import Permission
from app.domain.material import CodedState, PieceFilter, PieceKind
from app.domain.messages import N_
from app.services.coding import Coder, Workbench
from app.web.researcher.coding_parts import BANDS, KINDS
from app.web.researcher.desk import StudyDesk
from app.web.researcher.figures import StudyWords
from app.web.researcher.pages import whole_number
from app.web.shared.parts import Choice
from app.web.shared.state import settings_of

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """The pieces that are asked for, which page of them, and whether others' codes are shown."""

    wanted: PieceFilter
    shows_others: bool = False
    page: int = 1

    def query(self, **changes: object) -> str:
        """The same as the query of an address, with something changed; empty where all is asked for."""
        wanted = self.wanted
        asked: dict[str, object] = {
            "words": wanted.words,
            "kind": wanted.kind or "",
            "round": wanted.round_number or "",
            "about": wanted.about,
            "group": wanted.group,
            "language": wanted.language,
            "band": wanted.band,
            "theme": wanted.theme_id or "",
            "by": "anybody" if wanted.by_anybody else "",
            "state": wanted.state or "",
            "from": wanted.for_statement,
            "others": "1" if self.shows_others else "",
            "page": self.page if self.page > 1 else "",
            **changes,
        }
        return urlencode({name: str(value) for name, value in asked.items() if value})

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the state is asked for."""
        return PieceFilter(state=self.wanted.state) != self.wanted


def asked_in(get: Callable[[str], str | None]) -> Asked:
    """What an address asks for; what makes no sense is not asked."""

    def one(name: str) -> str:
        return (get(name) or "").replace("\x00", "").strip()[:_LONGEST]

    kind, state = one("kind"), one("state")
    wanted = PieceFilter(
        words=one("words"),
        kind=PieceKind(kind) if kind in set(PieceKind) else None,
        round_number=whole_number(one("round"), otherwise=0) or None,
        about=one("about"),
        group=one("group"),
        language=one("language"),
        band=one("band"),
        theme_id=whole_number(one("theme"), otherwise=0) or None,
        by_anybody=one("by") == "anybody",
        state=CodedState(state) if state in set(CodedState) else None,
        for_statement=one("from"),
    )
    return Asked(wanted, one("others") == "1", max(whole_number(one("page")), 1))


def asked_before(query: str) -> Asked:
    """What a page asked for that sends its own query back with a form."""
    return asked_in(dict(parse_qsl(query[:4000])).get)


@dataclass(frozen=True, slots=True)
class FilterChoices:
    """What can be chosen among pieces; the first of each is "all". No ``bands`` for who reads no ratings."""

    rounds: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    abouts: tuple[Choice, ...]
    groups: tuple[Choice, ...]
    bands: tuple[Choice, ...]
    languages: tuple[Choice, ...]
    themes: tuple[Choice, ...]


def filter_choices(desk: StudyDesk, bench: Workbench) -> FilterChoices:
    """The choices of a study, in the reader's language."""

    def listed(every: str, found: Iterable[tuple[object, str]]) -> tuple[Choice, ...]:
        return (Choice("", desk.say(every)), *(Choice(str(value), label) for value, label in found))

    codes = [*(one.code for one in bench.questions), *(one.code for one in bench.statements)]
    words = StudyWords(bench.protocol, desk.locale)
    round_word = desk.say(N_("Round %(round)s"))
    return FilterChoices(
        rounds=listed(N_("All rounds"), ((n, round_word % {"round": n}) for n in bench.round_numbers)),
        kinds=listed(N_("All kinds"), ((kind, desk.say(word)) for kind, word in KINDS.items())),
        abouts=listed(N_("Everything"), ((one, one) for one in (*codes, *bench.sources))),
        groups=listed(N_("All groups"), ((group.code, group.name) for group in words.groups)),
        bands=listed(N_("All ratings"), ((band, desk.say(word)) for band, word in BANDS.items()))
        if desk.may(Permission.READ_RATINGS)
        else (),
        languages=listed(
            N_("All languages"), ((code, desk.written.language(code)) for code in desk.study.languages)
        ),
        themes=listed(
            N_("All themes"),
            ((one.theme.id, "\u2003" * one.depth + one.theme.name) for one in bench.themes),
        ),
    )


def coder_at(desk: StudyDesk) -> Coder:
    """The researcher as somebody who codes."""
    secret = settings_of(desk.request).secret.get_secret_value().encode()
    return Coder(
        desk.researcher,
        sees_originals=desk.may(Permission.MODERATE_COMMENTS),
        secret=secret,
        sees_ratings=desk.may(Permission.READ_RATINGS),
    )
