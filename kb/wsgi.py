"""The WSGI entry point of the site."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
application = get_wsgi_application()
# The addresses, and with them the desk, are loaded before the first reader comes.
get_resolver().url_patterns  # noqa: B018
