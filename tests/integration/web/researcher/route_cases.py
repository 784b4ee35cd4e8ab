"""What every address for researchers answers those to whom it is allowed, in each state of the study.

A new route gets a line in ``CASES``, at the end of its room; without one ``test_permissions.py`` fails:

    ("GET", f"{STUDY}/themes"): shows(),
    ("GET", f"{STUDY}/rounds/{{number}}/themes"): shows({"draft": "not_found"}),
    ("POST", f"{STUDY}/themes"): does({"name": "Hope"}, page=f"{STUDY}/themes"),

``shows`` is answered with 200 and ``does`` with 303, in every state but those that are named: there with
another status, or with a refusal by its code (app/web/shared/refusals.py). Who may not gets 403, a stranger
to the study 404; the walk sees to that by itself. A form must be sent so that it succeeds: ``page`` is
where it stands, what else it holds is sent along (``{this}`` is the form's own address). ``places`` says
what stands in braces where it is not what ``House.addresses`` puts there; of several values each is tried.
``after`` is the address of the form that must have been sent before.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from types import MappingProxyType
from typing import Final

from app.services.reporting import ReportFormat
from app.web.researcher.design.parts import PART_NAMES

Values = str | list[str]
Expected = int | str
Route = tuple[str, str]
Answers = Mapping[str, Expected]
Places = Mapping[str, str | tuple[str, ...]]
STUDY: Final = "/research/{slug}"
NOWHERE: Final[Answers] = MappingProxyType({})
NOTHING: Final[Mapping[str, Values]] = MappingProxyType({})
USUAL: Final[Places] = MappingProxyType({})


@dataclass(frozen=True)
class Case:
    """What is asked of a route, and what it answers."""

    answers: Expected
    but: Answers = field(default_factory=dict)
    sends: Mapping[str, Values] = field(default_factory=dict)
    page: str = ""
    places: Places = field(default_factory=dict)
    query: str = ""
    file: tuple[str, bytes] | None = None
    after: str = ""

    def answer_in(self, state: str) -> Expected:
        """What is answered in a state of the study."""
        return self.but.get(state, self.answers)

    def each_place(self) -> Iterator[dict[str, str]]:
        """What stands in the braces of the address, one after another."""
        values = [(each,) if isinstance(each, str) else each for each in self.places.values()]
        for chosen in product(*values):
            yield dict(zip(self.places, chosen, strict=True))


def shows(but: Answers = NOWHERE, *, places: Places = USUAL, query: str = "", after: str = "") -> Case:
    """A page or a picture or a file that is there to be read."""
    return Case(200, but, places=places, query=query, after=after)


def does(
    sends: Mapping[str, Values] = NOTHING,
    but: Answers = NOWHERE,
    *,
    answers: Expected = 303,
    page: str = "",
    places: Places = USUAL,
    file: tuple[str, bytes] | None = None,
    after: str = "",
) -> Case:
    """A form that does something, and leads to a page that says so."""
    return Case(answers, but, sends, page, places, file=file, after=after)


def only(state: str, answers: Expected) -> Case:
    """A step of a round that can be taken in one state alone."""
    return Case("round_transition", {"draft": "not_found", state: answers})


BETWEEN_ROUNDS: Final[Answers] = {"open": "action_blocked", "concluded": "action_blocked"}
"""What can be changed before round 1 and after a close, and is read by its panel meanwhile."""
TO_THE_END: Final[Answers] = {"concluded": "action_blocked"}
NO_OPEN_ROUND: Final = Case("not_found")
"""The study has none; test_open_rounds.py has one."""
NOT_NOW: Final[Answers] = dict.fromkeys(("open", "closed", "concluded"), 409)
"""What is refused on its own page, where what was typed stays."""
ONCE_HELD: Final[Answers] = {"draft": "not_found"}
ONCE_ANALYSED: Final[Answers] = {"draft": "not_found", "open": "analysis_missing"}
TEXTS: Final = {"text.en": "A new text.", "text.fr": "Un texte neuf.", "text.nl": "Een nieuwe tekst."}
REASON: Final = {"reason": "It said two things."}
CARD: Final = {
    "statements": "S01, S02",
    "source": "A book",
    **{f"{part}.{code}": f"{part} {code}" for part in ("title", "what") for code in ("en", "fr", "nl")},
}
ONE_PART: Final = {"1.code": "S07", "1.topic": "pay", **{f"1.{name}": text for name, text in TEXTS.items()}}
TWO_PARTS: Final = (
    ONE_PART | {name.replace("1", "2", 1): text for name, text in ONE_PART.items()} | {"2.code": "S08"}
)
MERGED: Final[dict[str, Values]] = {"old": ["S01", "S02"], **ONE_PART}
PERSON: Final = {"name": "Nora", "email": "nora@example.org", "group": "gardeners", "language": "nl"}
STATEMENTS_CSV: Final = b"code,topic,text_en,text_fr,text_nl\nS08,pay,Tools are shared.,Les outils.,Het.\n"
LETTERS_CSV: Final = b"text,source,language\nA quiet hour.,Letters,fr\n"
PEOPLE_CSV: Final = b"name,email,group,language\nOmar,omar@example.org,neighbours,fr\n"
MOMENT: Final = {"day": "2026-04-20", "hour": "18:00"}
COLLEAGUE: Final = {"email": "zoe@example.org", "role": "analyst", "language": "en"}
NEW_STUDY: Final[dict[str, Values]] = {
    "template": "model_study",
    "languages": ["en"],
    "study.title.en": "Gardens for all",
    "study.purpose.en": "Why gardens?",
    "study.organiser.en": "We do.",
    "study.contact": "gardens@example.org",
    "study.minutes_per_round": "15",
    "study.time_zone": "Europe/Brussels",
}
AUDIENCE: Final = {"new": "A01", "A01.place": "1", "A01.name.en": "Teams"}
RECOMMENDATION: Final = {"audience": "A01", "text.en": "Pay them as colleagues.", "evidence": "E01"}
ROUND_TWO: Final = {"number": "2"}
MEMBER: Final = {"number": "{colleague}"}
IN_FRENCH: Final = {"language": "fr"}
EVERY_PART: Final = {"part": tuple(PART_NAMES)}
PARTS_BY_STATE: Final = {"part": ("languages", "groups", "criteria", "rule", "course")}
"""Those that can be amended between rounds; how it is with the others is in test_questions.py."""

CASES: Final[dict[Route, Case]] = {
    # Outside a study: for whoever is signed in.
    ("GET", "/research/account"): shows(),
    ("POST", "/research/account"): does({"name": "Robin", "locale": "nl"}),
    ("POST", "/research/account/password"): does(
        {"current": "correct horse battery staple", "password": "a password of another kind"}
    ),
    ("POST", "/research/account/sessions"): does(),
    ("GET", "/research/account/second-factor"): shows(),
    ("POST", "/research/account/second-factor"): does({"code": "000000"}, page="{this}", answers=422),
    ("POST", "/research/account/second-factor/codes"): does({"password": "any"}),
    ("POST", "/research/account/second-factor/off"): does({"password": "correct horse battery staple"}),
    ("POST", "/research/join/{token}"): does(places={"token": "{invitation}"}, answers="takes_part_in_team"),
    ("POST", "/research/language"): does({"locale": "fr"}),
    ("GET", "/research"): shows(),
    ("GET", "/research/new"): shows(),
    ("POST", "/research/new"): does(NEW_STUDY),
    # The study, and its protocol.
    ("GET", STUDY): shows(),
    ("GET", f"{STUDY}/protocol"): shows(),
    ("GET", f"{STUDY}/protocol/planner"): shows(),
    ("GET", f"{STUDY}/protocol/planner.svg"): shows(),
    ("GET", f"{STUDY}/protocol/{{part}}"): shows(places=EVERY_PART),
    ("POST", f"{STUDY}/protocol/{{part}}"): does(
        {"action": "save", **REASON}, NOT_NOW, page="{this}", places=PARTS_BY_STATE
    ),
    ("POST", f"{STUDY}/study-folder"): does(answers=200),
    ("POST", f"{STUDY}/study-folder/with-panel"): does(answers=200),
    # Statements.
    ("GET", f"{STUDY}/statements"): shows(),
    ("GET", f"{STUDY}/statements/{{code}}"): shows(),
    ("POST", f"{STUDY}/statements/{{code}}/restore"): does(but=BETWEEN_ROUNDS),
    ("GET", f"{STUDY}/statements/{{code}}/edit"): shows(BETWEEN_ROUNDS),
    ("POST", f"{STUDY}/statements/{{code}}/edit"): does({**TEXTS, **REASON}, BETWEEN_ROUNDS, page="{this}"),
    ("GET", f"{STUDY}/statements/{{code}}/text/{{language}}"): shows(BETWEEN_ROUNDS, places=IN_FRENCH),
    ("POST", f"{STUDY}/statements/{{code}}/text/{{language}}"): does(
        {"text": "Un texte neuf.", **REASON}, BETWEEN_ROUNDS, page="{this}", places=IN_FRENCH, answers=200
    ),
    ("GET", f"{STUDY}/statements/{{code}}/split"): shows(BETWEEN_ROUNDS),
    ("POST", f"{STUDY}/statements/{{code}}/split"): does({**TWO_PARTS, **REASON}, BETWEEN_ROUNDS),
    ("GET", f"{STUDY}/statements/{{code}}/withdraw"): shows(BETWEEN_ROUNDS),
    ("POST", f"{STUDY}/statements/{{code}}/withdraw"): does(REASON, BETWEEN_ROUNDS),
    ("GET", f"{STUDY}/statements/{{code}}/evidence"): shows(BETWEEN_ROUNDS),
    ("POST", f"{STUDY}/statements/{{code}}/evidence"): does({"code": "E09", **CARD}, BETWEEN_ROUNDS),
    ("GET", f"{STUDY}/evidence/{{card}}"): shows(BETWEEN_ROUNDS),
    ("POST", f"{STUDY}/evidence/{{card}}"): does(CARD, BETWEEN_ROUNDS, page="{this}"),
    ("POST", f"{STUDY}/evidence/{{card}}/remove"): does(but=BETWEEN_ROUNDS),
    ("GET", f"{STUDY}/new-statement"): shows(BETWEEN_ROUNDS),
    ("POST", f"{STUDY}/new-statement"): does({"code": "S07", "topic": "pay", **TEXTS}, BETWEEN_ROUNDS),
    ("GET", f"{STUDY}/merge-statements"): shows(BETWEEN_ROUNDS, query="?code=S01&code=S02"),
    ("POST", f"{STUDY}/merge-statements"): does({**MERGED, **REASON}, BETWEEN_ROUNDS),
    ("GET", f"{STUDY}/statement-order"): shows(),
    ("POST", f"{STUDY}/statement-order"): does({"place.S05": "1"}, BETWEEN_ROUNDS, page="{this}"),
    ("GET", f"{STUDY}/topics"): shows(),
    ("POST", f"{STUDY}/topics"): does(but=BETWEEN_ROUNDS, page="{this}"),
    ("GET", f"{STUDY}/statement-import"): shows(BETWEEN_ROUNDS),
    ("POST", f"{STUDY}/statement-import"): does(but=BETWEEN_ROUNDS, file=("statements.csv", STATEMENTS_CSV)),
    ("GET", f"{STUDY}/statement-import/{{token}}"): shows(places={"token": "{statements}"}),
    ("POST", f"{STUDY}/statement-import/{{token}}"): does(
        but=BETWEEN_ROUNDS, page="{this}", places={"token": "{statements}"}
    ),
    # The panel.
    ("GET", f"{STUDY}/panel"): shows(),
    ("GET", f"{STUDY}/panel/people"): shows(),
    ("GET", f"{STUDY}/panel/people/{{person}}"): shows(TO_THE_END),
    ("POST", f"{STUDY}/panel/people/{{person}}"): does({"name": "Ann"}, TO_THE_END, page="{this}"),
    ("POST", f"{STUDY}/panel/people/{{person}}/new-link"): does(but=TO_THE_END),
    ("POST", f"{STUDY}/panel/people/{{person}}/revoke-link"): does(but=TO_THE_END),
    ("POST", f"{STUDY}/panel/people/{{person}}/send-again"): Case("action_blocked"),
    ("GET", f"{STUDY}/new-panelist"): shows(TO_THE_END),
    ("POST", f"{STUDY}/new-panelist"): does(PERSON, TO_THE_END),
    ("GET", f"{STUDY}/panel-import"): shows(TO_THE_END),
    ("POST", f"{STUDY}/panel-import"): does(but=TO_THE_END, file=("people.csv", PEOPLE_CSV)),
    ("GET", f"{STUDY}/panel-import/{{token}}"): shows(places={"token": "{panel}"}),
    ("POST", f"{STUDY}/panel-import/{{token}}"): does(but=TO_THE_END, places={"token": "{panel}"}),
    ("GET", f"{STUDY}/panel/{{pseudonym}}/unmask"): shows(),
    ("POST", f"{STUDY}/panel/{{pseudonym}}/unmask"): does({"reason": "A letter came back."}, answers=200),
    # Rounds.
    ("GET", f"{STUDY}/rounds"): shows(),
    ("POST", f"{STUDY}/rounds/open"): does(MOMENT, NOT_NOW),
    ("GET", f"{STUDY}/rounds/{{number}}"): shows(ONCE_HELD),
    ("GET", f"{STUDY}/rounds/{{number}}/response"): shows(ONCE_HELD),
    ("GET", f"{STUDY}/rounds/{{number}}/answers"): NO_OPEN_ROUND,
    ("GET", f"{STUDY}/rounds/{{number}}/answers.csv"): NO_OPEN_ROUND,
    ("GET", f"{STUDY}/rounds/{{number}}/close"): only("open", 200),
    ("POST", f"{STUDY}/rounds/{{number}}/close"): only("open", 303),
    ("POST", f"{STUDY}/rounds/{{number}}/analyse"): only("closed", 303),
    ("GET", f"{STUDY}/rounds/{{number}}/release"): only("closed", 200),
    ("POST", f"{STUDY}/rounds/{{number}}/release"): only("closed", 303),
    ("GET", f"{STUDY}/rounds/{{number}}/plan"): shows({**ONCE_HELD, **BETWEEN_ROUNDS}, places=ROUND_TWO),
    ("POST", f"{STUDY}/rounds/{{number}}/plan"): does(
        MOMENT, {**ONCE_HELD, **BETWEEN_ROUNDS}, places=ROUND_TWO
    ),
    ("GET", f"{STUDY}/rounds/{{number}}/extend"): Case("action_blocked", {**ONCE_HELD, "open": 200}),
    ("POST", f"{STUDY}/rounds/{{number}}/extend"): Case(
        "action_blocked", {**ONCE_HELD, "open": 303}, {**MOMENT, **REASON}
    ),
    ("GET", f"{STUDY}/rounds/{{number}}/remind"): shows(ONCE_HELD),
    ("POST", f"{STUDY}/rounds/{{number}}/remind"): Case(409, ONCE_HELD),
    ("GET", f"{STUDY}/next-round"): shows(BETWEEN_ROUNDS),
    ("GET", f"{STUDY}/next-round/{{code}}"): shows(BETWEEN_ROUNDS),
    ("POST", f"{STUDY}/next-round/{{code}}"): does(REASON, BETWEEN_ROUNDS, page="{this}"),
    ("POST", f"{STUDY}/next-round/{{code}}/undo"): does(
        but=BETWEEN_ROUNDS, page=f"{STUDY}/next-round/S02", after=f"{STUDY}/next-round/{{code}}"
    ),
    ("GET", f"{STUDY}/conclude"): Case("action_blocked", {"fed_back": 200}),
    ("POST", f"{STUDY}/conclude"): does(but=dict.fromkeys(("draft", "open", "closed"), "action_blocked")),
    # Comments, results, reports.
    ("GET", f"{STUDY}/comments"): shows(),
    ("POST", f"{STUDY}/comments"): does(
        {"to": "withheld"}, {"draft": "not_found", "open": "not_found"}, page=f"{STUDY}/comments"
    ),
    ("POST", f"{STUDY}/comments/release"): Case("not_found", {"closed": 303}, page=f"{STUDY}/comments"),
    ("GET", f"{STUDY}/coding"): shows(),
    ("POST", f"{STUDY}/coding"): does({"none": "1"}, page=f"{STUDY}/coding", answers=204),
    ("GET", f"{STUDY}/coding.csv"): shows(),
    ("GET", f"{STUDY}/coding/agreement"): shows(),
    ("GET", f"{STUDY}/coding/experience"): shows(),
    ("POST", f"{STUDY}/coding/experience"): does(
        {"source": "Letters", "text": "A text."}, page=f"{STUDY}/coding/experience"
    ),
    ("POST", f"{STUDY}/coding/experience/{{number}}/remove"): does(),
    ("GET", f"{STUDY}/coding/import"): shows(),
    ("POST", f"{STUDY}/coding/import"): does(file=("letters.csv", LETTERS_CSV)),
    ("GET", f"{STUDY}/coding/import/{{token}}"): shows(places={"token": "{experience}"}),
    ("POST", f"{STUDY}/coding/import/{{token}}"): does(places={"token": "{experience}"}),
    ("GET", f"{STUDY}/coding/themes"): shows(),
    ("GET", f"{STUDY}/coding/new-theme"): shows(),
    ("POST", f"{STUDY}/coding/new-theme"): does({"name": "Care"}, page=f"{STUDY}/coding/new-theme"),
    ("GET", f"{STUDY}/coding/themes/{{number}}"): shows(),
    ("GET", f"{STUDY}/coding/themes/{{number}}/edit"): shows(),
    ("POST", f"{STUDY}/coding/themes/{{number}}/edit"): does({"name": "Care"}, page="{this}"),
    ("POST", f"{STUDY}/coding/themes/{{number}}/move"): does({"to": "down"}),
    ("POST", f"{STUDY}/coding/themes/{{number}}/statements"): does({"statement": "S03"}),
    ("GET", f"{STUDY}/coding/themes/{{number}}/remove"): shows(),
    ("POST", f"{STUDY}/coding/themes/{{number}}/remove"): does({"known": "0"}),
    ("POST", f"{STUDY}/coding/themes/{{number}}/merge"): does(
        {"into": "2"}, page=f"{STUDY}/coding/themes/1/remove"
    ),
    ("GET", f"{STUDY}/results"): shows(),
    ("GET", f"{STUDY}/results/{{number}}"): shows(ONCE_ANALYSED),
    ("GET", f"{STUDY}/results/{{number}}/{{code}}"): shows(ONCE_ANALYSED),
    ("GET", f"{STUDY}/compare"): shows(),
    ("GET", f"{STUDY}/groupings/{{number}}"): shows(ONCE_ANALYSED, query="?by=language"),
    ("POST", f"{STUDY}/groupings/{{number}}"): does({"by": "language"}, ONCE_ANALYSED),
    ("GET", f"{STUDY}/groupings/{{number}}/{{code}}"): Case(
        "unknown_statement", ONCE_ANALYSED, query="?by=language"
    ),
    ("GET", f"{STUDY}/figures/{{number}}"): shows(ONCE_ANALYSED),
    ("GET", f"{STUDY}/figures/{{place}}/{{kind}}/{{name}}"): shows(
        ONCE_ANALYSED,
        places={"place": "1", "kind": ("map", "statement"), "name": ("agreement.svg", "agreement.png")},
        query="?statement=S02",
    ),
    ("GET", f"{STUDY}/reports"): shows(),
    ("POST", f"{STUDY}/reports/{{format_}}"): does(
        but={"draft": "analysis_missing", "open": "analysis_missing"},
        answers=200,
        places={"format_": tuple(ReportFormat)},
    ),
    ("GET", f"{STUDY}/recommendations"): shows(),
    ("GET", f"{STUDY}/new-recommendation"): shows(),
    ("POST", f"{STUDY}/new-recommendation"): does(RECOMMENDATION, after=f"{STUDY}/audiences"),
    ("GET", f"{STUDY}/recommendations/{{number}}"): shows(after=f"{STUDY}/new-recommendation"),
    ("POST", f"{STUDY}/recommendations/{{number}}"): does(
        RECOMMENDATION, page="{this}", after=f"{STUDY}/new-recommendation"
    ),
    ("POST", f"{STUDY}/recommendations/{{number}}/move"): does(
        {"to": "up"}, after=f"{STUDY}/new-recommendation"
    ),
    ("POST", f"{STUDY}/recommendations/{{number}}/remove"): does(after=f"{STUDY}/new-recommendation"),
    ("GET", f"{STUDY}/audiences"): shows(),
    ("POST", f"{STUDY}/audiences"): does(AUDIENCE, page="{this}"),
    # The log, and colleagues.
    ("GET", f"{STUDY}/log"): shows(),
    ("GET", f"{STUDY}/people"): shows(),
    ("GET", f"{STUDY}/people/invite"): shows(),
    ("POST", f"{STUDY}/people/invite"): does(COLLEAGUE),
    ("POST", f"{STUDY}/people/invitations/{{number}}/withdraw"): does(),
    ("GET", f"{STUDY}/people/{{number}}"): shows(places=MEMBER),
    ("POST", f"{STUDY}/people/{{number}}"): does({"role": "facilitator"}, places=MEMBER),
    ("POST", f"{STUDY}/people/{{number}}/remove"): does(places=MEMBER),
}
