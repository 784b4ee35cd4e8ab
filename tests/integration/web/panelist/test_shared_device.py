"""On a device that others use too a session ends soon by itself, and leaving takes everything off it."""

from app.domain.panel import SHARED_DEVICE_IDLE
from tests.integration.web.panelist.conftest import enter
from tests.panel_study import SLUG


def test_on_a_shared_device_a_session_without_a_step_ends_soon_and_every_step_prolongs_it(
    study, browser, clock
):
    client = browser()
    client.post(f"/p/{study.link().token}", data={"shared_device": "yes"})
    page = client.get(f"/s/{SLUG}/study").text
    assert "You are signed out after 20 minutes without a step." in page
    assert page.count("Leave on this device") == 1
    for _ in range(3):
        clock.advance(SHARED_DEVICE_IDLE * 0.9)
        assert client.get(f"/s/{SLUG}/study").status_code == 200
    clock.advance(SHARED_DEVICE_IDLE)
    assert client.get(f"/s/{SLUG}/study").status_code == 401


def test_on_a_shared_device_steps_do_not_prolong_a_session_beyond_its_hours(study, browser, clock):
    client = browser()
    client.post(f"/p/{study.link().token}", data={"shared_device": "yes"})
    for _ in range(12 * 4):
        clock.advance(SHARED_DEVICE_IDLE * 0.75)
        last = client.get(f"/s/{SLUG}/study").status_code
    assert last == 401


def test_leaving_a_shared_device_takes_everything_off_it(study, browser):
    client = browser()
    client.post(f"/p/{study.link().token}", data={"shared_device": "yes"})
    guest = enter(client, study.link())
    assert guest.send("/leave").headers["clear-site-data"] == '"storage"'
    client.post(f"/p/{study.link().token}", data={"shared_device": "yes"})
    del guest._token
    assert guest.send("/leave").headers["clear-site-data"] == '"cache", "storage"'
    assert client.cookies == {}


def test_on_ones_own_device_a_session_lasts_its_hours_without_a_step(newcomer, clock):
    clock.advance(SHARED_DEVICE_IDLE * 30)
    assert newcomer.get("/study").status_code == 200
    assert "without a step" not in newcomer.get("/study").text
