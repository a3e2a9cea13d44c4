"""How one Inzage runs; what differs between installations comes from config.env."""

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from .env import BASE_DIR, VAR, broker_options, database, env, openid_apps, secret

DEBUG = env.bool("INZAGE_DEBUG", default=False)
SECRET_KEY = secret("secret_key")
# Scheme and host, as links in letters and what we sign for partners name it.
SITE = env("INZAGE_SITE", default=f"http://127.0.0.1:{env('PORT', default='') or '8000'}").rstrip("/")
ALLOWED_HOSTS = env.list("INZAGE_HOSTS", default=["127.0.0.1", "localhost", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("INZAGE_ORIGINS", default=[])

INSTALLED_APPS = [
    "config",
    "accounts",
    "consents",
    "usage",
    "privacy",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "oauth2_provider",
    "csp",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "privacy.middleware.RestoredDatabaseMiddleware",
    "accounts.middleware.NotKeptMiddleware",
    "accounts.middleware.NullCharacterMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.middleware.KnownBrowserMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "privacy.middleware.HiddenPersonMiddleware",
]

ROOT_URLCONF = "config.urls"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
WSGI_APPLICATION = "config.wsgi.application"
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
            ],
        },
    },
]

DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Tries are counted here: at Django's 300, many counts of one attacker would push out those of another.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English"), ("fr", "Français")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Brussels"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
MEDIA_ROOT = VAR / "media"
STORAGES = {
    # What people upload, for our own process alone: views hand it out, no web server does.
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {"BACKEND": "config.static.Storage"},
}

# Django bounds what forms hold, not what comes as a file (accounts/uploads.py).
UPLOAD_BYTES_AT_MOST = 20_000_000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_HANDLERS = [
    "accounts.uploads.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Sign-in (accounts/). The ban test and the neutral answers live in accounts.adapter, backends, forms and welcome.
AUTH_USER_MODEL = "accounts.Member"
AUTHENTICATION_BACKENDS = ["accounts.backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    # Of programs, whose secrets are random: never of people.
    "consents.oidc.secrets.PartnerSecretHasher",
]
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "accounts.forms.SignupForm",
    "login": "accounts.forms.LoginForm",
    "add_email": "accounts.forms.AddEmailForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "request_login_code": "accounts.login_codes.RequestForm",
    "confirm_login_code": "accounts.login_codes.ConfirmForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CHANGE_EMAIL = False
# Each may be confirmed, and then signs in; one of them is where our letters go.
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
# Who changes how somebody signs in, is told of by mail (accounts/notices.py).
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Hours that no archive goes out after a recovery of the account (T-08, accounts/recovery.py).
DELIVERY_WAIT_HOURS = env.int("INZAGE_DELIVERY_WAIT_HOURS", default=24)
# A mailed code: 8 of 20 letters, ten minutes, 3 tries; an address gets 3 in ten minutes and 10 in a day (T-13).
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_RATE_LIMITS = {"request_login_code": "20/m/ip,3/10m/key,10/d/key", "confirm_login_code": "3/10m/key", "second_step": "60/d/key"}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "accounts.reset_links.TokenGenerator"  # noqa: S105 - no secret
# Another place to sign in at (accounts/openid).
SOCIALACCOUNT_ADAPTER = "accounts.social.SocialAccountAdapter"
SOCIALACCOUNT_FORMS = {"signup": "accounts.forms.SocialSignupForm", "disconnect": "accounts.forms.DisconnectForm"}
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"provider_class": "accounts.openid.provider.Provider", "APPS": openid_apps()}}
SOCIALACCOUNT_STORE_TOKENS = False
# A second factor (accounts/authenticators.py). Asking again who she is, is the engine's step-up alone (config/urls.py), not allauth's.
MFA_ADAPTER = "accounts.authenticators.AuthenticatorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_REAUTHENTICATION_REQUIRED = False
# Else who has one could not change her address; who never confirmed hers cannot sign in, so adds none (accounts/backends.py).
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Steps of 30 seconds that a phone's clock may be off; each code still works once.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "accounts.authenticators.SignInForm",
    "activate_totp": "accounts.authenticators.ActivateAppForm",
    "add_webauthn": "accounts.passkeys.AddForm",
    "edit_webauthn": "accounts.passkeys.RenameForm",
    "authenticate_webauthn": "accounts.passkeys.SecondStepForm",
    "login_webauthn": "accounts.passkeys.SignInForm",
    "reauthenticate_webauthn": "accounts.passkeys.StepUpForm",
}
USERSESSIONS_TRACK_ACTIVITY = False
# Partners sign our members in (consents/oidc); RFC 9700 throughout, and our own addresses alone (docs/partners.md).
OAUTH2_PROVIDER_APPLICATION_MODEL = "consents.PartnerApplication"
OAUTH2_PROVIDER_GRANT_MODEL = "consents.AuthorizationCode"
OAUTH2_PROVIDER = {
    "OIDC_ENABLED": True,
    "OIDC_ISS_ENDPOINT": SITE,
    "OAUTH2_VALIDATOR_CLASS": "consents.oidc.validator.Validator",
    "OAUTH2_BACKEND_CLASS": "consents.oidc.backend.Backend",
    "SCOPES_BACKEND_CLASS": "consents.oidc.scopes.Scopes",
    "CLIENT_SECRET_HASHER": "partner_secret",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 600,
    "ID_TOKEN_EXPIRE_SECONDS": 300,
    "REFRESH_TOKEN_EXPIRE_SECONDS": 90 * 86400,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    # Without https, as on a machine of one's own, partners may be there too.
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"] if env.bool("INZAGE_HTTPS", default=False) else ["https", "http"],
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_PKCE_REQUIRED": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_MATCHING": True,
}
# Where we call partners (consents/outgoing.py): https on these ports; a partner on this very machine, also without https, in a demo alone.
PARTNER_PORTS = env.list("INZAGE_PARTNER_PORTS", cast=int, default=[443])
PARTNERS_ON_LOOPBACK = env.bool("INZAGE_PARTNERS_ON_LOOPBACK", default=env.bool("INZAGE_DEMO", default=False))
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "privacy:overview"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("INZAGE_HTTPS", default=False)
SECURE_SSL_REDIRECT = env.bool("INZAGE_HTTPS", default=False)
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SSL_REDIRECT else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_SSL_REDIRECT
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "accounts.messages.Storage"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Mail: written to files under VAR until EMAIL_URL names a server.
vars().update(env.email_url("EMAIL_URL", default="filemail://"))
EMAIL_FILE_PATH = VAR / "mail"
# Seconds; a letter is held for two minutes while one worker sends it (privacy/outbox.py).
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = env("INZAGE_FROM", default="Inzage <inzage@platform.example>")

