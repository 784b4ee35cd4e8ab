"""Setting a PDF: the data go to the typesetter as JSON, never as markup, and it has a limited time."""

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from app.domain.errors import DomainError
from app.domain.messages import N_

LONGEST_SECONDS: Final = 20.0

_TYPESETTER: Final = Path(__file__).with_name("typesetter.py")


class DocumentNotMade(DomainError):
    """A PDF took too long, or more memory than one document may have."""

    message = N_(
        "This PDF could not be made just now. What you answered is safe. Please try again in a minute."
    )


def typeset(
    template: str, data: Mapping[str, object], at: datetime, *, longest_seconds: float = LONGEST_SECONDS
) -> bytes:
    """A PDF by a template; the same data and moment give the same bytes.

    Parameters
    ----------
    template
        The name of a file among the templates of the reports.
    data
        What the template reads; every text in it is text, whatever it looks like.
    at
        The moment that the document gives as its own.

    Raises
    ------
    DocumentNotMade
        It took too long or too much memory.
    """
    asked = {"template": template, "data": data, "timestamp": int(at.timestamp())}
    try:
        done = subprocess.run(  # noqa: S603 - our own program, and nothing that anybody typed in the command
            [sys.executable, "-I", str(_TYPESETTER)],
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=longest_seconds,
            check=True,
            # None of the server's secrets; and one thread, for how many work at once is decided elsewhere.
            env={"RAYON_NUM_THREADS": "1"},
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as failure:
        raise DocumentNotMade from failure
    return done.stdout
