"""A program of its own that sets one document: JSON comes in, a PDF goes out.

It runs as a child of the server, so that a document that takes too long can be stopped, the memory it took is
given back, and nobody who rates waits for the library.
"""

import json
import os
import resource
import sys
from pathlib import Path

import typst

ROOM = Path(__file__).parent
MOST_MEMORY = 2 * 1024**3
BEHIND_THE_SERVER = 10


def main() -> None:
    """Set the document that stands on the standard input."""
    os.nice(BEHIND_THE_SERVER)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    asked = json.load(sys.stdin.buffer)
    pdf = typst.compile(
        ROOM / "templates" / asked["template"],
        root=ROOM / "templates",
        font_paths=[ROOM / "fonts"],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(asked["data"])},
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=asked["timestamp"],
    )
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
