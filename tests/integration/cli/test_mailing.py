"""Mail from the command line: a worker that sends what waits, and a list of links for other means."""

import csv
import io
import os
import signal
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from app.cli.worker import stop_request
from app.clock import FixedClock
from app.domain.event import EventKind, first_broken_link
from app.domain.round import RoundStatus
from app.services.entering import look_up_link
from app.services.planning import WantedOpening, plan_opening
from app.storage.database import Database
from app.storage.events import read_chain_head, read_events
from app.storage.rounds import find_round
from app.storage.tables.panel import panelist
from tests.mail_server import mail_server
from tests.small_study import Folder

SECRET = "a secret for tests, of good length"
BASE_URL = "https://delphi.example.org"


@pytest.fixture
def installed(castalia, database_url):
    """The command, on a database with the whole schema."""
    return lambda *words, **variables: castalia(
        *words,
        CASTALIA_DATABASE_URL=database_url,
        CASTALIA_SECRET=SECRET,
        CASTALIA_BASE_URL=BASE_URL,
        **variables,
    )


@pytest.fixture
def study(installed, tmp_path):
    """The slug of a study that is not synthetic, of two panelists."""
    folder = tmp_path / "study"
    folder.mkdir()
    Folder(folder).edit("study.toml", "synthetic = true", "synthetic = false")
    assert installed("study", "import", str(folder)).code == 0
    return "small-study"


@pytest.fixture
def mail_room():
    """A mail server that takes every message."""
    with mail_server() as room:
        yield room


@pytest.fixture
def mail(mail_room):
    """The settings with which mail is sent."""
    return {"CASTALIA_SMTP_URL": mail_room.url, "CASTALIA_MAIL_FROM": "Castalia <castalia@example.org>"}


def read_links(file):
    return list(csv.DictReader(io.StringIO(Path(file).read_bytes().decode("utf-8-sig"), newline="")))


def test_without_a_mail_server_the_worker_says_how_to_switch_mail_on_and_looks_after_rounds(
    installed, study, database_url
):
    answer = installed("worker", "--once")
    assert (answer.code, answer.said) == (0, "No message was due.\n")
    (line,) = answer.complained
    assert line.startswith("castalia: Mail is switched off")
    assert "CASTALIA_SMTP_URL" in line
    assert "CASTALIA_MAIL_FROM" in line
    database = Database(database_url)
    long_ago = FixedClock(datetime(2020, 1, 1, tzinfo=UTC))
    wanted = WantedOpening(long_ago.now() + timedelta(hours=1), by_itself=True)
    plan_opening(database, long_ago, study, "system", 1, wanted)
    assert installed("worker", "--once", CASTALIA_SMTP_URL="smtp://localhost").complained[0] == line
    with database.reading() as connection:
        opened = find_round(connection, 1, 1)
    assert opened is not None
    assert opened.status is RoundStatus.OPEN
    database.close()


def test_the_worker_sends_once_what_waits(installed, study, mail, mail_room):
    assert installed("worker", "--once", **mail).said == "No message was due.\n"
    installed("round", "open", study)
    mail_room.answers["eloi@example.org"] = "550 no such mailbox"
    answer = installed("worker", "--once", **mail)
    assert (answer.code, answer.said.splitlines()[-1]) == (0, "Messages: 1 sent, 1 refused for good.")
    assert mail_room.recipients == ["ann@example.org"]
    assert f"{BASE_URL}/p/" in mail_room.messages[0].get_body(("plain",)).get_content()


def test_a_mail_server_that_takes_nothing_is_one_line_and_code_1(installed, study, mail, mail_room):
    installed("round", "open", study)
    mail_room.refuses_sender = "553 5.7.1 sender not allowed"
    answer = installed("worker", "--once", **mail)
    assert answer.code == 1
    assert answer.complained[-1].startswith(
        "castalia: The mail server takes no message now: 553 5.7.1 sender not allowed. "
    )


