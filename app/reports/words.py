"""How a report speaks one language: names, texts and figures of a study as its readers write them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from analysis.results import GROUP_EQUAL, OVERALL, DivergenceClass, Reason, StabilityVerdict
from analysis.rules import Decision
from analysis.scale import Band
from analysis.wording import reason_sentence
from app.domain.protocol import Criterion, StakeholderGroup
from app.domain.study import Texts
from app.i18n import N_, translations
from app.i18n.formats import Formats, formats
from app.reports.facts import ReportedStudy

DECISION_WORDS: Mapping[Decision, str] = {
    Decision.CONSENSUS_IN: N_("Consensus: in"),
    Decision.CONSENSUS_OUT: N_("Consensus: out"),
    Decision.NO_CONSENSUS: N_("No consensus"),
    Decision.NOT_ASSESSABLE: N_("Not assessable"),
}
BAND_WORDS: Mapping[Band, str] = {
    Band.DISAGREE: N_("disagree"),
    Band.NEUTRAL: N_("neutral"),
    Band.AGREE: N_("agree"),
}
DIVERGENCE_WORDS: Mapping[DivergenceClass, str] = {
    DivergenceClass.ALL_GROUPS_IN: N_("in for every group"),
    DivergenceClass.ALL_GROUPS_OUT: N_("out for every group"),
    DivergenceClass.GROUP_SPECIFIC: N_("decided in some groups only"),
    DivergenceClass.OPPOSED: N_("in for one group, out for another"),
    DivergenceClass.NONE: N_("no group decided"),
    DivergenceClass.NOT_ASSESSABLE: N_("not assessable"),
}
STABILITY_WORDS: Mapping[StabilityVerdict, str] = {
    StabilityVerdict.STABLE: N_("stable"),
    StabilityVerdict.UNSTABLE: N_("still moving"),
    StabilityVerdict.NOT_ASSESSABLE: N_("not assessable"),
}
SMALLEST_P_SHOWN = 0.001


@dataclass(frozen=True)
class Text:
    """A text of the study; ``language`` is set only where it is another one than the report's."""

    text: str
    language: str = ""


class Worded(Protocol):
    """What a report must know to speak of a study."""

    @property
    def study(self) -> ReportedStudy:
        """Whose report it is."""

    @property
    def groups(self) -> tuple[StakeholderGroup, ...]:
        """The stakeholder groups, in the study's order."""

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """What statements are rated on."""


class Words:
    """A study's names, texts and figures in one language of the report.

    Texts that the study does not have in this language stand in its reference language, and are marked so.
    """

    def __init__(self, report: Worded, locale: str) -> None:
        self.locale = locale
        self.formats: Formats = formats(locale)
        self._spoken = translations(locale)
        self._zone = report.study.time_zone
        self._languages = report.study.languages
        self.group_names = {group.code: self.text(group.name).text or group.code for group in report.groups}
        self._criterion_names = {one.code: self.text(one.name).text or one.code for one in report.criteria}
        self.has_many_criteria = len(report.criteria) > 1

    # --- Sentences ----------------------------------------------------------------------------------------

    def gettext(self, message: str, **params: object) -> str:
        """A sentence in the report's language; as in templates, a sign for per cent is written twice."""
        return self._spoken.gettext(message) % params

    def ngettext(self, singular: str, plural: str, n: int, **params: object) -> str:
        """A sentence about a number, which fills ``%(n)s``."""
        return self._spoken.ngettext(singular, plural, n) % {"n": self.formats.number(n), **params}

    def reason(self, reason: Reason) -> str:
        """Why something was decided, or could not be computed."""
        return reason_sentence(reason, self.locale, self.group_names)

    # --- Names --------------------------------------------------------------------------------------------

    def text(self, texts: Texts) -> Text:
        """A text of the study in this language, else in the first of the study's languages that has it."""
        if texts.get(self.locale):
            return Text(texts[self.locale])
        for language in self._languages:
            if texts.get(language):
                return Text(texts[language], language)
        return Text("")

    def group(self, code: str) -> str:
        """A group's name; everyone together and the mean of the groups have names too."""
        if code == OVERALL:
            return self.gettext("Whole panel")
        if code == GROUP_EQUAL:
            return self.gettext("Groups counted equally")
        return self.group_names[code]

    def criterion(self, code: str) -> str:
        """A criterion's name."""
        return self._criterion_names[code]

    def statement(self, code: str, criterion: str) -> str:
        """What a row is about: the statement's code, with the criterion where there are several."""
        return f"{code} · {self.criterion(criterion)}" if self.has_many_criteria else code

    def decision(self, decision: Decision) -> str:
        """A decision in words."""
        return self.gettext(DECISION_WORDS[decision])

    def language(self, code: str) -> str:
        """A language's name in this language."""
        return self.formats.language(code)

    # --- Figures ------------------------------------------------------------------------------------------

    def number(self, value: float, digits: int | None = None) -> str:
        """A number; without ``digits`` as many decimals as it needs, at most three."""
        return self.formats.number(value, digits).replace("-", "−")

    def percent(self, share: float, digits: int = 1) -> str:
        """A share as per cent; one decimal, so that 69.6% is never taken for 70%."""
        return self.formats.percent(share, digits)

    def p_value(self, p: float) -> str:
        """A p value with three decimals."""
        if p < SMALLEST_P_SHOWN:
            return f"< {self.number(SMALLEST_P_SHOWN, 3)}"
        return self.number(p, 3)

    def day(self, instant: datetime) -> str:
        """A day in the study's time zone."""
        return self.formats.date(instant, self._zone)

    def moment(self, instant: datetime) -> str:
        """A day and hour in the study's time zone."""
        return self.formats.moment(instant, self._zone)
