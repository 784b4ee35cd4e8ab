"""The installation's journal on standard error: for programs in production, for people in development.

What happens in a study stands in its own log; the journal is for those who keep the installation running.
"""

import sys

import structlog


def set_up_journal(level: str, *, for_programs: bool) -> None:
    """Write what happens from now on to standard error.

    Parameters
    ----------
    level
        The least serious events that are written: ``debug``, ``info``, ``warning`` or ``error``.
    for_programs
        One JSON object a line; else a line for people.
    """
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer() if for_programs else structlog.dev.ConsoleRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
