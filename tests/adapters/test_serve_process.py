"""The service as a process of its own: how it starts, what keeps it from starting, how it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
PATIENCE = 60.0


@pytest.mark.parametrize("what", ["no store", "port taken"])
def test_what_keeps_it_from_starting_is_a_sentence(tmp_path: Path, what: str) -> None:
    """Exit 2 before anything was run, with what to do."""
    environ = {"PATH": os.defpath, "PYTHONPATH": str(TOP), "FIRSTBELL_STORE": f"sqlite:///{tmp_path}/s.db"}
    command = [sys.executable, "-c", "from adapters.cli import main; main()"]
    if what == "port taken":
        subprocess.run([*command, "init"], cwd=tmp_path, env=environ, check=True, capture_output=True)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [*command, "serve", "--port", port],
            cwd=tmp_path,
            env=environ,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    sentence = {
        "no store": "there is no store at",
        "port taken": f"cannot listen on 127.0.0.1, port {port}: Address already in use; 'firstbell serve'",
    }[what]
    assert (done.returncode, sentence in done.stderr, "Traceback" in done.stderr) == (2, True, False)


def test_from_the_shell_it_starts_looks_and_stops(tmp_path: Path) -> None:
    """The real process: ready within seconds, figures on loopback, SIGTERM ends it cleanly."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = {
        "PATH": os.defpath,
        "PYTHONPATH": str(TOP),
        "FIRSTBELL_STORE": f"sqlite:///{tmp_path}/school.db",
    }
    command = [sys.executable, "-c", "from adapters.cli import main; main()"]
    subprocess.run([*command, "init"], cwd=tmp_path, env=environ, check=True, capture_output=True)
    served = subprocess.Popen(
        [*command, "serve", "--port", str(port)],
        cwd=tmp_path,
        env=environ,
        stderr=subprocess.PIPE,
        text=True,
    )
    end = time.monotonic() + PATIENCE
    ready = False
    while not ready and time.monotonic() < end and served.poll() is None:
        time.sleep(0.1)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready") as answer:
                ready = json.load(answer)["ready"]
        except OSError:
            continue
    served.send_signal(signal.SIGTERM)
    said = served.communicate(timeout=PATIENCE)[1]
    assert ready, said
    assert "Traceback" not in said
    assert served.returncode in {0, -signal.SIGTERM}
