"""What one installation says of itself, in environment variables (INZAGE_*, DATABASE_URL, BROKER_URL, EMAIL_URL)."""

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()

# Everything this installation writes beside its database: keys, archives, broker, mail, uploads.
VAR = Path(env("INZAGE_VAR", default=BASE_DIR / "var")).resolve()
VAR.mkdir(parents=True, exist_ok=True, mode=0o700)

# SQLite beside a worker: without these four every second erasure met "database is locked" (docs/decisions.md 6).
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;",
}


def database() -> dict:
    """The database of DATABASE_URL, or SQLite under VAR."""
    config = env.db_url("DATABASE_URL", default=f"sqlite:///{VAR / 'inzage.sqlite3'}")
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = SQLITE_OPTIONS
        config["TEST"] = {"NAME": env("INZAGE_TEST_DB", default=None)}
    return config


def secret(name: str) -> str:
    """The secret in INZAGE_<NAME>; without one, a random secret kept in VAR (mode 0600), so that a demo needs no setting up."""
    given = env(f"INZAGE_{name.upper()}", default="")
    if given:
        return given
    kept = VAR / name
    if not kept.exists():
        _keep(kept, secrets.token_urlsafe(50))
    return kept.read_text()


def _keep(path: Path, text: str) -> None:
    """Whole or not at all; of two processes that start first at the same time, one text stays (test_two_processes_share_one_secret)."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    draft.touch(mode=0o600)
    draft.write_text(text)
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


def openid_apps() -> list[dict]:
    """The OpenID provider that members may sign in at, in allauth's words; none without INZAGE_OIDC_ISSUER.

    Its id comes of the issuer: who is "7" at one provider is somebody else at the next (OpenID Connect Core 1.0, 5.7).
    """
    issuer = env("INZAGE_OIDC_ISSUER", default="")
    if not issuer:
        return []
    if not _is_safe(urlsplit(issuer)):
        raise ImproperlyConfigured("INZAGE_OIDC_ISSUER is not an https address.")
    return [
        {
            "provider_id": re.sub(r"[^a-z0-9]+", "-", issuer.lower().partition("://")[2]).strip("-"),
            "name": env("INZAGE_OIDC_NAME"),
            "client_id": env("INZAGE_OIDC_CLIENT_ID"),
            "secret": env("INZAGE_OIDC_SECRET"),
            "settings": {"server_url": issuer},
        }
    ]


def _is_safe(address) -> bool:
    """Who listens in between could say who somebody is; on this machine itself nobody does."""
    return address.scheme == "https" or (address.scheme == "http" and address.hostname in {"127.0.0.1", "localhost"})


def broker_options(url: str) -> dict:
    """Celery's options for a broker; the embedded one (config/broker.py) keeps its messages in folders under VAR.

    One try and no more: a page does not wait for a dead broker, since the sweep finds what no message told (kombu's own rule: 6 seconds).
    """
    if not url.startswith("filesystem://"):
        return {"max_retries": 0}
    queue, control = VAR / "broker" / "queue", VAR / "broker" / "control"
    for folder in (queue, control):
        folder.mkdir(parents=True, exist_ok=True)
    # Seconds between looks; a worker takes one message per look, and kombu's own second would be all it does.
    return {"data_folder_in": str(queue), "data_folder_out": str(queue), "control_folder": str(control), "polling_interval": 0.1}
