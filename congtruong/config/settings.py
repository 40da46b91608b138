"""All settings, read from the environment; every variable is explained in docs/configuration.md."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from congtruong.config import env

PACKAGE = Path(__file__).resolve().parent.parent
DATA_DIR = env.path("DATA_DIR", Path.cwd() / ".dev" / "data")

DEBUG = env.flag("DEBUG", False)


def _secret_key() -> str:
    """The given key, or one made at first start and kept beside the data."""
    given = env.text("SECRET_KEY", "")
    if given:
        return given
    kept = DATA_DIR / "secret-key"
    if not kept.is_file() or not kept.read_text():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        made = DATA_DIR / f"secret-key.{os.getpid()}"
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(48))
        # Whole or not at all; of two processes that start together, both go on with the same key.
        if kept.is_file() and not kept.read_text():
            kept.unlink()
        with suppress(FileExistsError):
            os.link(made, kept)
        made.unlink()
    return kept.read_text()


SECRET_KEY = _secret_key()

# The host header is compared with the register of host names by our own middleware.
ALLOWED_HOSTS = ["*"]
USE_X_FORWARDED_HOST = False

PUBLIC_SCHEME = env.choice("PUBLIC_SCHEME", "https", ("http", "https"))
PUBLIC_PORT = env.number("PUBLIC_PORT", 0, most=65535)
PREVIEW_SUFFIX = env.text("PREVIEW_SUFFIX", "").lower()
CENTRAL_HOST = env.text("CENTRAL_HOST", "localhost").lower()
BEHIND_PROXY = env.flag("BEHIND_PROXY", False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_SCHEME == "https"
SESSION_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tasks",
    "django_tasks_db",
    "congtruong.core",
    "congtruong.units",
    "congtruong.media",
    "congtruong.publication",
    "congtruong.editorial",
    "congtruong.feeds",
    "congtruong.portal",
    "congtruong.console",
    "congtruong.demo",
]

MIDDLEWARE = [
    "congtruong.core.middleware.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "congtruong.units.middleware.HostMiddleware",
    "congtruong.core.middleware.ConsoleSessions",
    "congtruong.core.middleware.ConsoleCsrf",
    "congtruong.core.middleware.ConsoleAuthentication",
    "congtruong.core.middleware.ConsoleMessages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "congtruong.config.urls"
WSGI_APPLICATION = "congtruong.config.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["congtruong.core.templatetags.vi"],
        },
    }
]

DATABASES = {"default": env.database("DATABASE_URL", DATA_DIR / "congtruong.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "units.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "console:sign-in"
LOGIN_REDIRECT_URL = "console:today"
CSRF_FAILURE_VIEW = "congtruong.console.views.access.csrf_failure"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LANGUAGE_CODE = "vi"
USE_I18N = True
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = ["congtruong.core.formats"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", DATA_DIR / "static")
STATICFILES_DIRS = [PACKAGE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "congtruong.core.staticfiles.BundledStorage"},
}
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = env.path("MEDIA_ROOT", DATA_DIR / "media")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# Addresses (host:port) that feeds may reach although they are private; for the demo and tests only.
FETCH_ALLOW = env.words("FETCH_ALLOW")
FETCH_CONTACT = env.text("FETCH_CONTACT", "")
# Where visitors may get the source code of this very installation (AGPL-3.0, section 13).
SOURCE_URL = env.text("SOURCE_URL", "")
FEED_TICK_SECONDS = env.number("FEED_TICK_SECONDS", 5, least=1, most=600)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["stderr"],
        "level": env.choice("LOG_LEVEL", "WARNING", ("DEBUG", "INFO", "WARNING", "ERROR")),
    },
}
# Staff pages stand below this path on every host; cookies are read nowhere else.
CONSOLE_PREFIX = "/quan-tri/"
CENTRAL_URLCONF = "congtruong.config.central_urls"
