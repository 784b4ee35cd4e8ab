"""Long lists a page at a time."""


def page_within(page: int, n: int, size: int) -> int:
    """The page asked for of ``n`` things, or the nearest one where there is no such page."""
    return max(1, min(page, -(-n // size)))
