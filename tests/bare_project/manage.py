"""A library's whole project: its own readers and loans, and the engine."""

import sys

from django.conf import settings
from django.core.management import execute_from_command_line

settings.configure(
    SECRET_KEY="only for a test",
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "privacy", "library"],
    AUTH_USER_MODEL="library.Reader",
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
