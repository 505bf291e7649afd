"""The settings, configured by environment variables; `.env.example` lists them all.

Without any variable the site runs in *demo mode*: it answers on this machine's own addresses alone, over plain
HTTP, with SQLite and a secret key in `var/`. Setting `ALLOWED_HOSTS` ends demo mode: then `SECRET_KEY` is required,
HTTPS is enforced and cookies are bound to the host. A value that cannot be right stops the start with a sentence
that names it.
"""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from kb.environment import Environment, kept_secret_key
from kb.logs import logging_configuration

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment(Path(os.environ.get("ENV_FILE", BASE_DIR / ".env")))

# --- Where it runs ------------------------------------------------------------------------------------------
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "var")
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS")
DEMO = not ALLOWED_HOSTS
DEBUG = env.flag("DEBUG")
if DEBUG and not DEMO:
    raise ImproperlyConfigured(
        "DEBUG shows readers the site's insides; it must be off where ALLOWED_HOSTS is set."
    )
if DEMO:
    ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
    SECRET_KEY = env.text("SECRET_KEY") or kept_secret_key(DATA_DIR / "secret_key")
else:
    SECRET_KEY = env.secret_key("SECRET_KEY")

ROOT_URLCONF = "kb.urls"
WSGI_APPLICATION = "kb.wsgi.application"
ASGI_APPLICATION = "kb.asgi.application"

# --- What it is made of -------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "kb.apps.KbConfig",
    "kb.book.apps.BookConfig",
    "sources.apps.SourcesConfig",
    "kb.signing.apps.SigningConfig",
    "kb.apps.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_filters",
    "import_export",
    "simple_history",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kb.views.speaking.speak",
    "kb.requests.remember_request",
    "kb.requests.refuse_null_characters",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kb.signing.middleware.note_refusals",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]
# Public pages name their engine: render(request, "kb/claim.html", context, using="public"). Whatever names none,
# as the admin does, gets Django's.
TEMPLATES = [
    {
        "NAME": "desk",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
    {
        "NAME": "public",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "kb.jinja.Environments"},
    },
]

# --- Data ---------------------------------------------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL", DATA_DIR / "rejoinder.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

# --- Language and time: times are stored and shown in UTC, dates of the past carry their own zone -----------
LANGUAGE_CODE = "en"
#: What the public pages speak; the desk and all that is published or exported speaks the first.
LANGUAGES = [("en", "English"), ("ja", "日本語"), ("ru", "Русский")]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# --- Static files -------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
# WhiteNoise warns about a folder that is missing, which it is until collectstatic has run.
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Uploads and forms: bounded before they are read --------------------------------------------------------
UPLOAD_LIMIT = 10 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "kb.requests.QuotaUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, exist_ok=True)
FILE_UPLOAD_PERMISSIONS = 0o600
# A source's text is typed into a form, and a place may have a hundred names with ten fields each.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# The bounds of one spreadsheet; what is not named here has the default of kb.spreadsheets.reading.Limits.
IMPORT_LIMITS = {
    "file_bytes": env.number("IMPORT_FILE_MB", 50, least=1, most=2_000) * 1024 * 1024,
    "unpacked_bytes": env.number("IMPORT_UNPACKED_MB", 400, least=1, most=20_000) * 1024 * 1024,
    "rows": env.number("IMPORT_ROWS", 250_000, least=1_000, most=10_000_000),
    "columns": env.number("IMPORT_COLUMNS", 500, least=20, most=16_384),
    "cell_characters": env.number("IMPORT_CELL_CHARACTERS", 500_000, least=1_000, most=100_000_000),
    "characters": env.number("IMPORT_CHARACTERS", 150_000_000, least=100_000, most=10_000_000_000),
    "seconds": env.number("IMPORT_SECONDS", 120, least=5, most=24 * 3600),
    "memory_bytes": env.number("IMPORT_MEMORY_MB", 1024, least=256, most=64 * 1024) * 1024 * 1024,
}

# --- Pages kept in memory -----------------------------------------------------------------------------------
PAGE_CACHE_MB = env.number("PAGE_CACHE_MB", 64, least=0, most=4_000)

