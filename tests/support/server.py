"""The site as `make run` serves it: gunicorn with its workers, on a database of the tests."""

from __future__ import annotations

import http.client
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from kb.settings import BASE_DIR

#: Seconds until it has to answer; it takes some while other tests run.
PATIENCE = 60
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """What the server answered. `place` is where a redirection leads."""

    status: int
    body: str
    place: str = ""


class Server:
    """A context in which the site runs. The test has to commit (`transaction=True`)."""

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="rejoinder-server-"))
        self.port = _free_port()
        environment = self._environment()
        subprocess.run(
            [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"],
            cwd=BASE_DIR, env=environment, check=True,
        )  # fmt: skip
        self.errors = (self.folder / "errors").open("w+b")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "python:kb.server", "kb.wsgi"],
            cwd=BASE_DIR, env=environment, stdout=subprocess.DEVNULL, stderr=self.errors,
        )  # fmt: skip
        try:
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *reason: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.errors.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- asking it ---------------------------------------------------------------------------------------------------

    def sign_in(self, user: User) -> dict[str, str]:
        """The cookies of somebody who has signed in."""
        client = Client()
        client.force_login(user)
        return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}

    def ask(
        self, method: str, address: str, cookies: dict[str, str], body: bytes = b"", content_type: str = ""
    ) -> Answer:
        """One request; cookies that are set are taken over."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        if content_type:
            headers["Content-Type"] = content_type
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            asked.request(method, address, body, headers)
            answer = asked.getresponse()
            text = answer.read().decode()
            for cookie in answer.headers.get_all("Set-Cookie", []):
                name, _, value = cookie.partition(";")[0].partition("=")
                cookies[name] = value
            return Answer(answer.status, text, answer.headers.get("Location", ""))
        finally:
            asked.close()

    def upload(self, address: str, cookies: dict[str, str], name: str, content: bytes) -> Answer:
        """Send a file by the form at this address."""
        found = _TOKEN.search(self.ask("GET", address, cookies).body.encode())
        boundary = secrets.token_hex(16)
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'.encode(),
            found[1] if found else b"",
            f'\r\n--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n".encode(),
            content,
            f"\r\n--{boundary}--\r\n".encode(),
        ]
        return self.ask(
            "POST", address, cookies, b"".join(parts), f"multipart/form-data; boundary={boundary}"
        )

    # --- looking at it -----------------------------------------------------------------------------------------------

    def workers(self) -> list[int]:
        """The processes that answer requests."""
        return sorted(
            pid
            for pid, command in self._processes().items()
            if "gunicorn" in command and pid != self.process.pid
        )

    def memory(self) -> float:
        """MB that the largest of its processes holds; the parser's own are not the server's."""
        sizes = [0.0]
        for pid, command in self._processes().items():
            if "kb.spreadsheets.reading.worker" in command:
                continue
            with suppress(OSError):
                status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
                if found := re.search(r"VmRSS:\s+(\d+)", status):
                    sizes.append(int(found[1]) / 1024)
        return max(sizes)

    def _processes(self) -> dict[int, str]:
        """It and all that it has started, with their commands."""
        found, waiting = {}, [self.process.pid]
        while waiting:
            pid = waiting.pop()
            with suppress(OSError):
                found[pid] = Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").replace("\0", " ")
                for task in Path(f"/proc/{pid}/task").iterdir():
                    waiting += map(int, (task / "children").read_text(encoding="utf-8").split())
        return found

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            with suppress(OSError):
                self.ask("GET", "/", {})
                return
            time.sleep(0.1)
        self.errors.seek(0)
        raise RuntimeError(f"The server does not answer: {self.errors.read().decode()[-2000:]}")

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {
            **kept,
            "ENV_FILE": "",
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": _database_url(),
            # The sessions of the tests are its own.
            "SECRET_KEY": settings.SECRET_KEY,
            "PORT": str(self.port),
        }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _database_url() -> str:
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    user, password = (quote(str(known[name] or ""), safe="") for name in ("USER", "PASSWORD"))
    signed = f"{user}:{password}@" if password else f"{user}@" if user else ""
    place = f"{known['HOST'] or '127.0.0.1'}:{known['PORT'] or 5432}"
    return f"postgres://{signed}{place}/{known['NAME']}"
