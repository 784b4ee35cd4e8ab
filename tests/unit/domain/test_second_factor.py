"""The second factor: what is derived can be derived again, and nothing stored tells what it was made from."""

import base64

from app.domain.second_factor import (
    N_RECOVERY_CODES,
    as_compared,
    new_recovery_code,
    new_salt,
    recovery_code_hash,
    shared_secret,
)

SERVER = b"a secret of the server, of good length"


def test_a_devices_secret_is_derived_from_all_that_it_belongs_to():
    salt, other_salt = new_salt(), new_salt()
    secret = shared_secret(SERVER, 1, salt)
    assert secret == shared_secret(SERVER, 1, salt)
    others = {
        shared_secret(b"another server", 1, salt),
        shared_secret(SERVER, 2, salt),
        shared_secret(SERVER, 1, other_salt),
    }
    assert len(others | {secret}) == 4
    assert len(base64.b32decode(secret)) == 20


def test_a_recovery_code_is_known_again_however_it_is_typed():
    code = new_recovery_code()
    assert len(as_compared(code)) == 12
    kept = recovery_code_hash(SERVER, 1, code)
    assert recovery_code_hash(SERVER, 1, f" {code.lower().replace('-', ' ')}\n") == kept
    assert recovery_code_hash(SERVER, 2, code) != kept
    assert as_compared(code) not in kept.upper()


def test_recovery_codes_differ():
    assert len({new_recovery_code() for _ in range(N_RECOVERY_CODES)}) == N_RECOVERY_CODES
