"""`castalia serve` serves the pages where it was told to, and stops when it is asked to."""

import pytest

from tests.integration.cli.process import served_by
from tests.serving import free_port


def test_a_taken_port_is_one_line_and_code_1(castalia):
    with free_port() as listener:
        listener.listen()
        port = listener.getsockname()[1]
        answer = castalia("serve", CASTALIA_PORT=str(port))
    assert answer.code == 1
    assert answer.complained[-1] == (
        f"castalia: Pages cannot be served on 127.0.0.1, port {port}: Address already in use. "
        "Choose others with CASTALIA_HOST and CASTALIA_PORT."
    )


@pytest.mark.parametrize(("kind", "processes"), [("sqlite", "2"), ("postgresql", "1")])
def test_the_pages_are_served_until_the_command_is_interrupted(tmp_path, request, kind, processes):
    url = request.getfixturevalue(f"{kind}_url")
    with served_by("serve", "--processes", processes, directory=tmp_path, database_url=url) as served:
        status = served.status_of("/readyz")
    assert (status, served.process.returncode) == (200, 0), served.complained
    assert f"Castalia is at http://127.0.0.1:{served.port} (Ctrl+C stops it)." in served.complained
    assert "Traceback" not in served.complained