# --- The door from the public -------------------------------------------------------------------------------
CHALLENGER_KEPT_DAYS = env.number("CHALLENGER_KEPT_DAYS", 180, least=1, most=3_650)
# How many proxies stand before the site: each adds to X-Forwarded-For, and only what ours add can be believed.
PROXIES = env.number("PROXIES", 0, least=0, most=5)

# --- What readers follow and take away ----------------------------------------------------------------------
FEED_AUTHORITY = env.feed_authority("FEED_AUTHORITY")
#: Where `manage.py dump_book` puts the whole book, and /data/ finds it.
DUMP_DIR = DATA_DIR / "dump"

# --- Mail ---------------------------------------------------------------------------------------------------
# Notices lead back to the site, by this address.
SITE_ADDRESS = env.address("SITE_ADDRESS") or (
    f"http://127.0.0.1:{env.number('PORT', 8000, least=1, most=65535)}"
    if DEMO
    else f"https://{ALLOWED_HOSTS[0].lstrip('.')}"
)
EMAIL_HOST = env.text("EMAIL_HOST")
#: Without a mail server there are no notices; in demo mode they are files in a folder.
SENDS_MAIL = bool(EMAIL_HOST) or DEMO
if EMAIL_HOST:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_SECURITY = env.choice("EMAIL_SECURITY", ("starttls", "tls", "none"), "starttls")
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL_SECURITY == "starttls", EMAIL_SECURITY == "tls"
_usual_port = {"starttls": 587, "tls": 465, "none": 25}[EMAIL_SECURITY]
EMAIL_PORT = env.number("EMAIL_PORT", _usual_port, least=1, most=65535)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = env.text("EMAIL_USER"), env.text("EMAIL_PASSWORD")
EMAIL_TIMEOUT = 20
_from = f"rejoinder@{'localhost' if DEMO else ALLOWED_HOSTS[0].lstrip('.')}"
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", _from)

# --- Signing in, and who may do what ------------------------------------------------------------------------
# Of whom a second factor is asked. Demo mode prints passwords for whoever tries the site; there it would be in the way.
_RISKY = ("publish", "decide", "import", "manage")
SECOND_FACTOR_FOR = env.choices("SECOND_FACTOR_FOR", _RISKY, "none" if DEMO else ",".join(_RISKY))
SESSION_ENGINE = "kb.signing.sessions"
SESSION_IDLE_HOURS = env.number("SESSION_IDLE_HOURS", 12, least=1, most=24 * 30)
SESSION_DAYS = env.number("SESSION_DAYS", 7, least=1, most=365)
AUDIT_KEPT_DAYS = env.number("AUDIT_KEPT_DAYS", 365, least=1, most=3_650)
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# The lists ask for the desk's own rights (kb.admin.exchange). Any other use of import-export asks for these: without
# them it lets every staff account export and import every row.
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "import"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "export"
IMPORT_EXPORT_USE_TRANSACTIONS = True

# --- What a browser is told ---------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
# Django's own page has styles in its text, which the policy above forbids.
CSRF_FAILURE_VIEW = "kb.views.errors.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
KNOWN_BROWSER_COOKIE_NAME = "known-browser"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
if not DEMO:
    # `__Host-` makes a browser refuse the cookie unless it is secure and belongs to this very host.
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    KNOWN_BROWSER_COOKIE_NAME = "__Host-known-browser"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 365 * 24 * 3600, least=3600, most=10 * 365 * 24 * 3600)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.flag("HSTS_INCLUDE_SUBDOMAINS")
    # To bind a domain's other hosts to HTTPS, or enter browsers' built-in lists, is for the domain's owner to say.
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# --- Logs ---------------------------------------------------------------------------------------------------
LOGGING = logging_configuration(
    style=env.choice("LOG_FORMAT", ("plain", "json"), "plain" if DEMO else "json"),
    level=env.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"),
)

# History is read by record, never by date alone.
SIMPLE_HISTORY_DATE_INDEX = False