def test_the_worker_goes_on_until_it_is_told_to_end_and_ends_well(
    installed, study, mail, mail_room, database_url
):
    installed("round", "open", study)
    worker = subprocess.Popen(
        [str(Path(sys.executable).with_name("castalia")), "worker", "--every", "60"],
        env=os.environ | mail | {"CASTALIA_DATABASE_URL": database_url, "CASTALIA_SECRET": SECRET},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with worker:
        assert mail_room.wait_for(2)
        worker.send_signal(signal.SIGTERM)
        said, complained = worker.communicate(timeout=60)
    assert worker.returncode == 0
    assert "Traceback" not in complained
    assert sorted(mail_room.recipients) == ["ann@example.org", "eloi@example.org"]
    assert not [address for address in mail_room.recipients if address in said + complained]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_request_to_stop_is_remembered_and_ends_every_wait(how):
    before = signal.getsignal(how)
    with stop_request() as stop:
        assert not stop.wait(0)
        signal.raise_signal(how)
        assert stop.wait(60)
        assert stop.wait(60)
    assert signal.getsignal(how) is before


def test_the_links_are_listed_for_whoever_mails_by_other_means(
    installed, study, clock, database_url, tmp_path
):
    answer = installed("study", "links", study, "--out", "links.csv")
    assert (answer.code, answer.complained) == (0, [])
    assert answer.said == "links.csv: the personal links of 2 panelists. Keep this file to yourself.\n"
    assert stat.S_IMODE((tmp_path / "links.csv").stat().st_mode) == 0o600
    rows = read_links("links.csv")
    assert [(row["name"], row["email"], row["group"], row["language"]) for row in rows] == [
        ("Ann Example", "ann@example.org", "peers", "nl"),
        ("Éloi Exemple", "eloi@example.org", "relatives", "fr"),
    ]
    database = Database(database_url)
    for row in rows:
        address, token = row["link"].rsplit("/", 1)
        assert address == f"{BASE_URL}/p"
        assert look_up_link(database, clock, token).language == row["language"]
    with database.reading() as connection:
        events = list(read_events(connection, 1))
        n_events, head = read_chain_head(connection, 1)
    database.close()
    assert [event.kind for event in events[-2:]] == [EventKind.LINKS_ISSUED, EventKind.LINKS_HANDED_OUT]
    assert events[-1].actor == "system"
    assert first_broken_link(events, head, n_events) is None


def test_listing_links_again_tells_the_same_ones(installed, study, mail, mail_room):
    installed("study", "links", study, "--out", "first.csv")
    installed("round", "open", study)
    installed("worker", "--once", **mail)
    installed("study", "links", study, "--out", "second.csv")
    assert read_links("first.csv") == read_links("second.csv")
    mailed = "".join(message.get_body(("plain",)).get_content() for message in mail_room.messages)
    assert all(row["link"] in mailed for row in read_links("first.csv"))


def test_who_has_left_is_not_listed(installed, study, database_url, clock):
    database = Database(database_url)
    with database.writing() as connection:
        connection.execute(
            update(panelist).where(panelist.c.language == "fr").values(withdrawn_at=clock.now())
        )
    database.close()
    installed("study", "links", study, "--out", "links.csv")
    assert [row["email"] for row in read_links("links.csv")] == ["ann@example.org"]


def test_a_file_that_is_there_is_never_overwritten_and_no_link_is_issued(
    installed, study, tmp_path, database_url
):
    (tmp_path / "links.csv").write_text("precious", encoding="utf-8")
    answer = installed("study", "links", study, "--out", "links.csv")
    assert answer.code == 2
    assert answer.complained == ["castalia: Invalid value: links.csv is there already. Choose another name."]
    assert (tmp_path / "links.csv").read_text(encoding="utf-8") == "precious"
    database = Database(database_url)
    with database.reading() as connection:
        assert EventKind.LINKS_ISSUED not in {event.kind for event in read_events(connection, 1)}
    database.close()


def test_an_unknown_study_leaves_no_file_behind(installed, study, tmp_path):
    answer = installed("study", "links", "nowhere", "--out", "links.csv")
    assert answer.code == 2
    assert answer.complained == ["castalia: There is no study “nowhere” here."]
    assert not (tmp_path / "links.csv").exists()


def test_a_folder_that_is_not_there_is_one_line(installed, study):
    answer = installed("study", "links", study, "--out", "nowhere/links.csv")
    assert answer.code == 2
    assert answer.complained == ["castalia: nowhere/links.csv: No such file or directory"]
