"""Settings of the test suite; nothing else overrides settings."""

from congtruong.config.settings import *  # noqa: F403

SECRET_KEY = "tests only, never used to serve"  # noqa: S105 - not a secret
DEBUG = False
PUBLIC_SCHEME = "http"
PUBLIC_PORT = 0
PREVIEW_SUFFIX = ".localhost"
CENTRAL_HOST = "congtruong.test"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
FETCH_ALLOW = ()
# Tests write readings themselves: a thread has a connection of its own.
VISITS_WRITE_SECONDS = 0
# Tests of the second factor switch it on.
OPERATOR_MFA = False
# Mails are kept by Django's test runner.
SENDS_MAIL = True
OIDC_ISSUER = ""
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = "UNDEFINED<%s>"  # type: ignore[index] # noqa: F405
# Nothing is collected for tests; looked for at each request instead.
WHITENOISE_AUTOREFRESH = True
