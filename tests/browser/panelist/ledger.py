"""What a browser sent and was told is saved, held against what is stored."""

from collections import defaultdict

from playwright.sync_api import Page, Request, Response

from app.storage.database import Database

Point = int | None

_HISTORY = """
    SELECT statement.code, rating_version.point
    FROM rating_version
    JOIN statement ON statement.id = rating_version.statement_id
        AND statement.study_id = rating_version.study_id
    JOIN panelist ON panelist.id = rating_version.panelist_id AND panelist.study_id = rating_version.study_id
    WHERE panelist.pseudonym = ?
    ORDER BY rating_version.version
"""


class Ledger:
    """The account that a panelist's browsers keep of the ratings they send; None is "unable to rate"."""

    def __init__(self) -> None:
        self.sent: dict[str, list[Point]] = defaultdict(list)
        self._replies: list[Response] = []

    def watch(self, page: Page) -> None:
        """Write down what a page sends from now on."""
        page.on("request", self._note)
        page.on("response", self._hear)

    @property
    def told(self) -> dict[str, list[Point]]:
        """The ratings of which a browser was told that they are saved."""
        told: dict[str, list[Point]] = defaultdict(list)
        for reply in self._replies:
            if reply.ok and (rating := _rating_in(reply.request)):
                told[rating[0]].append(rating[1])
        return told

    def assert_agrees(self, database: Database, pseudonym: str) -> None:
        """Nothing is lost of what was told, nor the last that was sent; nothing is invented, or reordered."""
        stored: dict[str, list[Point]] = defaultdict(list)
        with database.reading() as connection:
            for code, point in connection.exec_driver_sql(_HISTORY, (pseudonym,)):
                stored[code].append(point)
        assert stored.keys() == self.sent.keys()
        for code, points in stored.items():
            assert points[-1] == self.sent[code][-1], code
            assert set(self.told[code]) <= set(points), code
            remaining = iter(self.sent[code])
            assert all(point in remaining for point in points), f"{code}: {points} of {self.sent[code]}"

    def _note(self, request: Request) -> None:
        if rating := _rating_in(request):
            self.sent[rating[0]].append(rating[1])

    def _hear(self, reply: Response) -> None:
        self._replies.append(reply)


def _rating_in(request: Request) -> tuple[str, Point] | None:
    sent = request.post_data_json if "/autosave" in request.url else None
    if sent is None:
        return None
    return (sent["statement"], sent["point"]) if sent["point"] is not None or sent["abstained"] else None
