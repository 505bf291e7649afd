#!/usr/bin/env python
"""Run a management command: `python manage.py help` lists them."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as missing:
        sys.exit(
            f"Django is not installed here ({missing}). "
            "`make install` prepares .venv; then run .venv/bin/python manage.py."
        )
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
