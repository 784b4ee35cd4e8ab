"""The second factor, sessions and recovery: each code and link is good once, and nothing secret is stored."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from app.domain.errors import (
    AddressNotValid,
    CodeWrong,
    PasswordTooWeak,
    PasswordWrong,
    RecoveryNotValid,
    ResearcherSignedOut,
    SecondFactorAlready,
    SignInRefused,
    TooManyAttempts,
)
from app.domain.link import token_hash
from app.domain.second_factor import N_RECOVERY_CODES, new_salt, shared_secret
from app.services.accounts import add_researcher, change_password, sign_in
from app.services.asking_by_mail import REQUESTS_ALLOWED
from app.services.recovering import (
    LINK_LIFETIME,
    look_up_recovery,
    request_recovery,
    set_new_password,
)
from app.services.second_factor import (
    CODES_ALLOWED,
    count_codes_left,
    finish_sign_in,
    renew_recovery_codes,
    switch_off,
    switch_on,
)
from app.services.sessions import (
    CODE_AWAITED_FOR,
    end_other_sessions,
    end_session,
    find_researcher,
    list_sessions,
)
from app.storage import recoveries
from app.storage.tables.columns import metadata

EMAIL, PASSWORD, ANOTHER = "ann@example.org", "correct horse battery", "another long password"
SECRET = b"a secret that is long enough for every test"
STEP = timedelta(seconds=30)


class Account:
    """A researcher, the device that shares her secret, and what she does at the door."""

    def __init__(self, database, clock):
        self.database, self.clock = database, clock
        self.researcher = add_researcher(database, clock, email=EMAIL, name="Ann", password=PASSWORD)
        self.salt = new_salt()
        self.device = pyotp.TOTP(shared_secret(SECRET, self.researcher.id, self.salt))

    def code(self, drift=timedelta()):
        return self.device.at(self.clock.now() + drift)

    def switch_on(self):
        """Switch it on, and let a moment pass, so that a new code is shown."""
        codes = switch_on(self.database, self.clock, self.researcher, SECRET, self.salt, self.code())
        self.clock.advance(STEP)
        return codes

    def enter(self, password=PASSWORD):
        return sign_in(self.database, self.clock, EMAIL, password, session_hours=12, device="Firefox, Linux")

    def finish(self, waiting, code):
        return finish_sign_in(
            self.database, self.clock, waiting.session_token, code, SECRET, session_hours=12
        )

    def is_in(self, signed_in):
        try:
            return find_researcher(self.database, self.clock, signed_in.session_token) == self.researcher
        except ResearcherSignedOut:
            return False

    def recovery(self, token="a link"):
        """A link for a new password, as a worker stores it when it writes."""
        now = self.clock.now()
        with self.database.writing() as connection:
            recoveries.insert_link(
                connection, self.researcher.id, token_hash(token), at=now, expires_at=now + LINK_LIFETIME
            )
        return token


@pytest.fixture
def ann(database, clock):
    return Account(database, clock)


def everything_stored(database):
    """Every value of every table, as text."""
    with database.reading() as connection:
        return "".join(str(connection.execute(select(table)).all()) for table in metadata.sorted_tables)


def test_with_a_second_factor_the_password_alone_opens_nothing(ann):
    ann.switch_on()
    waiting = ann.enter()
    assert waiting.awaits_code
    assert not ann.is_in(waiting)
    signed_in = ann.finish(waiting, ann.code())
    assert ann.is_in(signed_in)
    assert not signed_in.awaits_code
    assert signed_in.session_token != waiting.session_token
    assert not ann.is_in(waiting)


def test_a_code_is_good_once_also_for_two_who_type_it_at_the_same_time(ann):
    ann.switch_on()
    code, waiting = ann.code(), [ann.enter(), ann.enter()]

    def type_it(one):
        try:
            return ann.finish(one, code)
        except CodeWrong:
            return None

    with ThreadPoolExecutor(2) as both:
        assert len([found for found in both.map(type_it, waiting) if found]) == 1
    with pytest.raises(CodeWrong):
        ann.finish(ann.enter(), code)


def test_the_code_that_switched_it_on_is_used_up_and_so_is_every_older_one(ann):
    first = ann.code()
    switch_on(ann.database, ann.clock, ann.researcher, SECRET, ann.salt, first)
    for code in (first, ann.code(-STEP)):
        with pytest.raises(CodeWrong):
            ann.finish(ann.enter(), code)


@pytest.mark.parametrize("drift", [-1, 0, 1])
def test_a_clock_may_be_one_step_off(ann, drift):
    ann.switch_on()
    ann.clock.advance(STEP)
    assert ann.is_in(ann.finish(ann.enter(), f" {ann.code(drift * STEP)[:3]} {ann.code(drift * STEP)[3:]} "))


@pytest.mark.parametrize("typed", ["", "000", "abcdef", "１２３４５６", "\ud800", "0" * 5000])
def test_what_is_no_code_is_refused(ann, typed):
    ann.switch_on()
    with pytest.raises(CodeWrong):
        ann.finish(ann.enter(), typed)


def test_a_clock_two_steps_off_is_refused(ann):
    ann.switch_on()
    ann.clock.advance(2 * STEP)
    for drift in (-2 * STEP, 2 * STEP):
        with pytest.raises(CodeWrong):
            ann.finish(ann.enter(), ann.code(drift))


def test_after_too_many_codes_even_the_right_one_waits(ann):
    ann.switch_on()
    for _ in range(CODES_ALLOWED):
        with pytest.raises(CodeWrong):
            ann.finish(ann.enter(), "000000")
    waiting = ann.enter()
    with pytest.raises(TooManyAttempts, match="Wait 15 minutes"):
        ann.finish(waiting, ann.code())
    ann.clock.advance(timedelta(minutes=15))
    assert ann.is_in(ann.finish(ann.enter(), ann.code()))


def test_a_sign_in_waits_for_its_code_for_some_minutes_only(ann):
    ann.switch_on()
    waiting = ann.enter()
    ann.clock.advance(CODE_AWAITED_FOR)
    with pytest.raises(ResearcherSignedOut):
        ann.finish(waiting, ann.code())


@pytest.mark.parametrize("token", ["", "made up"])
def test_without_a_sign_in_that_waits_no_code_is_looked_at(ann, token):
    ann.switch_on()
    with pytest.raises(ResearcherSignedOut):
        finish_sign_in(ann.database, ann.clock, token, ann.code(), SECRET, session_hours=1)


def test_a_running_session_is_no_sign_in_that_waits(ann):
    here = ann.enter()
    ann.switch_on()
    with pytest.raises(ResearcherSignedOut):
        ann.finish(here, ann.code())


def test_each_recovery_code_opens_the_account_once(ann):
    codes = ann.switch_on()
    assert (len(set(codes)), count_codes_left(ann.database, ann.researcher)) == (N_RECOVERY_CODES,) * 2
    assert ann.is_in(ann.finish(ann.enter(), codes[0].lower().replace("-", " ")))
    with pytest.raises(CodeWrong):
        ann.finish(ann.enter(), codes[0])
    assert count_codes_left(ann.database, ann.researcher) == N_RECOVERY_CODES - 1
    fresh = renew_recovery_codes(ann.database, ann.clock, ann.researcher, SECRET, PASSWORD)
    with pytest.raises(CodeWrong):
        ann.finish(ann.enter(), codes[1])
    assert ann.is_in(ann.finish(ann.enter(), fresh[1]))


def test_a_recovery_code_is_of_one_account_only(ann):
    codes = ann.switch_on()
    bob = add_researcher(ann.database, ann.clock, email="bob@example.org", name="Bob", password=PASSWORD)
    salt = new_salt()
    device = pyotp.TOTP(shared_secret(SECRET, bob.id, salt))
    switch_on(ann.database, ann.clock, bob, SECRET, salt, device.at(ann.clock.now()))
    waiting = sign_in(ann.database, ann.clock, bob.email, PASSWORD, session_hours=1)
    with pytest.raises(CodeWrong):
        ann.finish(waiting, codes[0])


def test_it_is_switched_on_only_by_a_device_that_shares_the_secret_and_once(ann):
    with pytest.raises(CodeWrong):
        switch_on(ann.database, ann.clock, ann.researcher, SECRET, new_salt(), ann.code())
    assert count_codes_left(ann.database, ann.researcher) is None
    ann.switch_on()
    with pytest.raises(SecondFactorAlready):
        ann.switch_on()


def test_it_is_switched_off_against_the_password(ann):
    ann.switch_on()
    with pytest.raises(PasswordWrong):
        switch_off(ann.database, ann.clock, ann.researcher, ANOTHER)
    with pytest.raises(PasswordWrong):
        renew_recovery_codes(ann.database, ann.clock, ann.researcher, SECRET, "")
    switch_off(ann.database, ann.clock, ann.researcher, PASSWORD)
    assert ann.is_in(ann.enter())


def test_neither_secret_nor_code_nor_token_nor_link_is_stored(ann):
    codes = ann.switch_on()
    waiting = ann.enter()
    request_recovery(ann.database, ann.clock, EMAIL)
    stored = everything_stored(ann.database)
    secret = shared_secret(SECRET, ann.researcher.id, ann.salt)
    kept_out = (secret, waiting.session_token, ann.recovery(), *codes, *(c.replace("-", "") for c in codes))
    assert [value for value in kept_out if value in stored] == []


def test_sessions_are_listed_with_their_browser_and_ended_one_by_one_or_all_but_this(ann):
    here, there, elsewhere = ann.enter(), ann.enter(), ann.enter()
    listed = list_sessions(ann.database, ann.clock, ann.researcher, there.session_token)
    assert [session.is_this for session in listed] == [True, False, False]
    assert {session.stored.device for session in listed} == {"Firefox, Linux"}
    end_session(ann.database, ann.clock, ann.researcher, listed[0].reference)
    assert [ann.is_in(one) for one in (here, there, elsewhere)] == [True, False, True]
    end_other_sessions(ann.database, ann.clock, ann.researcher, here.session_token)
    assert [ann.is_in(one) for one in (here, there, elsewhere)] == [True, False, False]
    assert len(list_sessions(ann.database, ann.clock, ann.researcher, here.session_token)) == 1


def test_nobody_ends_the_session_of_somebody_else(ann):
    here = ann.enter()
    (session,) = list_sessions(ann.database, ann.clock, ann.researcher, here.session_token)
    bob = add_researcher(ann.database, ann.clock, email="bob@example.org", name="Bob", password=PASSWORD)
    end_session(ann.database, ann.clock, bob, session.reference)
    end_other_sessions(ann.database, ann.clock, bob, "x")
    assert ann.is_in(here)


def test_that_a_session_is_used_is_noted_now_and_then(ann):
    here = ann.enter()
    began = ann.clock.now()
    noted = []
    for _ in range(3):
        ann.clock.advance(timedelta(minutes=6))
        assert ann.is_in(here)
        (session,) = list_sessions(ann.database, ann.clock, ann.researcher, here.session_token)
        noted.append((session.stored.used_at - began) // timedelta(minutes=1))
    assert noted == [0, 12, 12]


def test_a_new_password_ends_every_other_session(ann):
    here, there = ann.enter(), ann.enter()
    link = ann.recovery()
    arguments = (ann.database, ann.clock, ann.researcher, here.session_token)
    with pytest.raises(PasswordWrong):
        change_password(*arguments, current=ANOTHER, new=ANOTHER)
    with pytest.raises(PasswordTooWeak):
        change_password(*arguments, current=PASSWORD, new="short")
    assert ann.is_in(there)
    change_password(*arguments, current=PASSWORD, new=ANOTHER)
    assert (ann.is_in(here), ann.is_in(there)) == (True, False)
    assert ann.is_in(ann.enter(ANOTHER))
    with pytest.raises(SignInRefused):
        ann.enter()
    with pytest.raises(RecoveryNotValid):
        look_up_recovery(ann.database, ann.clock, link)


def test_a_recovered_account_has_a_new_password_no_session_and_still_its_second_factor(ann):
    here = ann.enter()
    ann.switch_on()
    link, another = ann.recovery("one"), ann.recovery("two")
    assert look_up_recovery(ann.database, ann.clock, link) == ann.researcher
    with pytest.raises(PasswordTooWeak):
        set_new_password(ann.database, ann.clock, link, "short")
    set_new_password(ann.database, ann.clock, link, ANOTHER)
    assert not ann.is_in(here)
    for used_up in (link, another):
        with pytest.raises(RecoveryNotValid):
            set_new_password(ann.database, ann.clock, used_up, PASSWORD)
    waiting = ann.enter(ANOTHER)
    assert waiting.awaits_code
    assert ann.is_in(ann.finish(waiting, ann.code()))


def test_a_recovery_link_is_good_for_an_hour(ann):
    link = ann.recovery()
    ann.clock.advance(LINK_LIFETIME)
    with pytest.raises(RecoveryNotValid):
        set_new_password(ann.database, ann.clock, link, ANOTHER)


def test_a_recovery_link_changes_one_password_for_two_who_use_it_at_once(ann):
    link = ann.recovery()

    def use_it(password):
        try:
            return set_new_password(ann.database, ann.clock, link, password)
        except RecoveryNotValid:
            return None

    with ThreadPoolExecutor(2) as both:
        assert len([done for done in both.map(use_it, (ANOTHER, ANOTHER + "!")) if done]) == 1


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.org"])
def test_asking_for_recovery_does_the_same_for_every_address_and_not_too_often(ann, email):
    for _ in range(REQUESTS_ALLOWED):
        request_recovery(ann.database, ann.clock, f" {email.upper()} ")
    with pytest.raises(TooManyAttempts):
        request_recovery(ann.database, ann.clock, email)
    with pytest.raises(AddressNotValid):
        request_recovery(ann.database, ann.clock, "no address")
    stored = everything_stored(ann.database)
    assert stored.count(email) == (2 if email == EMAIL else 1)


def test_too_many_sign_ins_are_forgiven_to_who_reads_the_mail(ann):
    for _ in range(11):
        with pytest.raises((SignInRefused, TooManyAttempts)):
            ann.enter("wrong horse battery")
    set_new_password(ann.database, ann.clock, ann.recovery(), ANOTHER)
    assert ann.is_in(ann.enter(ANOTHER))
