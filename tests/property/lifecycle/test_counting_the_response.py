"""Whatever people, letters and researchers do: how far the panel has come is counted as if anew."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from email.message import EmailMessage
from functools import partial
from itertools import count
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from analysis.study_analysis import analyse_round
from app.clock import FixedClock
from app.domain.errors import DomainError
from app.domain.link import person_sign
from app.domain.panel_editing import person_fingerprint
from app.mail.delivery import MessageRefused, Postman, read_server
from app.services.consent import choose_language, decline_consent, decline_for_good, give_consent, withdraw
from app.services.entering import Visitor
from app.services.letters import Sender
from app.services.mailing import deliver_next
from app.services.panel_correcting import correct_person, read_person, renew_link, send_again
from app.services.submitting import submit_questionnaire
from app.storage.database import Database
from app.storage.panel_changes import set_group
from tests.conftest import Run
from tests.panel_study import ACTOR, SECRET, SLUG, STATEMENTS, PlayedStudy, panel_study_with
from tests.prepared import BEGINNING
from tests.recounting import assert_counts_are_exact

SENDER = Sender("Castalia <castalia@example.org>", "https://delphi.example.org", SECRET.encode())
PEOPLE = range(12)
GROUPS = ("gardeners", "neighbours")
LANGUAGES = ("en", "fr", "nl")
N_COUNTS = 8


class Mailbag(Postman):
    """A mail server that takes a message, or refuses it for good."""

    def __init__(self, *, refuses: bool) -> None:
        super().__init__(read_server("smtp://localhost"))
        self._refuses = refuses

    def hand_over(self, message: EmailMessage) -> None:
        """Take the message, or not."""
        if self._refuses:
            raise MessageRefused


class Panel:
    """The people of a study, and those who write to them; what the services refuse changes nothing."""

    def __init__(self, database: Database, withdrawal: str) -> None:
        usual = panel_study_with(protocol={"withdrawal": withdrawal})
        self.study = PlayedStudy.begin(database, FixedClock(BEGINNING), replace(usual, synthetic=False))
        self.here = (database, self.study.clock)
        self._turns = count()

    def act(self, name: str, n: int) -> None:
        """Let the n-th panelist do something, or somebody for them."""
        here, secret = self.here, SECRET.encode()
        sign = person_sign(secret, 1, n + 1)
        acts: dict[str, Callable[[], object]] = {
            "enter": lambda: self._visitor(n),
            "consent": lambda: give_consent(*here, self._visitor(n)),
            "decline": lambda: decline_consent(*here, self._visitor(n)),
            "decline for good": lambda: decline_for_good(*here, self._visitor(n)),
            "withdraw": lambda: withdraw(*here, self._visitor(n)),
            "choose a language": lambda: choose_language(*here, self._visitor(n), self._turn(LANGUAGES)),
            "rate": lambda: self.study.rate(self._visitor(n), {"S01": 4}),
            "hand in": lambda: self._hand_in(n),
            "correct": lambda: self._correct(n),
            "regroup": lambda: self._regroup(n),
            "renew": lambda: renew_link(*here, SLUG, secret, sign, ACTOR),
            "send again": lambda: send_again(*here, SLUG, secret, sign, ACTOR),
            "arrive": lambda: deliver_next(*here, SENDER, Mailbag(refuses=False)),
            "bounce": lambda: deliver_next(*here, SENDER, Mailbag(refuses=True)),
            "open": self.study.open_round,
            "close": self.study.close_round,
            "release": self.study.release_feedback,
        }
        with suppress(DomainError):
            acts[name]()

    def _turn(self, things: Sequence[str]) -> str:
        return things[next(self._turns) % len(things)]

    def _visitor(self, n: int) -> Visitor:
        return self.study.visitor(self.study.links[n])

    def _hand_in(self, n: int) -> None:
        give_consent(*self.here, self._visitor(n))
        self.study.rate(self._visitor(n), dict.fromkeys(STATEMENTS, 4))
        for number in (1, 2, 3):
            with suppress(DomainError):
                submit_questionnaire(*self.here, self._visitor(n), number, f"{n} in {number}")

    def _correct(self, n: int) -> None:
        sign, secret = person_sign(SECRET.encode(), 1, n + 1), SECRET.encode()
        known = read_person(self.here[0], SLUG, secret, sign).invitee
        typed = replace(known, email=f"other{next(self._turns)}@example.org", language=self._turn(LANGUAGES))
        seen = person_fingerprint(known)
        correct_person(*self.here, SLUG, secret, sign, ACTOR, typed, known=seen)

    def _regroup(self, n: int) -> None:
        with self.here[0].writing() as connection:
            set_group(connection, 1, n + 1, self._turn(GROUPS))


@contextmanager
def fresh_database(kind: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database with the whole schema, for one of many plays."""
    run: Run = request.getfixturevalue("run")
    if kind == "sqlite":
        with TemporaryDirectory(dir=run.directory) as place:
            file = shutil.copy(run.migrated_sqlite(), f"{place}/castalia.db")
            with closing(Database(f"sqlite:///{file}")) as database:
                yield database
        return
    server = request.getfixturevalue("postgresql")
    url = server.create_database(template=run.migrated_postgresql())
    with closing(Database(url)) as database:
        yield database
    server.drop_database(url)


# A round is open most of the time, and what happens to people happens more often than what ends a round.
ACTS = [
    *("enter", "consent", "decline", "decline for good", "withdraw", "choose a language", "correct"),
    *("rate", "rate", "hand in", "hand in", "regroup", "renew", "send again", "arrive", "bounce", "bounce"),
    *("open", "open", "close", "release"),
]
FIRST_ACTS = [
    (name, n) for n, name in enumerate(("open", "arrive", "bounce", "hand in", "decline", "withdraw"))
]
PLAYS = st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from(PEOPLE)), min_size=30, max_size=40)


@pytest.mark.parametrize(("kind", "n_plays"), [("sqlite", 4), ("postgresql", 3)])
def test_the_counts_are_those_of_everybody_after_every_act(
    kind: str, n_plays: int, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    met: Counter[str] = Counter()

    @settings(
        max_examples=n_plays,
        phases=[Phase.generate],
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(withdrawal=st.sampled_from(["stop", "erase"]), play=PLAYS)
    def played(withdrawal: str, play: list[tuple[str, int]]) -> None:
        with fresh_database(kind, request) as database:
            panel = Panel(database, withdrawal)
            for name, n in (*FIRST_ACTS, *play):
                panel.act(name, n)
                for row in assert_counts_are_exact(database):
                    met.update({name: count for name, count in vars(row).items() if name.startswith("n_")})

    # What the permutations say about differences decides nothing, and takes most of the time.
    monkeypatch.setattr("analysis.study_analysis.analyse_round", partial(analyse_round, n_permutations=9))
    played()
    # A play in which nothing happened would prove nothing.
    assert len(+met) == N_COUNTS
