"""What decides whether a step on a round can be taken: the launch checklist, and what blocks."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import ActionBlocked
from app.domain.messages import N_, NN_, LanguageNames, Names, Sentence
from app.domain.round import RoundAction, RoundKind
from app.domain.study import Texts


class Matter(StrEnum):
    """What a check is about: a page leads from it to where it is mended."""

    STUDY = "study"
    STATEMENTS = "statements"
    QUESTIONS = "questions"
    REAL_TIME = "real_time"
    TRANSLATIONS = "translations"
    TOPICS = "topics"
    EVIDENCE = "evidence"
    CONSENT = "consent"
    PANEL = "panel"
    GROUPS = "groups"
    TARGETS = "targets"
    ADDRESSES = "addresses"
    MAIL = "mail"
    COMMENTS = "comments"
    DEADLINE = "deadline"


class Weight(StrEnum):
    """What a check comes to: a blocker keeps the round from opening, a warning does not."""

    MET = "met"
    WARNING = "warning"
    BLOCKER = "blocker"


class PanelMail(StrEnum):
    """Whether the panel is written to."""

    SENT = "sent"
    INVENTED_PANEL = "invented_panel"
    NO_SERVER = "no_server"


@dataclass(frozen=True)
class Check:
    """One line of the launch checklist."""

    matter: Matter
    weight: Weight
    sentence: Sentence


@dataclass(frozen=True)
class RoundFacts:
    """What decides whether a step can be taken, and what is worth knowing before.

    ``kind``: what the round asks. ``n_statements`` and ``n_questions``: what it has to ask. ``n_invited``:
    panelists who can be asked (not declined, not withdrawn). ``has_statements``: whether the study has any,
    asked or not. ``empty_groups``: names of groups without a panelist; ``groups_below_target``: of groups
    with some, and fewer than aimed at. ``n_unreachable``: panelists whose address refuses mail or is somebody
    else's. ``untranslated``: statements that miss a text, and
    ``untranslated_topics`` and ``untranslated_cards`` likewise, of what the panel reads beside them.
    ``without_consent``: languages in which nothing stands to consent to. ``n_waiting_comments``: comments of
    the round before that nobody decided on. ``deadline_in_past``: the deadline asked for is over.
    ``is_analysed``: the closed round has its figures; an open round has none.
    """

    n_statements: int
    n_invited: int
    empty_groups: tuple[Texts, ...] = ()
    untranslated: tuple[str, ...] = ()
    untranslated_topics: tuple[str, ...] = ()
    untranslated_cards: tuple[str, ...] = ()
    deadline_in_past: bool = False
    is_analysed: bool = False
    study_concluded: bool = False
    kind: RoundKind = RoundKind.RATING
    n_questions: int = 0
    has_statements: bool = True
    is_real_time: bool = False
    n_groups: int = 1
    n_languages: int = 1
    groups_below_target: tuple[Texts, ...] = ()
    n_unreachable: int = 0
    without_consent: tuple[str, ...] = ()
    n_waiting_comments: int = 0
    panel_mail: PanelMail = PanelMail.SENT


def blockers(action: RoundAction, facts: RoundFacts) -> tuple[Sentence, ...]:
    """Why ``action`` is not available; empty when nothing stands in its way.

    The page greys its button with this and the service refuses with it, so the two cannot disagree.
    """
    if action is RoundAction.OPEN:
        return tuple(check.sentence for check in blocking(launch_checks(facts)))
    needs_figures = action is RoundAction.RELEASE_FEEDBACK and facts.kind is RoundKind.RATING
    if needs_figures and not facts.is_analysed:
        return (Sentence(N_("The round has no figures yet: its analysis has not been stored.")),)
    return ()


def refuse_if_blocked(action: RoundAction, facts: RoundFacts) -> None:
    """Raise :class:`ActionBlocked` with everything that stands in the way of ``action``."""
    standing = blockers(action, facts)
    if standing:
        raise ActionBlocked(standing)


def launch_checks(facts: RoundFacts) -> tuple[Check, ...]:
    """The launch checklist, line by line: what is met, what blocks, and what is worth knowing."""
    return tuple(
        check
        for part in (_study, _content, _translations, _consent, _panel, _groups, _mail, _comments, _deadline)
        for check in part(facts)
    )


def blocking(checks: tuple[Check, ...]) -> tuple[Check, ...]:
    """Those checks that keep a round from opening."""
    return tuple(check for check in checks if check.weight is Weight.BLOCKER)


def _study(facts: RoundFacts) -> Iterator[Check]:
    if facts.study_concluded:
        yield Check(Matter.STUDY, Weight.BLOCKER, Sentence(N_("The study is concluded.")))


def _content(facts: RoundFacts) -> Iterator[Check]:
    if facts.kind is RoundKind.OPEN:
        yield _counted(
            Matter.QUESTIONS,
            facts.n_questions,
            NN_("%(num)s open question will be asked", "%(num)s open questions will be asked"),
            N_("The study has no open question to ask."),
        )
        return
    yield _counted(
        Matter.STATEMENTS,
        facts.n_statements,
        NN_("%(num)s statement will be rated", "%(num)s statements will be rated"),
        N_("No statement is left to rate.")
        if facts.has_statements
        else N_("There are no statements yet. Write them, or import a table of them."),
    )
    if facts.is_real_time:
        words = N_("Panelists see the panel’s figures on a statement once they have answered it")
        yield Check(Matter.REAL_TIME, Weight.MET, Sentence(words))


def _translations(facts: RoundFacts) -> Iterator[Check]:
    if facts.untranslated:
        listed = {"statements": ", ".join(facts.untranslated)}
        missing = Sentence(N_("These statements miss a translation: %(statements)s."), listed)
        yield Check(Matter.TRANSLATIONS, Weight.BLOCKER, missing)
    elif facts.kind is RoundKind.RATING and facts.n_statements:
        whole = NN_(
            "Every statement is in the study’s language",
            "Every statement is in all %(num)s languages of the study",
        )
        yield _met(Matter.TRANSLATIONS, facts.n_languages, whole)
    if facts.untranslated_topics:
        listed = {"topics": ", ".join(facts.untranslated_topics)}
        unnamed = Sentence(N_("These topics miss their name in a language: %(topics)s."), listed)
        yield Check(Matter.TOPICS, Weight.BLOCKER, unnamed)
    if facts.untranslated_cards:
        listed = {"cards": ", ".join(facts.untranslated_cards)}
        unwritten = Sentence(N_("These evidence cards miss a translation: %(cards)s."), listed)
        yield Check(Matter.EVIDENCE, Weight.BLOCKER, unwritten)


def _consent(facts: RoundFacts) -> Iterator[Check]:
    if facts.without_consent:
        listed = {"languages": LanguageNames(facts.without_consent)}
        missing = Sentence(N_("Nothing is written for the panel to consent to in: %(languages)s."), listed)
        yield Check(Matter.CONSENT, Weight.BLOCKER, missing)
    else:
        met = N_("What the panel consents to is written in every language")
        yield Check(Matter.CONSENT, Weight.MET, Sentence(met))


def _panel(facts: RoundFacts) -> Iterator[Check]:
    yield _counted(
        Matter.PANEL,
        facts.n_invited,
        NN_("%(num)s panelist will be asked", "%(num)s panelists will be asked"),
        N_("The panel has nobody who can be asked."),
    )


def _groups(facts: RoundFacts) -> Iterator[Check]:
    if not facts.n_invited:
        return  # The line on the panel says it of all groups.
    if facts.empty_groups:
        listed = {"groups": Names(facts.empty_groups)}
        empty = Sentence(N_("These stakeholder groups have no panelist: %(groups)s."), listed)
        yield Check(Matter.GROUPS, Weight.BLOCKER, empty)
    else:
        peopled = NN_(
            "The stakeholder group has panelists", "Each of the %(num)s stakeholder groups has panelists"
        )
        yield _met(Matter.GROUPS, facts.n_groups, peopled)
    if facts.groups_below_target:
        listed = {"groups": Names(facts.groups_below_target)}
        small = Sentence(N_("These groups have fewer panelists than aimed at: %(groups)s."), listed)
        yield Check(Matter.TARGETS, Weight.WARNING, small)


def _mail(facts: RoundFacts) -> Iterator[Check]:
    if facts.n_unreachable:
        lost = NN_(
            "%(num)s panelist has an address at which no e-mail arrives.",
            "%(num)s panelists have an address at which no e-mail arrives.",
        )
        yield Check(Matter.ADDRESSES, Weight.WARNING, _of(facts.n_unreachable, lost))
    if facts.panel_mail is PanelMail.INVENTED_PANEL:
        words = N_("The panel of this study is invented, so nobody is written to")
        yield Check(Matter.MAIL, Weight.MET, Sentence(words))
    elif facts.panel_mail is PanelMail.NO_SERVER:
        words = N_(
            "No mail server is set up: nobody gets an e-mail, and whoever runs this installation hands the "
            "personal links out."
        )
        yield Check(Matter.MAIL, Weight.WARNING, Sentence(words))
    else:
        yield Check(Matter.MAIL, Weight.MET, Sentence(N_("Everybody gets an e-mail with a personal link")))


def _comments(facts: RoundFacts) -> Iterator[Check]:
    if facts.n_waiting_comments:
        waiting = NN_(
            "Nobody decided on %(num)s comment of the round before, so the panel does not see it.",
            "Nobody decided on %(num)s comments of the round before, so the panel does not see them.",
        )
        yield Check(Matter.COMMENTS, Weight.WARNING, _of(facts.n_waiting_comments, waiting))


def _deadline(facts: RoundFacts) -> Iterator[Check]:
    if facts.deadline_in_past:
        past = Sentence(N_("The deadline lies in the past. Choose a later one."))
        yield Check(Matter.DEADLINE, Weight.BLOCKER, past)


def _counted(matter: Matter, n: int, words: tuple[str, str], none: str) -> Check:
    return _met(matter, n, words) if n else Check(matter, Weight.BLOCKER, Sentence(none))


def _met(matter: Matter, n: int, words: tuple[str, str]) -> Check:
    return Check(matter, Weight.MET, _of(n, words))


def _of(n: int, words: tuple[str, str]) -> Sentence:
    return Sentence(words[0], {"num": n}, words[1], n)
