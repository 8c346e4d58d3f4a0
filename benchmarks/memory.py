"""Memory of a web process that has served every page of the benchmark a few times."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from benchmarks.measure import memory_mb


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _children(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in children.split()]


def run(paths: list[str], cookie: str, *, rounds: int = 20) -> float:
    """Resident megabytes of the one web process after the rounds."""
    port = _free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1", "--port", str(port),
        "--no-access-log", "--log-level", "error", "config.wsgi:application",
    ]  # fmt: skip
    server = subprocess.Popen(
        command, env=os.environ | {"PYTHONUNBUFFERED": "1", "SAMVERKA_ALLOWED_HOSTS": "127.0.0.1"}
    )
    try:
        base = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 30
        while True:
            try:
                urllib.request.urlopen(f"{base}/health/", timeout=2)
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        for _ in range(rounds):
            for path in paths:
                request = urllib.request.Request(base + path, headers={"Cookie": cookie})
                with urllib.request.urlopen(request, timeout=30) as answer:
                    answer.read()
        # The server process itself and its one worker.
        return memory_mb(server.pid) + sum(memory_mb(pid) for pid in _children(server.pid))
    finally:
        server.terminate()
        server.wait(timeout=20)
