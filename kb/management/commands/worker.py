"""Work off what is too long for a page: large imports, one after the other."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from kb import notices
from kb.admin.wizard import working
from kb.analysis import claim_index

PAUSE = 2.0
#: Seconds between two looks at what there is to tell by e-mail.
NOTICES = 60.0


class Command(BaseCommand):
    help = (
        "Plan and apply the spreadsheets that are too large for a page to wait for, and send notices by e-mail. Runs "
        "until it is stopped; what it was working on then is taken up again, and applied once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="work off what waits now, and end")
        parser.add_argument(
            "--beside-server", action="store_true", help="end when the process that started this one does"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        stopping = threading.Event()
        if threading.current_thread() is threading.main_thread() and not options["once"]:
            for name in (signal.SIGTERM, signal.SIGINT):
                signal.signal(name, lambda *_: stopping.set())
        parent, told = os.getppid(), -NOTICES
        while not stopping.is_set() and not (options["beside_server"] and os.getppid() != parent):
            if time.monotonic() - told >= NOTICES:
                told = time.monotonic()
                notices.send()
            job = working.take()
            if job is not None:
                if options["verbosity"]:
                    self.stdout.write(f"{job.get_state_display()}: {job.names}")
                working.work(job)
            elif options["once"]:
                claim_index.catch_up()
                return
            else:
                # What plain SQL or a process that died has left; usually nothing.
                claim_index.catch_up()
                close_old_connections()
                stopping.wait(PAUSE)
