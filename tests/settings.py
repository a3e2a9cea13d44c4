"""The product's own settings, with every path in a temporary folder and passwords that hash fast."""

import atexit
import os
import shutil
import tempfile

# A developer's own INZAGE_* and mail must not colour a result; the database is chosen by DATABASE_URL alone.
for name in list(os.environ):
    if (name.startswith("INZAGE_") and not name.startswith("INZAGE_TEST")) or name in {"EMAIL_URL", "BROKER_URL"}:
        del os.environ[name]
# Every process has its own, so that xdist's workers do not meet.
os.environ["INZAGE_VAR"] = tempfile.mkdtemp(prefix="inzage-tests-")
atexit.register(shutil.rmtree, os.environ["INZAGE_VAR"], ignore_errors=True)

from config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS[1:]]  # noqa: F405
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STATIC_ROOT.mkdir()  # noqa: F405 - whitenoise warns of a folder that is not there
# Nobody else to wait for.
PRIVACY = {**PRIVACY, "RESIDUE_PASS_MINUTES": 0, "RESIDUE_PAUSE": 0}  # noqa: F405
