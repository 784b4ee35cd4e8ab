"""Where the simulated panel's randomness comes from."""

from random import Random

from app.demo.script import Script


def chance(script: Script, *about: str | int) -> Random:
    """Give the generator for one draw, seeded by the script's seed and by what the draw is about.

    Words and not a running generator: a draw then stays the same when others are added or reordered.
    """
    return Random("/".join((script.seed, *map(str, about))))  # noqa: S311 - reproducible on purpose, no secret