# The worker (config/celery.py). The broker is a hint: privacy.tasks.sweep finds what a lost message forgot.
CELERY_BROKER_URL = env("BROKER_URL", default="filesystem://localhost")
CELERY_BROKER_TRANSPORT_OPTIONS = broker_options(CELERY_BROKER_URL)
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat")
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "privacy.sweep", "schedule": env.float("INZAGE_SWEEP_SECONDS", default=20), "options": {"expires": 20}},
    "nightly": {"task": "privacy.nightly", "schedule": crontab(hour=3, minute=0)},
    "signals": {"task": "consents.bring_all", "schedule": env.float("INZAGE_SWEEP_SECONDS", default=20), "options": {"expires": 20}},
    "transfers": {
        "task": "consents.carry_on_transfers",
        "schedule": env.float("INZAGE_SWEEP_SECONDS", default=20),
        "options": {"expires": 20},
    },
    "old_signals": {"task": "consents.forget_old", "schedule": crontab(hour=3, minute=50)},
    "feedback": {"task": "usage.forget_feedback", "schedule": crontab(hour=3, minute=15)},
    "sessions": {"task": "accounts.clear_sessions", "schedule": crontab(hour=3, minute=30)},
    "misconduct": {"task": "accounts.tell_of_misconduct", "schedule": 300, "options": {"expires": 300}},
    "bans": {"task": "accounts.remind_custodians", "schedule": crontab(day_of_month=1, hour=7, minute=0)},
    "browsers": {"task": "accounts.forget_old", "schedule": crontab(hour=3, minute=40)},
    "photos": {"task": "accounts.clear_photos", "schedule": crontab(hour=3, minute=45)},
    "tokens": {"task": "consents.clear_tokens", "schedule": crontab(hour=3, minute=50)},
    "partners": {"task": "consents.end_partners", "schedule": 30, "options": {"expires": 30}},
    "files": {"task": "usage.collect_files", "schedule": crontab(hour=4, minute=0)},
}

