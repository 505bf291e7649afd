"""The public pages' template environment."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, StrictUndefined


def environment(**options: Any) -> Environment:
    """Jinja's environment for the engine named "public", which a misspelt name stops instead of leaving a blank.

    Django's backend passes `autoescape=True` among the options.
    """
    env = Environment(**{"autoescape": True, "undefined": StrictUndefined, **options})  # noqa: S701 - it is on
    env.globals.update(static=static, url=reverse)
    return env
