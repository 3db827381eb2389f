"""Every setting, from the environment, with the embedded default for each.

With nothing set, Followthrough runs embedded: SQLite, a private broker and a generated key, all in
`var/`. Production mode begins when DATABASE_URL is given; there, and wherever others than this
machine come, what would be unsafe is refused. docs/operations.md lists the names.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF

import commitments.lengths
import notifications.lengths
from config import beat, environment, logs
from config.launcher import broker

django_stubs_ext.monkeypatch()  # lets ModelAdmin[…] and its like stand in code that runs
env = environment.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).absolute()

EMBEDDED = "DATABASE_URL" not in env.ENVIRON or env.bool("EMBEDDED", default=False)
DEBUG = env.bool("DEBUG", default=False)
if EMBEDDED:
    VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

SECRET_KEY = env.str("SECRET_KEY", default="") or environment.kept_key(
    VAR_DIR if EMBEDDED else None
)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# Where people find us. Links in mails begin with it.
PUBLIC_URL: str = env.str("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")
_PUBLIC = urlsplit(PUBLIC_URL)
_HTTPS = _PUBLIC.scheme == "https"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_PUBLIC.hostname or "localhost"])
# Whether others than this very machine are to come here.
IS_PUBLIC = not all(map(environment.is_this_machine, [_PUBLIC.hostname, *ALLOWED_HOSTS]))
if IS_PUBLIC or not EMBEDDED:
    environment.check_keys(SECRET_KEY, *SECRET_KEY_FALLBACKS)
    environment.check_manners(debug=DEBUG, hosts=ALLOWED_HOSTS)
if IS_PUBLIC and not env.bool("PLAIN_HTTP", default=False):
    environment.check_https(PUBLIC_URL)
if EMBEDDED:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]
INSTANCE_ID = env.str("INSTANCE_ID", default="")  # `up` knows its own web server by it

# SQLite keeps the columns that an index covers out of it, which costs speed only.
SILENCED_SYSTEM_CHECKS = ["models.W040"]

INSTALLED_APPS = [
    "commitments",
    "notifications",
    "config",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_celery_beat",
    "django_htmx",
    "lucide",
    "csp",
]
MIDDLEWARE = [
    "config.request_ids.RequestIds",
    # What every answer carries comes first, or a refusal on the way would go without it.
    "config.headers.OnEveryAnswer",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.plain_http.HttpsForPrograms",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.headers.NoCopies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.signing_in.guard.Guard",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "commitments.web.bar.bar",
                "config.banner.banner",
            ]
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Data

DATABASES = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'followthrough.sqlite3'}")
}
_DATABASE = DATABASES["default"]
_DATABASE["OPTIONS"] = {
    **environment.database_options(_DATABASE["ENGINE"]),
    **_DATABASE.get("OPTIONS", {}),
}
_DATABASE["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
_DATABASE["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Who asks how often is counted here: share it as soon as there is more than one web process.
CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}
_CACHE = CACHES["default"]
_CACHE["OPTIONS"] = {**environment.cache_options(_CACHE["BACKEND"]), **_CACHE.get("OPTIONS", {})}

LANGUAGE_CODE = "en"  # of the staff pages; a customer has a language of their own
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

# --- Static files, under names that change with their content

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
WHITENOISE_ALLOW_ALL_ORIGINS = False
_HASHED = env.bool("STATIC_HASHED_NAMES", default=not DEBUG)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # What customers send along, and files of promises that are brought in. No web server shows
    # these folders.
    **{
        folder: {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {
                "location": VAR_DIR / folder,
                "file_permissions_mode": 0o600,
                "directory_permissions_mode": 0o700,
            },
        }
        for folder in ("attachments", "imports")
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _HASHED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- Signing in: by e-mail, by invitation only

AUTH_USER_MODEL = "commitments.User"
AUTHENTICATION_BACKENDS = ["config.signing_in.backend.Backend"]
# The first makes new hashes; one of the others is made anew when its owner signs in.
PASSWORD_HASHERS = [
    f"django.contrib.auth.hashers.{name}PasswordHasher"
    for name in ("Argon2", "PBKDF2", "PBKDF2SHA1", "Scrypt")
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
    {"NAME": "config.signing_in.passwords.NotGuessable"},
]
PASSWORD_RESET_TIMEOUT = 3600
INVITATION_DAYS = env.int("INVITATION_DAYS", default=7)
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "config.invitations.Tokens"  # noqa: S105 (a class)
ACCOUNT_ADAPTER = "config.accounts.ByInvitation"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a stranger's address gets no mail from us
ACCOUNT_RATE_LIMITS = {
    "login_failed": "5/5m/key,20/d/key,20/h/ip",  # a key is an account; what succeeds counts not
    "reset_password": "20/m/ip,5/h/key",
}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_PRESERVE_USERNAME_CASING = False
MFA_ADAPTER = "config.signing_in.factors.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "config.signing_in.codes.AuthenticateForm",
    "reauthenticate": "config.signing_in.codes.ReauthenticateForm",
    "add_webauthn": "config.signing_in.passkeys.AddForm",
    "authenticate_webauthn": "config.signing_in.passkeys.AuthenticateForm",
    "login_webauthn": "config.signing_in.passkeys.SignInForm",
    "reauthenticate_webauthn": "config.signing_in.passkeys.ReauthenticateForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # clocks of telephones go wrong; a code counts once all the same
# Single sign-on, where OIDC_URL names a provider of OpenID Connect.
OIDC_URL = env.str("OIDC_URL", default="")
OIDC_NAME = env.str("OIDC_NAME", default="single sign-on")
SOCIALACCOUNT_ADAPTER = "config.signing_in.single.ByProvider"
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_PROVIDERS = environment.single_sign_on(
    OIDC_URL,
    client_id=env.str("OIDC_CLIENT_ID", default=""),
    secret=env.str("OIDC_CLIENT_SECRET", default=""),
)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

# --- What a browser may do with us

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _HTTPS
# With this prefix a browser takes them from this very host only, over https.
SESSION_COOKIE_NAME = "__Host-sessionid" if _HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if _HTTPS else "csrftoken"
SESSION_ENGINE = "config.signing_in.sessions"  # which ends them: after 12 hours unused, 14 days
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "commitments.web.doors.unproven"
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$", "^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _HTTPS
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
# How many proxies of ours stand in front. With one or more, its X-Forwarded-… headers are believed.
PROXIES = env.int("PROXIES", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- API

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["commitments.api.strict_json.StrictJSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "commitments.api.authentication.Bearer",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["commitments.api.authentication.MayDoThis"],
    "EXCEPTION_HANDLER": "commitments.api.problems.answer",
    "URL_FORMAT_OVERRIDE": None,  # `format` is an unknown parameter like any other
    "DEFAULT_SCHEMA_CLASS": "commitments.api.schema.DoorSchema",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Followthrough",
    "DESCRIPTION": "The promises made to customers, and whether they are kept. Times are RFC 3339.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/(v1/)?",
    "SERVE_PERMISSIONS": ["commitments.api.authentication.MayDoThis"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "POSTPROCESSING_HOOKS": [],  # choices stay where they are made
}

# --- Work in the background. The broker carries wake-ups, never facts.

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default=broker.url(broker.socket_path(VAR_DIR)))
CELERY_BROKER_TRANSPORT_OPTIONS = environment.transport_options(CELERY_BROKER_URL)
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # for ever: it comes back
CELERY_TASK_DEFAULT_QUEUE = "followthrough"
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY = False  # a wake-up that cannot be sent is not worth waiting for
CELERY_TASK_SOFT_TIME_LIMIT = 80
CELERY_TASK_TIME_LIMIT = 100  # below the visibility timeout, or a slow task is handed out twice
CELERY_RESULT_EXPIRES = None  # no results are kept, so no entry of Celery's own cleans them up
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", default=2)
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
# A broker that goes away must not tear a mail in two; a task handed out twice does no harm.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = beat.SCHEDULE
CELERY_BEAT_SYNC_EVERY = 1  # or a killed beat fires again what it has just fired

# --- Mail. Without EMAIL_URL nothing leaves the house: mails are shown on /outbox/ instead.

EMAIL_URL = env.str("EMAIL_URL", default="")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="promises@localhost")
EMAIL_TIMEOUT = 10
# Threads of a worker process that talk at once, on each channel; the database is for one of them.
SENDERS = env.int("SENDERS", default=8)
# Or any Django backend, anymail's for providers among them. EMAIL_URL goes first.
NOTIFICATIONS_EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="")
ANYMAIL = env.json("ANYMAIL", default={})
# Where mails come back to that cannot be delivered, like bounces@example.org. Empty: to the sender.
BOUNCE_ADDRESS = env.str("BOUNCE_ADDRESS", default="")
# Where customers' answers go, like replies@example.org. Empty: their mails' own link is the way.
REPLY_ADDRESS = env.str("REPLY_ADDRESS", default="")
# Where agents send a copy of what they promise, like promise@example.org: it becomes a draft.
PROMISE_ADDRESS = env.str("PROMISE_ADDRESS", default="")
# Providers that may deliver such mails to /hooks/inbound/…/. Each has a secret in ANYMAIL.
INBOUND_PROVIDERS = environment.inbound_providers(
    env.list("INBOUND_PROVIDERS", default=[]), agreed=ANYMAIL
)
NOTIFICATIONS_SUBJECT = "commitments.messages.subject"
# Templates that never go inside a bundle.
NOTIFICATIONS_ALONE = (
    "new_password", "invitation", "digest", "weekly", "report", "verify_address", "endpoint_off",
    "sign_in_changed", "test_mail", "text_trial",
)  # fmt: skip
NOTIFICATIONS_ATTENDED = "commitments.web.attention.attended_by"
NOTIFICATIONS_DIGESTS = "commitments.digests.choices"
NOTIFICATIONS_NAMES = "commitments.web.message_names.of"
COMMITMENTS_REHEARSAL = "config.rehearsal.rehearse"
COMMITMENTS_SEALING = "notifications.sealing"

# --- Webhooks: to public hosts by https, and to the networks named here
WEBHOOK_PORTS = env.list("WEBHOOK_PORTS", cast=int, default=[443])
WEBHOOK_ALLOW_PRIVATE = env.list("WEBHOOK_ALLOW_PRIVATE", default=[])

# --- Chat and SMS by apprise: which of its schemes, and which hosts of their own people may name
CHAT_SCHEMES = env.list("CHAT_SCHEMES", default=environment.CHAT_SCHEMES)
SMS_SCHEMES = env.list("SMS_SCHEMES", default=environment.SMS_SCHEMES)
CHAT_HOSTS = env.list("CHAT_HOSTS", default=environment.CHAT_HOSTS)
# The service that carries text messages, with {number} where a mobile number goes.
SMS_URL = env.str("SMS_URL", default="")

# --- Figures of commitments/lengths.py and notifications/lengths.py, replaced by name, in seconds

COMMITMENTS_LENGTHS = environment.figures(
    env.json("COMMITMENTS_LENGTHS", default={}), like=commitments.lengths.Lengths()
)
NOTIFICATIONS_LENGTHS = environment.figures(
    env.json("NOTIFICATIONS_LENGTHS", default={}), like=notifications.lengths.Lengths()
)
# How long each kind of data is kept, in days; null is for ever. docs/privacy.md lists the kinds.
RETENTION = env.json("RETENTION", default={})
COMMITMENTS_LENGTHS |= environment.retention(RETENTION, like=commitments.lengths.Lengths())
NOTIFICATIONS_LENGTHS |= environment.retention(RETENTION, like=notifications.lengths.Lengths())
environment.check_retention(
    customers=COMMITMENTS_LENGTHS.get("customer_kept", commitments.lengths.Lengths().customer_kept),
    words=NOTIFICATIONS_LENGTHS.get("bodies_kept", notifications.lengths.Lengths().bodies_kept),
)
NOTIFICATIONS_EXPIRY = environment.figures(env.json("NOTIFICATIONS_EXPIRY", default={}))
CRASH_AT = env.str("CRASH_AT", default="")  # for tests: the step at which to die without a word

# --- Proof that it is awake

METRICS_TOKEN = env.str("METRICS_TOKEN", default="")  # without one, /metrics is for this machine
HEARTBEAT_URL = env.str("HEARTBEAT_URL", default="")  # called while all is well, once a minute
SAYS_WHEN_LATE = env.bool("SAYS_WHEN_LATE", default=True)  # a banner on every staff page

# --- Who we are, for customers

COMPANY_NAME = env.str("COMPANY_NAME", default="Followthrough")
COMPANY_ZONE = env.str("COMPANY_ZONE", default="UTC")  # of the first working week; then edited
CURRENCY = env.str("CURRENCY", default="EUR")  # of the first refund or credit; then as given last
COMPANY_PHONE = env.str("COMPANY_PHONE", default="")
COMPANY_EMAIL = env.str("COMPANY_EMAIL", default="")

LOGGING = logs.of_process(env.str("LOG_LEVEL", default="INFO"), logs.chosen_format(env.ENVIRON))
SENTRY_DSN = env.str("SENTRY_DSN", default="")  # errors go there, without anything personal
