"""The public pages' template environment."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, StrictUndefined


def environment(**options: Any) -> Environment:
    """Jinja's environment for the engine named "public": a name that a template misspells is an error, not a blank."""
    env = Environment(**{"undefined": StrictUndefined, **options})
    env.globals.update(static=static, url=reverse)
    return env