PRIVACY = {
    "CONTROLLER": {
        "name": env("INZAGE_CONTROLLER", default="Platform"),
        "address": env("INZAGE_CONTROLLER_ADDRESS", default="Voorbeeldstraat 1, 1000 Brussel"),
        "email": env("INZAGE_CONTROLLER_EMAIL", default="info@platform.example"),
    },
    "DPO": {"name": _("Data protection officer"), "email": env("INZAGE_DPO_EMAIL", default="dpo@platform.example")},
    "ADDRESSES": "accounts.identity.verified_addresses",
    "ADDRESSES_IN_ARCHIVE": "accounts.identity.addresses_in_archive",
    "PERSON_AT": "accounts.identity.person_at",
    "IS_OF_ACCOUNT": "accounts.identity.is_of_account",
    "LANGUAGE": "accounts.identity.language_of",
    "SESSIONS": "accounts.identity.end_sessions",
    "LAST_SEEN": "accounts.last_seen.last_seen",
    "INACTIVE_MONTHS": {"member": env.int("INZAGE_INACTIVE_MONTHS", default=36)},
    "RENEW_SESSION": "accounts.identity.renew_session",
    "DELIVERY_HELD_UNTIL": "accounts.recovery.held_until",
    "SECOND_FACTOR": "accounts.second_factor.second_factor",
    "BESIDE_REQUEST": "accounts.misconduct.beside.bans_beside",
    "JOINT_CONTROLLERS": "consents.joint_control.joint_controllers",
    "ROLES": {
        "privacy.change_datasubjectrequest": _("data protection officer"),
        "accounts.view_ban": _("custodian of the banned addresses"),
        "consents.change_partner": _("who decides about partners"),
    },
    # A ban has no end, so that the list as a whole is looked at each year (G-40).
    "REVIEWS": {"bans": _("the list of banned addresses")},
    "SITE": SITE,
    "DELIVER": "consents.signals.delivering.deliver",
    "TRUSTED_ISSUERS": env.json("INZAGE_TRUSTED_ISSUERS", default={}),
    "PERMISSIONS_PAGE": "consents:permissions",
    "TRANSFER_PAGE": "transfer:choose",
    "OPEN_TO_HIDDEN": ("account_logout", "set_language", "mfa_reauthenticate_webauthn"),
    "STORE": VAR / "privacy",
    "REPLAY_LEDGER": env("INZAGE_REPLAY_LEDGER", default=None),
    "DEMO": env.bool("INZAGE_DEMO", default=False),
    "COPY": env("INZAGE_COPY", default=""),
    "ERASURE_GRACE_DAYS": env.int("INZAGE_GRACE_DAYS", default=14),
    "ERASURE_PACE": env("INZAGE_ERASURE_PACE", default="gentle"),
    "BACKUP_DAYS": env.int("INZAGE_BACKUP_DAYS", default=30),
    "LEASE_SECONDS": env.int("INZAGE_LEASE_SECONDS", default=60),
    "RESIDUE_PASS_MINUTES": env.int("INZAGE_RESIDUE_MINUTES", default=60),
    "RESIDUE_PAUSE": env.float("INZAGE_RESIDUE_PAUSE", default=1),
    "RESIDUE_PLACES": {"broker": VAR / "broker", "outbox": EMAIL_FILE_PATH, "log": VAR / "*.log"},
    # These files stand in for her own mailbox.
    "RESIDUE_LISTED": ("outbox",),
}
# The oldest first; a new one goes last, and `manage.py rotate_ban_key` makes the list anew under it (docs/bans.md).
BAN_KEYS = env.json("INZAGE_BAN_KEYS", default={}) or {"1": secret("ban_key")}
# The public key of who may read banned addresses; its other half is on none of our machines.
CUSTODIAN_KEY = env("INZAGE_CUSTODIAN_KEY", default="")
# Seal the secrets of authenticator apps and recovery codes; the newest first, the older ones still open what they sealed.
AUTHENTICATOR_KEYS = [secret("authenticator_key")]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "config.logs.WithoutValues"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env("INZAGE_LOG_LEVEL", default="WARNING")},
}
