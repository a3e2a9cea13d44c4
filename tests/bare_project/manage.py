"""A library's whole project: its own readers and loans, and the engine."""

import sys

from django.conf import settings
from django.core.management import execute_from_command_line

settings.configure(
    SECRET_KEY="only for a test",
    INSTALLED_APPS=[
        "django.contrib.contenttypes",
        "django.contrib.auth",
        "django.contrib.messages",
        "django.contrib.staticfiles",
        "django_htmx",
        "privacy",
        "library",
    ],
    AUTH_USER_MODEL="library.Reader",
    MIDDLEWARE=[
        "privacy.middleware.RestoredDatabaseMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django_htmx.middleware.HtmxMiddleware",
        "privacy.middleware.HiddenPersonMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ],
            },
        },
    ],
    ROOT_URLCONF="library.urls",
    SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
    MESSAGE_STORAGE="django.contrib.messages.storage.session.SessionStorage",
    STATIC_URL="static/",
    ALLOWED_HOSTS=["testserver"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "library.sqlite3"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    PRIVACY={
        "STORE": "store",
        "ADDRESSES": "library.demonstration.addresses",
        "CONTROLLER": {"name": "Library", "address": "Kaai 1, 9000 Gent", "email": "info@library.example"},
        "DPO": {"name": "Daan", "email": "dpo@library.example"},
    },
)

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
