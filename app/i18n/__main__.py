"""`python -m app.i18n update` brings the catalogs up to the sources; `check` fails when one is behind."""

import argparse
import sys

from app.i18n.catalogs import check_catalogs, extract_messages, update_catalogs


def main(arguments: list[str] | None = None) -> int:
    """Run one command on the catalogs and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m app.i18n", description=__doc__)
    parser.add_argument("command", choices=("extract", "update", "check"))
    command = parser.parse_args(arguments).command
    return {"extract": _extract, "update": _update, "check": _check}[command]()


def _extract() -> int:
    for message in extract_messages():
        if message.id:
            _say(message.id if isinstance(message.id, str) else " | ".join(message.id))
    return 0


def _update() -> int:
    for language, n_missing in update_catalogs().items():
        _say(f"{language}: {n_missing} sentences to translate")
    return 0


def _check() -> int:
    faults = check_catalogs()
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    _say(f"{len(faults)} faults in the catalogs")
    return 1 if faults else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
