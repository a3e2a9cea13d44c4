"""Certificates as they should be and as nobody should send them: a small writer apart from the product's own."""

import hashlib
import json

from privacy.verify import jose

from .signed_archives import ISSUER, KEY

FORMAT = "inzage-certificate"
SAID = {
    "format": FORMAT,
    "version": 1,
    "issuer": ISSUER,
    "made_at": "2026-12-12T10:00:00+00:00",
    "number": "ABCDEFGHJK",
    "reference": "6f1c7a52-2f4e-4c1b-9a3f-1d2e3f4a5b6c",
    "language": "en",
    "map_version": "1f" * 32,
    "controller": {"name": "Plättform", "address": "Voorbeeldstraat 1, 1000 Brussel", "email": "info@platform.example"},
    "dpo": {"name": "Officer", "email": "dpo@platform.example"},
    "moments": {"asked": "2026-11-28T09:00:00+00:00", "hidden": "2026-11-28T09:00:01+00:00", "erased": "2026-12-12T09:41:00+00:00"},
    "treated": [
        {"record": "usage.Search", "title": "searches", "fate": "counted", "outcome": "removed", "reason": "", "rows": 1200},
        {"record": "usage.Score", "title": "scores", "fate": "anonymised", "outcome": "kept without you", "reason": "average", "rows": 34},
    ],
    "kept": [
        {
            "record": "privacy.TrailEntry",
            "title": "trail entries",
            "fate": "kept",
            "ground": "accountability",
            "until": "5 years after the answer",
            "reason": "showing that we kept the rules",
            "rows": 7,
        }
    ],
    "files_removed": 2,
    "held": [],
    "scan": {"at": "2026-12-12T09:50:00+00:00", "places": 40, "rows": 5000, "remains": 0, "listed": 3, "names": 2},
    "recipients": [{"name": "Edupartner", "state": "delivered", "outcome": "delivered"}],
    "backups": {"days": 30, "end_on": "2027-01-11"},
}
HELD = {
    "record": "usage.Message",
    "title": "messages",
    "ground": "legal_claims",
    "reason": "legal claims",
    "until": "2027-05-12",
    "review_on": "2027-02-01",
    "rows": 1,
}


def spelled(value) -> bytes:
    """RFC 8785, for values such as these."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digested(said=SAID, **changed) -> dict:
    """With its digests, without a signature."""
    said = {**said, **changed}
    return {**said, "digests": {name: hashlib.sha256(spelled(value)).hexdigest() for name, value in said.items()}}


def certificate(key=KEY, *, in_name_of=ISSUER, kind=FORMAT, **changed) -> dict:
    made = digested(**changed)
    return {**made, "signature": jose.sign(spelled(made["digests"]), key, in_name_of, kind=kind)}


def written(document) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def good() -> bytes:
    return written(certificate())


def tampered() -> bytes:
    """One count and one moment were changed afterwards."""
    made = certificate()
    return written({**made, "files_removed": 0, "moments": {**made["moments"], "erased": "2026-12-01T00:00:00+00:00"}})
