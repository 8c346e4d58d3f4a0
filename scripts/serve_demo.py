"""`make run`: prepare the demo, serve it and send its mail, until Ctrl-C or until one of the two processes dies.

One line says where it is; everything else goes to var/demo/log/. The demo has a folder of its own and takes no setting
of an installation from the environment: it can neither read nor clean away anybody's real data. To try it on
PostgreSQL, name an empty database in SAMVERKA_DEMO_DATABASE_URL.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
DEMO: Final = ROOT / "var" / "demo"
LOGS: Final = DEMO / "log"
START_SECONDS: Final = 90
STOP_SECONDS: Final = 15


@dataclass(frozen=True, slots=True)
class Child:
    """One of the processes that together are the demo, in a process group of its own."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


def main() -> int:
    words = os.environ.get("PORT") or "8000"
    if not words.isdecimal() or not 0 < int(words) < 65536:
        return _fail(f"PORT is {words!r}; it must be a number from 1 to 65535.")
    port = int(words)
    if not _is_free(port):
        return _fail(f"Port {port} is busy. Stop what uses it, or choose another: make run PORT={port + 1}")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _signal, _frame: stop.set())
    LOGS.mkdir(parents=True, exist_ok=True)
    environment = _environment(port)
    if not _prepare(environment, stop):
        return 0 if stop.is_set() else 1
    children = [
        _start("web", _web_command(port), environment),
        _start("worker", [sys.executable, "manage.py", "worker"], environment),
    ]
    try:
        return _watch(children, port, stop)
    finally:
        _stop(children)


def _environment(port: int) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SAMVERKA_", "DJANGO_", "EMAIL_")) and name != "DATABASE_URL"
    }
    database = os.environ.get("SAMVERKA_DEMO_DATABASE_URL")
    return {
        **kept,
        **({"DATABASE_URL": database} if database else {}),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SAMVERKA_MODE": "demo",
        "SAMVERKA_VAR_DIR": str(DEMO),
        "SAMVERKA_BASE_URL": os.environ.get("SAMVERKA_BASE_URL", f"http://localhost:{port}"),
        "PYTHONUNBUFFERED": "1",
    }


def _web_command(port: int) -> list[str]:
    options = [
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--blocking-threads",
        "4",
        "--no-ws",
    ]
    return [sys.executable, "-m", "granian", *options, "config.wsgi:application"]


def _prepare(environment: dict[str, str], stop: threading.Event) -> bool:
    child = _start("prepare", [sys.executable, "-m", "scripts.prepare_demo"], environment)
    try:
        while child.process.poll() is None and not stop.wait(0.1):
            pass
    finally:
        _stop([child])
    if child.process.returncode and not stop.is_set():
        _fail("The demo could not be prepared:\n" + _tail(child.log))
    return child.process.returncode == 0 and not stop.is_set()


def _watch(children: list[Child], port: int, stop: threading.Event) -> int:
    """Say where the demo is when it is well; return 0 when asked to stop and 1 when a process died."""
    deadline = time.monotonic() + START_SECONDS
    ready = False
    while not stop.wait(0.2):
        for child in children:
            if child.process.poll() is not None:
                return _fail(f"The {child.name} process stopped by itself:\n{_tail(child.log)}")
        if ready:
            continue
        fault = _fault(port)
        if fault is None:
            ready = True
            print(
                f"Samverka: http://localhost:{port} (choose one of the invented people to sign in; Ctrl-C stops)",
                flush=True,
            )
        elif time.monotonic() > deadline:
            return _fail(f"Samverka did not become well in {START_SECONDS} seconds: {fault}")
    return 0


def _fault(port: int) -> str | None:
    """What the health page complains of; None when all is well."""
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/health/", timeout=5):
            return None
    except urllib.error.HTTPError as error:
        return error.read().decode(errors="replace")
    except OSError as error:
        return str(error)


def _start(name: str, command: list[str], environment: dict[str, str]) -> Child:
    log = LOGS / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # A group of its own: Ctrl-C in the terminal reaches us alone, and we stop the others in order.
            start_new_session=True,
        )
    return Child(name, process, log)


def _stop(children: list[Child]) -> None:
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        if child.process.poll() is None:
            child.process.terminate()
    for child in children:
        try:
            child.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _tail(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()[-20:]
    return "\n".join(f"  {line}" for line in lines) + f"\n(all of it in {log.relative_to(ROOT)})"


def _fail(message: str) -> int:
    print(message, file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())
