"""The configuration of gunicorn, the server that answers requests: `gunicorn --config python:kb.server kb.wsgi`."""

import subprocess
import sys
from typing import Any

from kb.settings import BASE_DIR, DEMO, env

# Pages are bound by Python, so processes count for more than threads; threads bear the slow readers.
worker_class = "gthread"
workers = env.number("WEB_WORKERS", 2, least=1, most=64)
threads = env.number("WEB_THREADS", 4, least=1, most=64)
port = env.number("PORT", 8000, least=1, most=65535)
# Demo mode is for this machine alone, whatever LISTEN says.
bind = f"{'127.0.0.1' if DEMO else env.text('LISTEN', '127.0.0.1')}:{port}"
# The web server in front that ends HTTPS, whose word on the reader's scheme is taken.
forwarded_allow_ips = env.text("FORWARDED_ALLOW_IPS", "127.0.0.1")
timeout = 60
graceful_timeout = 20
keepalive = 5
# A worker that a request has swollen is replaced in time; the jitter keeps them from leaving together.
max_requests = 5000
max_requests_jitter = 500
# One line when the site is up says all; gunicorn's own greeting is kept for warnings and worse.
loglevel = "warning"


_beside: list[subprocess.Popen[bytes]] = []


def when_ready(server: Any) -> None:
    # Large imports are worked off in a process of their own, which takes no reader's turn and ends with the server.
    command = [sys.executable, str(BASE_DIR / "manage.py"), "worker", "--beside-server", "--verbosity", "0"]
    _beside.append(subprocess.Popen(command, cwd=BASE_DIR))  # noqa: S603 - our own command
    notice = f"Rejoinder is at http://{bind}/ and its desk at http://{bind}/admin/ (Ctrl+C stops it)"
    print(notice, flush=True)  # noqa: T201


def on_exit(server: Any) -> None:
    for process in _beside:
        process.terminate()
