"""One settings module, read from the environment.

Without any variable it is the embedded site: SQLite, a database cache, a Celery broker made of
folders, mail to files. With DATABASE_URL and REDIS_URL the same code is production.
The README lists every variable.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from environs import Env

from .files_url import stores
from .networks import networks
from .secrets import embedded_field_keys, embedded_secret_key

env = Env()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("VAR_DIR", "") or BASE_DIR / "var")
DEBUG = env.bool("DEBUG", False)

DATABASE_URL = env.str("DATABASE_URL", "")
REDIS_URL = env.str("REDIS_URL", "")
EMBEDDED = not DATABASE_URL
DEMO = env.bool("DEMO", EMBEDDED)

SITE_URL = env.str("SITE_URL", "http://localhost:8000").rstrip("/")
HTTPS = SITE_URL.startswith("https://")
SECRET_KEY = env.str("SECRET_KEY", "") or embedded_secret_key(VAR_DIR, allowed=EMBEDDED or DEBUG)
# Personal columns are encrypted with the first and decrypted with any; never in the database.
FIELD_KEYS = env.list("FIELD_KEYS", []) or embedded_field_keys(VAR_DIR, allowed=EMBEDDED or DEBUG)
# The two loopback names are for the checks of this machine's own health.
ALLOWED_HOSTS = [
    *(env.list("ALLOWED_HOSTS", []) or [urlsplit(SITE_URL).hostname]),
    "localhost",
    "127.0.0.1",
]
CSRF_TRUSTED_ORIGINS = [SITE_URL] if HTTPS else []

# --- what runs -------------------------------------------------------------------------------
INSTALLED_APPS = [
    "modeltranslation",  # before the admin, whose classes it extends
    "oda_portal.accounts",
    "oda_portal.watching",  # its checks come before those of the apps
    "oda_portal.publishing",
    "oda_portal.audit",
    "oda_portal.files",
    "oda_portal.drawing",
    "oda_portal.pages",
    "oda_portal.mail",
    "oda_portal.search",
    "oda_portal.opendata",
    "oda_portal.structured",
    "oda_portal.seats",
    "oda_portal.reviews",
    "oda_portal.certificates",
    "oda_portal.privacy",
    "oda_portal.jobs",
    "oda_portal.spreadsheets",
    "oda_portal.previewing",
    "oda_portal.translating",
    "oda_portal.library",
    "oda_portal.care",
    "oda_portal.desk",
    "oda_portal.recovery",
    "partners",
    "programs",
    "volunteers",
    "forums",
    "news",
    "oda_portal.demo",
    "oda_portal",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_filters",
    "django_prose_editor",
    "simple_history",
    "csp",
    "oda_portal.admin_apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "oda_portal.watching.middleware.WatchMiddleware",  # before all others, which it times
    "oda_portal.watching.middleware.ByAnyNameMiddleware",
    "oda_portal.headers.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "oda_portal.headers.PolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "oda_portal.publishing.freshness.PageCacheMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "oda_portal.headers.RefuseNulMiddleware",
    "oda_portal.languages.PathLanguageMiddleware",
    "oda_portal.accounts.inside.InsideMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "oda_portal.accounts.sessions.SessionLimitsMiddleware",  # who is signed in, and how long
    "django.contrib.messages.middleware.MessageMiddleware",
    "oda_portal.accounts.kept_forms.SignInAgainMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "oda_portal.privacy.middleware.TellHoldsMiddleware",
    "oda_portal.pages.limits.TooManyMiddleware",
]

ROOT_URLCONF = "oda_portal.urls"
WSGI_APPLICATION = "oda_portal.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "oda_portal.chrome.chrome",
            ],
        },
    },
]

# --- data ------------------------------------------------------------------------------------
if EMBEDDED:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR_DIR / "db.sqlite3",
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                # What was destroyed is overwritten: not every build of SQLite does so by itself.
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;"
                ),
            },
        }
    }
else:
    DATABASES = {"default": env.dj_db_url("DATABASE_URL", conn_max_age=60, conn_health_checks=True)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Two caches: pages that strangers make the portal keep must not push out its limits on failures.
if REDIS_URL:
    _redis = {
        "BACKEND": "oda_portal.redis_cache.OneClientCache",
        "LOCATION": REDIS_URL,
        # A Redis that accepts and never answers must not hold a request.
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
    CACHES = {
        "default": {**_redis, "KEY_PREFIX": "oda"},
        "pages": {**_redis, "KEY_PREFIX": "oda-pages"},
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "oda_portal.lasting_cache.LastingCache",
            "LOCATION": "cache",
            "OPTIONS": {"MAX_ENTRIES": 5000},
        },
        "pages": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "page_cache",
            "OPTIONS": {"MAX_ENTRIES": 1000},
        },
    }

# --- tasks -----------------------------------------------------------------------------------
CELERY_TIMEZONE = "Asia/Seoul"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Its own handler would write what ours leave out.
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, int | str] = {
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
    }
    CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1}
else:
    _broker = VAR_DIR / "broker"
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        # One folder for both directions: what the web process puts in, the worker takes out.
        "data_folder_in": str(_broker / "queue"),
        "data_folder_out": str(_broker / "queue"),
        "control_folder": str(_broker / "control"),
    }
    for _folder in (_broker / "queue", _broker / "control"):
        _folder.mkdir(parents=True, exist_ok=True)

# --- languages -------------------------------------------------------------------------------
LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Seoul"
FORMAT_MODULE_PATH = ["oda_portal.formats"]
MODELTRANSLATION_DEFAULT_LANGUAGE = "ko"
MODELTRANSLATION_LANGUAGES = ("ko", "en", "zh-hans")
MODELTRANSLATION_FALLBACK_LANGUAGES = {
    "default": ("ko",),
    "ko": ("en", "zh-hans"),
    "en": ("ko",),
    "zh-hans": ("en", "ko"),
}

# --- files -----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
BUILD_DIR = VAR_DIR / "build"
for _folder in (STATIC_ROOT, BUILD_DIR):
    _folder.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static", BUILD_DIR]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", "") or VAR_DIR / "media")
PRIVATE_ROOT = Path(env.str("PRIVATE_ROOT", "") or VAR_DIR / "private")
FILES_URL = env.str("FILES_URL", "")  # a bucket in place of these two folders
# What was destroyed, beside the database: a restored backup does not know it.
LEDGER_FILE = Path(env.str("LEDGER_FILE", "") or VAR_DIR / "ledger" / "destroyed.jsonl")
_STATIC_FINDERS = env.bool("STATIC_FROM_FINDERS", EMBEDDED)
WHITENOISE_USE_FINDERS = _STATIC_FINDERS
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    **stores("FILES_URL", FILES_URL),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if _STATIC_FINDERS
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FILE_UPLOAD_HANDLERS = ["oda_portal.files.uploads.CappedUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FILES = 30
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a village with sixty photos has some thousand
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
IMAGE_MAX_BYTES = 10 * 1024 * 1024
ATTACHMENT_MAX_BYTES = 10 * 1024 * 1024
IMAGE_MAX_SIDE = 5000

# --- backups ---------------------------------------------------------------------------------
# Public keys, with which backups are closed; what opens them is not on this machine.
BACKUP_KEY: list[str] = env.list("BACKUP_KEY", [])
BACKUP_DIR = env.str("BACKUP_DIR", "")  # where the nightly one goes; empty: there is none
BACKUP_KEEP_DAYS = env.int("BACKUP_KEEP_DAYS", 14)
BACKUP_KEEP_WEEKS = env.int("BACKUP_KEEP_WEEKS", 8)

# --- mail ------------------------------------------------------------------------------------
EMAIL_URL = env.str("EMAIL_URL", "")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "portal@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
if EMAIL_URL:
    _mail = env.dj_email_url("EMAIL_URL")
    EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
    EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail["EMAIL_USE_TLS"], _mail["EMAIL_USE_SSL"]
else:
    EMAIL_BACKEND = "oda_portal.mail.folder.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"

# --- people ----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["oda_portal.accounts.backends.RightsBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:my_page"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_FORMS = {
    "login": "oda_portal.accounts.forms.SignInForm",
    "signup": "oda_portal.accounts.forms.SignUpForm",
    "reset_password": "oda_portal.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "oda_portal.accounts.forms.NewPasswordForm",
    "change_password": "oda_portal.accounts.forms.ChangePasswordForm",
}
ACCOUNT_ADAPTER = "oda_portal.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 0)
# Where staff work from; empty: everywhere.
ADMIN_ADDRESSES = networks("ADMIN_ADDRESSES", env.list("ADMIN_ADDRESSES", []))
# Who is told of weaknesses, an email or an address; empty: the office.
SECURITY_CONTACT = env.str("SECURITY_CONTACT", "")
# Files of open data that one address gets.
FILES_A_MINUTE = env.int("FILES_A_MINUTE", 20)
MFA_ADAPTER = "oda_portal.accounts.second_factor.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # half a minute either way, for slow hands; each code opens once
MFA_FORMS = {
    "authenticate": "oda_portal.accounts.second_factor.SecondStepForm",
    "reauthenticate": "oda_portal.accounts.second_factor.SecondStepAgainForm",
    "activate_totp": "oda_portal.accounts.second_factor.SetUpAppForm",
    "authenticate_webauthn": "oda_portal.accounts.second_factor.PasskeyForm",
    "reauthenticate_webauthn": "oda_portal.accounts.second_factor.PasskeyAgainForm",
    "add_webauthn": "oda_portal.accounts.second_factor.NewPasskeyForm",
    "edit_webauthn": "oda_portal.accounts.second_factor.PasskeyNameForm",
}

# --- doors -----------------------------------------------------------------------------------
_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_PREFIX}session"
CSRF_COOKIE_NAME = f"{_PREFIX}csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 8 * 60 * 60
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "oda_portal.errors.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# Asked from within, where nobody speaks TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$", r"^status\.json$"]
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- who watches ------------------------------------------------------------------------------
# Each process counts in a file of its own; prometheus-client reads the variable when imported.
METRICS_ROOT = VAR_DIR / "metrics"
METRICS_ROOT.mkdir(parents=True, exist_ok=True)
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(METRICS_ROOT)
METRICS_NETWORKS = networks("METRICS_FROM", env.list("METRICS_FROM", ["127.0.0.0/8", "::1"]))
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
WORKER_METRICS_PORT = env.int("WORKER_METRICS_PORT", 0)
LEAST_FREE_MB = env.int("LEAST_FREE_MB", 1024)

# --- logs ------------------------------------------------------------------------------------
LOG_FORMAT = env.str("LOG_FORMAT", "plain" if EMBEDDED else "json")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "oda_portal.logs.JsonFormatter"},
        "plain": {"format": "{asctime} {levelname} {name} {number}: {message}", "style": "{"},
    },
    "filters": {
        "with_number": {"()": "oda_portal.logs.WithNumber"},
        "without_secrets": {"()": "oda_portal.logs.WithoutSecrets"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["with_number", "without_secrets"],
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # A worker that is told to be quiet still writes down each seal of the access log.
        "oda_portal.privacy.sealing": {"level": "INFO"},
        # Django's own handlers would print plain text and mail tracebacks.
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "celery": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}

SIMPLE_HISTORY_HISTORY_ID_USE_UUID = False
SIMPLE_HISTORY_ENFORCE_HISTORY_MODEL_PERMISSIONS = True
