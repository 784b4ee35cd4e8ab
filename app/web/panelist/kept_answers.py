"""What a browser needs to keep unsent answers so that its storage alone tells nothing.

Name and key are derived from the server's secret for one panelist and round. They are not stored anywhere:
who comes back by the same link gets the same ones, who only has the device gets neither.
"""

import base64
import hmac
import secrets
from dataclasses import dataclass
from typing import Final

from app.web.panelist.visit import Visit
from app.web.shared.state import settings_of

_NAME_BYTES: Final = 9


@dataclass(frozen=True, slots=True)
class KeptAnswers:
    """Under which name a browser keeps unsent answers, and the key it encrypts them with.

    Both are empty on a device that others use too: nothing is kept there. The name tells neither study, round
    nor person; what stands before its dot is the same in all rounds of one panelist. The key stands behind a
    mask that is new each time, since pages are compressed and their lengths must not tell it.
    """

    name: str = ""
    key: str = ""


def kept_answers(visit: Visit, round_number: int) -> KeptAnswers:
    """Where this panelist's browser keeps what it could not send in a round."""
    if visit.visitor.on_shared_device:
        return KeptAnswers()
    secret = settings_of(visit.request).secret.get_secret_value().encode()
    person = f"{visit.visitor.study.id}:{visit.visitor.panelist.id}"

    def derive(purpose: str) -> bytes:
        return hmac.digest(secret, f"castalia-kept-{purpose}".encode(), "sha256")

    name = ".".join(
        _text(derive(part)[:_NAME_BYTES]) for part in (f"by:{person}", f"in:{person}:{round_number}")
    )
    return KeptAnswers(name, _masked(derive(f"key:{person}:{round_number}")))


def _masked(key: bytes) -> str:
    mask = secrets.token_bytes(len(key))
    return _text(mask + bytes(a ^ b for a, b in zip(key, mask, strict=True)))


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
