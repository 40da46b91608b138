"""All settings, read from the environment; every variable is explained in docs/configuration.md."""

import os
import secrets
import sys
from contextlib import suppress
from pathlib import Path

from congtruong.config import env
from congtruong.config.storages import s3_storage

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
    # Before allauth: its pages are replaced by ours.
    "congtruong.accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "congtruong.media",
    "congtruong.publication",
    "congtruong.delivery",
    "congtruong.editorial",
    "congtruong.feeds",
    "congtruong.portal",
    "congtruong.visits",
    "congtruong.syndication",
    "congtruong.transfer",
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
    "allauth.account.middleware.AccountMiddleware",
    "congtruong.accounts.middleware.FirstSteps",
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
                "congtruong.console.views.desk.around_account",
            ],
            "builtins": ["congtruong.core.templatetags.vi"],
        },
    }
]

DATABASES = {"default": env.database("DATABASE_URL", DATA_DIR / "congtruong.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "units.User"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "console:today"
CSRF_FAILURE_VIEW = "congtruong.console.views.access.csrf_failure"
ACCOUNT_ADAPTER = "congtruong.accounts.adapters.account.Adapter"
ACCOUNT_FORMS = {
    "add_email": "congtruong.accounts.forms.AddEmailForm",
    "change_password": "congtruong.accounts.forms.ChangePasswordForm",
    "login": "congtruong.accounts.forms.LoginForm",
    "reauthenticate": "congtruong.accounts.forms.ReauthenticateForm",
    "reset_password": "congtruong.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "congtruong.accounts.forms.ResetPasswordKeyForm",
    "set_password": "congtruong.accounts.forms.SetPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
# Nobody signs up: accounts are made by a unit's head or the operator.
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Cổng Trường] "
ACCOUNT_EMAIL_CONFIRMATION_AUTHENTICATED_REDIRECT_URL = "mfa_index"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# Attempts to sign in are counted in the trail (accounts.services); these bounds are those of codes, mails and the rest.
# A school has one address to the outside: bounds by address leave room for all its teachers at seven in the morning.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "60/m/ip,5/300s/key",
    "reset_password": "30/h/ip,3/h/key",
}
MFA_ADAPTER = "congtruong.accounts.adapters.mfa.Adapter"
MFA_FORMS = {
    "activate_totp": "congtruong.accounts.forms.ActivateTOTPForm",
    "add_webauthn": "congtruong.accounts.forms.AddWebAuthnForm",
    "authenticate": "congtruong.accounts.forms.AuthenticateForm",
    "authenticate_webauthn": "congtruong.accounts.forms.AuthenticateWebAuthnForm",
    "edit_webauthn": "congtruong.accounts.forms.EditWebAuthnForm",
    "login_webauthn": "congtruong.accounts.forms.LoginWebAuthnForm",
    "reauthenticate": "congtruong.accounts.forms.ReauthenticateCodeForm",
    "reauthenticate_webauthn": "congtruong.accounts.forms.ReauthenticateWebAuthnForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Cổng Trường"
# Clocks of phones go wrong by seconds, and people type slowly; a code still opens one door only (accounts.forms).
MFA_TOTP_TOLERANCE = 1
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
# Addresses are given by whoever makes the account; nobody can squat on somebody else's.
MFA_ALLOW_UNVERIFIED_EMAIL = True
USERSESSIONS_ADAPTER = "congtruong.accounts.adapters.sessions.Adapter"
USERSESSIONS_TRACK_ACTIVITY = False
# Operators hold the keys of every unit: they sign in with a second factor.
OPERATOR_MFA = env.flag("OPERATOR_MFA", True)

# Signing in with an account of an outside OpenID Connect provider.
OIDC_ISSUER = env.web_address("OIDC_ISSUER")
OIDC_CLIENT_ID = env.text("OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = env.text("OIDC_CLIENT_SECRET", "")
OIDC_NAME = env.text("OIDC_NAME", "Tài khoản Sở")
if OIDC_ISSUER and not (OIDC_CLIENT_ID and OIDC_CLIENT_SECRET):
    sys.exit(
        "CONGTRUONG_OIDC_ISSUER is set without CONGTRUONG_OIDC_CLIENT_ID or CONGTRUONG_OIDC_CLIENT_SECRET. "
        "See docs/configuration.md."
    )
SOCIALACCOUNT_ADAPTER = "congtruong.accounts.adapters.social.Adapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"provider_class": "congtruong.accounts.adapters.provider.Provider"}}

# Limits hold for all processes and machines together only when all look into the same place: the database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "congtruong_cache",
        # Culling would forget limits; expired entries are removed first.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

MAIL = env.mail("EMAIL_URL")
if MAIL is None:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
else:
    EMAIL_BACKEND, EMAIL_HOST, EMAIL_PORT = MAIL.backend, MAIL.host, MAIL.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
    EMAIL_USE_SSL, EMAIL_USE_TLS, EMAIL_FILE_PATH = MAIL.ssl, MAIL.starttls, MAIL.folder
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("EMAIL_FROM", f"Cổng Trường <khong-tra-loi@{CENTRAL_HOST}>")
SENDS_MAIL = MAIL is not None

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LANGUAGE_CODE = "vi"
USE_I18N = True
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = ["congtruong.core.formats"]
# Messages of the libraries, in the words of the product; texts of our own stand in the source.
LOCALE_PATHS = [PACKAGE / "core" / "locale"]
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
FILE_UPLOAD_HANDLERS = [
    "congtruong.media.checks.intake.Intake",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# Files that are still arriving in parts.
UPLOADS_ROOT = DATA_DIR / "uploads"
MEDIA_QUOTA_GB = env.number("MEDIA_QUOTA_GB", 10, least=1, most=100_000)
# Uploaded files on S3-compatible storage instead of the media folder. The bucket stays private: files are served by us.
S3_BUCKET = env.text("S3_BUCKET", "")
S3_ENDPOINT = env.text("S3_ENDPOINT", "")
if S3_ENDPOINT and not S3_BUCKET:
    sys.exit("CONGTRUONG_S3_ENDPOINT is set without CONGTRUONG_S3_BUCKET. See docs/configuration.md.")
if S3_BUCKET:
    STORAGES["default"] = s3_storage(
        bucket=S3_BUCKET,
        endpoint=S3_ENDPOINT,
        region=env.text("S3_REGION", ""),
        access_key=env.text("S3_ACCESS_KEY", ""),
        secret_key=env.text("S3_SECRET_KEY", ""),
    )

# Addresses (host:port) that feeds may reach although they are private; for the demo and tests only.
FETCH_ALLOW = env.words("FETCH_ALLOW")
FETCH_CONTACT = env.text("FETCH_CONTACT", "")
# Where visitors may get the source code of this very installation (AGPL-3.0, section 13).
SOURCE_URL = env.text("SOURCE_URL", "")
# How often each web process writes the readings it counted; 0 leaves them in memory.
VISITS_WRITE_SECONDS = 10
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
