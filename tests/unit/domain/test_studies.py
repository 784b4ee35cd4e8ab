"""A study speaks of days and hours in its own time zone."""

from datetime import UTC, datetime

from app.domain.study import Study, StudyStatus, StudyTexts


def test_noon_in_the_world_is_one_o_clock_in_the_winter_of_brussels() -> None:
    study = Study(
        id=1,
        slug="gardens",
        status=StudyStatus.DRAFT,
        languages=("fr", "nl"),
        time_zone="Europe/Brussels",
        synthetic=False,
        contact="delphi@example.org",
        minutes_per_round=20,
        texts=StudyTexts({}, {}, {}, {}, {}),
        created_at=datetime(2026, 1, 5, 9, tzinfo=UTC),
        concluded_at=None,
    )
    assert datetime(2026, 1, 5, 12, tzinfo=UTC).astimezone(study.zone).hour == 13
