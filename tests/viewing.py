"""An unpacked archive as the reading page finds it: a folder of An's, small, believable and complete."""

import json
from collections import deque
from pathlib import Path

from privacy.rights.contents import SHOWN_BYTES, SHOWN_ROWS
from privacy.rights.newest import Newest
from privacy.rights.viewer import pages, shard, titles

from .makers import make_picture

ROLES = {
    "id": "not_personal",
    "member": "person",
    "sender": "person",
    "recipient": "person",
    "ip_address": "observed",
    "viewed_at": "observed",
}


def column(name, label, *, role="", codes=None, references=None, description=""):
    return {
        "name": name,
        "label": label,
        "description": description or f"{label}, zoals het er staat.",
        "role": role or ROLES.get(name, "provided"),
        "bases": ["contract"],
        "portable": True,
        "codes": codes,
        "references": references,
    }


def part(record, title, columns, rows, *, moment="", activity="usage", masked=(), left_out=(), expected=None):
    name = record.lower().replace(".", "_")
    return {
        "record": record,
        "title": title,
        "file": f"data/{name}.json" if rows else None,
        "schema": f"schema/{name}.json" if rows else None,
        "csv": f"csv/{name}.csv" if rows else None,
        "expected": expected or len(rows),
        "rows": expected or len(rows),
        "bytes": 1234,
        "sha256": "0" * 64,
        "as_of": "2026-11-28T10:00:00.000000Z",
        "moment": moment,
        "activity": activity,
        "purpose": "de functies van het platform bieden",
        "bases": ["contract"],
        "source": "de persoon",
        "portable": True,
        "after_erasure": "verdwijnt",
        "columns": columns,
        "left_out": list(left_out),
        "masked": list(masked),
    }


def activity(slug, title, purpose, **facts):
    return {
        "slug": slug,
        "title": title,
        "purpose": purpose,
        "bases": {"contract": "overeenkomst", "legitimate_interests": "gerechtvaardigd belang"},
        "persons": "leden",
        "recipients": [],
        "retention": "tot het lid vraagt om te wissen",
        "source": "de persoon",
        "transfers": "niet buiten de Europese Economische Ruimte",
    } | facts


def views(count):
    return [
        {
            "id": number,
            "member": 7,
            "resource": 17 + number % 3,
            "viewed_at": f"2026-{1 + number % 11:02}-{1 + number % 28:02}T{number % 24:02}:30:00.000000Z",
            "ip_address": f"192.0.2.{number % 250}",
        }
        for number in range(1, count + 1)
    ]


SUBJECT = "5f9c2c1e-0d0a-4a4e-9f3a-3a1d2b7c8e11"
MEMBER = {
    "id": 7,
    "email": "an.peeters@school.example",
    "first_name": "An",
    "last_name": "Peeters",
    "gender": "f",
    "birth_date": "1985-04-12",
    "town": "9000 Gent",
    "website": "https://an.example/",
    "photo": "photos/7.jpg",
    "wants_mail": True,
    "about_me": "Ik deel graag lesmateriaal. Vraag me alles over breuken.",
    "number": 9007199254740993,
}
MESSAGES = [
    {"id": 1, "sender": 7, "recipient": None, "text": "Heb je die oefening over breuken nog?", "sent_at": "2026-03-01T12:00:00.000000Z"},
    {"id": 2, "sender": None, "recipient": 7, "text": "Zeker, ik stuur ze door.\nGroeten, Bo", "sent_at": "2026-03-02T08:15:00.000000Z"},
]
RESOURCES = [(17, "Breuken"), (18, "Hé, de Romeinen: één verhaal"), (19, "Fotosynthese in de klas")]
MASKED_REASON = "Het leidt naar iemand anders, en ook die heeft rechten (art. 15, lid 4)."


def member_part(row):
    labels = {name: name.replace("_", " ") for name in row} | {"email": "e-mailadres", "photo": "foto", "gender": "geslacht"}
    columns = [column(name, label, codes={"f": "vrouw", "m": "man"} if name == "gender" else None) for name, label in labels.items()]
    secret = {"column": "password", "label": "wachtwoord", "reason": "geheim"}
    return part("accounts.Member", "profiel", columns, [row], activity="accounts", left_out=[secret])


