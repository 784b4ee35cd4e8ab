"""Reading the tables of a protocol field by field, so that every wrong field is named, not only the first."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from analysis.scale import ProtocolFault
from app.domain.messages import N_
from app.domain.study import Texts, is_code

Choice = TypeVar("Choice", bound=StrEnum)


class FieldReader:
    """One table of a protocol, read field by field; faults gather in a list shared by all tables."""

    def __init__(self, table: object, where: str, faults: list[ProtocolFault]) -> None:
        self.where = where
        self.faults = faults
        self._read: set[str] = set()
        self.table: Mapping[str, Any] = table if isinstance(table, Mapping) else {}
        if not isinstance(table, Mapping):
            faults.append(ProtocolFault.of(where, N_("must be a table of fields.")))

    def fault(self, name: str, message: str, **params: object) -> None:
        """Note that field ``name`` is wrong."""
        self.faults.append(
            ProtocolFault.of(f"{self.where}.{name}" if self.where else name, message, **params)
        )

    def take(self, name: str, default: object = None) -> Any:
        """The raw value of a field, or ``default``."""
        self._read.add(name)
        return self.table.get(name, default)

    def text(self, name: str, *, default: str | None = None) -> str:
        """A non-empty text; without ``default`` it must be there."""
        value = self.take(name, default)
        if isinstance(value, str) and (value.strip() or default == ""):
            return value.strip()
        self.fault(name, N_("is missing; write a text.") if value is None else N_("must be a text."))
        return ""

    def whole(self, name: str, *, default: int | None = None, at_least: int, at_most: int) -> int:
        """A whole number between two bounds."""
        value = self.take(name, default)
        if type(value) is int and at_least <= value <= at_most:
            return value
        self.fault(
            name, N_("must be a whole number from %(least)s to %(most)s."), least=at_least, most=at_most
        )
        return at_least

    def share(self, name: str, *, default: float) -> float:
        """A number between 0 and 1."""
        value = self.take(name, default)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
            return float(value)
        self.fault(name, N_("must be a number between 0 and 1."))
        return default

    def truth(self, name: str, *, default: bool) -> bool:
        """True or false."""
        value = self.take(name, default)
        if isinstance(value, bool):
            return value
        self.fault(name, N_("must be true or false."))
        return default

    def choice(self, name: str, kind: type[Choice], *, default: Choice | None = None) -> Choice:
        """One of an enum's values; without ``default`` it must be there."""
        value = self.take(name, default)
        if value in list(kind):
            return kind(value)
        self.fault(name, N_("must be one of %(choices)s."), choices=", ".join(kind))
        return default or next(iter(kind))

    def code(self) -> str:
        """Read the table's ``code``, by which everything else names it."""
        code = self.text("code")
        if code and not is_code(code):
            self.fault("code", N_("may have letters, digits, hyphens, dots and underscores only."))
        return code

    def refuse_repeats(self, name: str, codes: Iterable[str]) -> None:
        """Note every code that two of the repeated tables ``[[name]]`` share."""
        counted = Counter(code for code in codes if code)
        for code in (code for code, n_uses in counted.items() if n_uses > 1):
            self.fault(name, N_("the code “%(code)s” is used twice."), code=code)

    def texts(self, name: str, languages: Sequence[str], *, required: bool = True) -> Texts:
        """One text per study language; each missing language is a fault of its own."""
        value = self.take(name, None if required else {})
        if not isinstance(value, Mapping):
            self.fault(
                name,
                N_("is missing; write one text per language: %(languages)s."),
                languages=", ".join(languages),
            )
            return {}
        if not required and not value:
            return {}
        for language in languages:
            if not isinstance(value.get(language), str) or not value[language].strip():
                self.fault(
                    f"{name}.{language}", N_("is missing; every text is needed in every study language.")
                )
        self._refuse_languages(name, value, languages)
        return {lang: str(value[lang]).strip() for lang in languages if isinstance(value.get(lang), str)}

    def some_texts(self, name: str, languages: Sequence[str], *, required: bool = True) -> Texts:
        """A text in some of the study's languages, one at least if ``required``; the rest may come later."""
        value = self.take(name, {})
        table: Mapping[str, Any] = value if isinstance(value, Mapping) else {}
        texts = {lang: text.strip() for lang, text in table.items() if isinstance(text, str) and text.strip()}
        for language, text in table.items():
            if not isinstance(text, str):
                self.fault(f"{name}.{language}", N_("must be a text."))
        self._refuse_languages(name, table, languages)
        if not isinstance(value, Mapping) or (required and not table):
            self.fault(
                name,
                N_("is missing; write one text per language: %(languages)s."),
                languages=", ".join(languages),
            )
        elif required and not texts:
            self.fault(name, N_("is missing; a text is needed in at least one study language."))
        return {lang: texts[lang] for lang in languages if lang in texts}

    def _refuse_languages(self, name: str, value: Mapping[str, Any], languages: Sequence[str]) -> None:
        for language in value:
            if language not in languages:
                self.fault(f"{name}.{language}", N_("is not in one of the study's languages."))

    def tables(self, name: str, *, at_least: int = 0) -> list["FieldReader"]:
        """The repeated tables ``[[name]]``, each with its own reader."""
        value = self.take(name, [])
        if not isinstance(value, list) or len(value) < at_least:
            self.fault(name, N_("needs at least %(least)s entries."), least=at_least)
            return []
        prefix = f"{self.where}." if self.where else ""
        return [
            FieldReader(entry, f"{prefix}{name}[{n}]", self.faults) for n, entry in enumerate(value, start=1)
        ]

    def refuse_unknown(self) -> None:
        """Note every field that nobody asked for: most often a typing error."""
        for name in self.table:
            if name not in self._read:
                self.fault(name, N_("is not a field here; check its spelling."))
