"""`castalia serve` serves the pages where it was told to, and stops when it is asked to."""

import os
import signal
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.serving import free_port

START_SECONDS = 120


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


@pytest.mark.parametrize(("kind", "processes"), [("sqlite", "1"), ("postgresql", "2")])
def test_the_pages_are_served_until_the_command_is_interrupted(tmp_path, request, kind, processes):
    database_url = request.getfixturevalue(f"{kind}_url")
    with free_port() as listener:
        port = listener.getsockname()[1]
    environment = os.environ | {"CASTALIA_DATABASE_URL": database_url, "CASTALIA_PORT": str(port)}
    with subprocess.Popen(
        [str(Path(sys.executable).with_name("castalia")), "serve", "--processes", processes],
        cwd=tmp_path,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    ) as serving:
        try:
            status = ask_until_answered(serving, port, "/readyz")
        finally:
            serving.send_signal(signal.SIGINT)
            _, complained = serving.communicate(timeout=START_SECONDS)
    assert (status, serving.returncode) == (200, 0), complained
    assert f"Castalia is at http://127.0.0.1:{port} (Ctrl+C stops it)." in complained
    assert "Traceback" not in complained


def ask_until_answered(serving: subprocess.Popen[str], port: int, path: str) -> int:
    """Return the status of the first answer, however long that takes; 0 when the server ended instead."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        connection = HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except ConnectionRefusedError:
            if serving.poll() is not None or time.monotonic() > deadline:
                return 0
            time.sleep(0.05)
        finally:
            connection.close()
