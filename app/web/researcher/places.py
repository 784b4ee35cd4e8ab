"""Things put in order by the numbers that somebody writes beside them."""


def place_key(wanted: float, before: int) -> tuple[float, int, int]:
    """What things are sorted by: each lands at the number it is given.

    What moves up stands before what has that place, what moves down after it.
    """
    return wanted, (wanted > before) - (wanted < before), before