def parts(tables, expected=None):
    """The manifest's parts of these rows."""
    view = [column("id", "nummer"), column("member", "lid"), column("resource", "materiaal", role="observed", references="usage_resource")]
    view += [column("viewed_at", "wanneer"), column("ip_address", "IP-adres")]
    message = [
        column("id", "nummer"),
        column("sender", "van"),
        column("recipient", "aan"),
        column("text", "bericht"),
        column("sent_at", "verstuurd"),
    ]
    masked = [{"column": name, "count": 1, "reason": MASKED_REASON} for name in ("sender", "recipient")]
    folder = [column("id", "nummer"), column("member", "lid"), column("name", "naam")]
    kept = [column("id", "nummer"), column("folder", "map", role="person", references="usage_folder")]
    kept += [column("fields", "velden", role="observed"), column("done_by", "gedaan door", role="observed")]
    few = [
        part("usage.Folder", "mappen", folder, tables.get("usage_folder", [])),
        part("usage.Favourite", "favorieten", kept, tables.get("usage_favourite", [])),
    ]
    return [
        *(each for each in few if each["rows"]),
        member_part(tables["accounts_member"][0]),
        part("usage.Message", "berichten", message, tables["usage_message"], moment="sent_at", masked=masked),
        part("usage.ResourceView", "bekeken materiaal", view, tables["usage_resourceview"], moment="viewed_at", expected=expected),
        part("usage.Score", "scores", view[:3], []),
    ]


def manifest_of(tables, *, language="nl", expected=None):
    found = parts(tables, expected)
    return {
        "format": "inzage-archive",
        "version": 2,
        "issuer": "https://klascement.example",
        "scope": {"kind": "everything", "activity": None, "since": None, "until": None},
        "subject": SUBJECT,
        "made_at": "2026-11-28T10:00:00.000000Z",
        "language": language,
        "controller": {"name": "KlasCement", "address": "Koning Albert II-laan 15, 1210 Brussel", "email": "info@klascement.example"},
        "dpo": {"name": "Daan Maes", "email": "dpo@klascement.example"},
        "authority": {
            "name": "Gegevensbeschermingsautoriteit (GBA)",
            "address": "Drukpersstraat 35, 1000 Brussel",
            "email": "contact@apd-gba.be",
        },
        "rights": [{"right": right, "label": right} for right in ("inzage", "overdraagbaarheid", "rectificatie", "wissing", "klacht")],
        "recipients": [
            {
                "key": 1,
                "name": "Edupartner",
                "kind": "partner",
                "contact": "privacy@edupartner.example",
                "privacy_url": "https://edupartner.example/privacy",
                "first_at": "2025-09-01T07:41:00.000000Z",
                "last_at": "2026-10-02T15:20:00.000000Z",
                "attributes": ["email", "first_name"],
                "labels": ["e-mailadres", "voornaam"],
            }
        ],
        "activities": [
            activity("accounts", "Je account", "leden een account geven"),
            activity("usage", "Wat je hier doet", "de functies van het platform bieden", recipients=["uitgevers"]),
        ],
        "held_elsewhere": [{"name": "weblog", "what": "wie welke pagina vroeg, 30 dagen lang", "activity": "usage"}],
        "rows": sum(each["rows"] for each in found),
        "parts": found,
        "references": [
            {
                "part": "usage_resource",
                "record": "usage.Resource",
                "title": "materiaal",
                "file": "references/usage_resource.json",
                "rows": 3,
            }
        ],
        "stored_files": [
            {
                "file": "files/accounts_member/1-photo.jpg",
                "record": "accounts.Member",
                "column": "photo",
                "key": 7,
                "stored_as": "photos/7.jpg",
            }
        ],
        "files": [{"name": "formats/favourites.html", "bytes": 10, "sha256": "0" * 64, "rows": None}],
    }


def processing_of(manifest):
    decided = {"decisions": "geen: hier beslist geen machine over jou", "derived": ["province"]}
    told = {"retention": ["tot het lid vraagt om te wissen", "IP-adres: 90 dagen"], "automated_decisions": decided}
    return {"categories": [{"record": each["record"], **told} for each in manifest["parts"]]}


def tables_of_an(member=MEMBER, messages=MESSAGES, viewed=120):
    return {"accounts_member": [member], "usage_message": messages, "usage_resourceview": views(viewed)}


def lines_of(rows) -> list[bytes]:
    return [json.dumps(row, ensure_ascii=False).encode() for row in rows]


def shown(rows, moment) -> list[bytes]:
    """Those that an archive puts on the page."""
    latest = Newest(moment, rows=SHOWN_ROWS, size=SHOWN_BYTES)
    deque(latest.watched(line + b"\n" for line in lines_of(rows)), maxlen=0)
    return latest.lines()


def write_folder(folder: Path, tables=None, *, resources=RESOURCES, **options) -> Path:
    """Everything the page reads; returns index.html."""
    tables = tables or tables_of_an()
    manifest = manifest_of(tables, **options)
    written = dict(pages(manifest, processing_of(manifest), {}))
    for each in manifest["parts"]:
        name = each["record"].lower().replace(".", "_")
        if each["file"]:
            written[f"viewer/data/{name}.js"] = b"".join(shard(name, shown(tables[name], each["moment"])))
    known = [{"key": key, "title": title} for key, title in resources]
    written["viewer/data/references.js"] = b"".join(titles("usage_resource", {row["key"]: row["title"] for row in known}))
    written["files/accounts_member/1-photo.jpg"] = make_picture(kind="JPEG")
    for name, content in written.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder / "index.html"
