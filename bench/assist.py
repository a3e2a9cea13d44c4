"""django-gdpr-assist on our tables, in an environment of its own: `python -m bench.assist ACT ADDRESS MEMBER WARM_UP`.

It exports what somebody has searched for and ticked in the admin site: a CSV per model, every column through str(). It erases by
anonymising those rows one by one, with two rows of account for each. This is a project of no more than that, whose models are read off the
tables; nothing of Inzage is imported.
"""

import csv
import io
import json
import sys
import time
import zipfile
from functools import reduce
from operator import or_
from urllib.parse import parse_qs, urlsplit

import django
from django.conf import settings
from django.db import connection
from django.db.models import DO_NOTHING, ForeignKey, Model, Q, TextField

from . import memory

# Table -> where it says whose a row is.
TABLES = {
    "accounts_member": ["id"],
    "account_emailaddress": ["user_id"],
    "usage_resourceview": ["member_id"],
    "usage_download": ["member_id"],
    "usage_search": ["member_id"],
    "usage_signin": ["member_id"],
    "usage_follow": ["follower_id", "followed_id"],
    "usage_score": ["member_id"],
    "usage_folder": ["member_id"],
    "usage_favourite": ["folder__member_id"],
    "usage_message": ["sender_id", "recipient_id"],
    "usage_comment": ["author_id"],
    "usage_publication": ["author_id"],
}
# Table -> columns that it empties: both ends of a message, since it knows no single one. Rows of other tables cannot lose their person, and
# go.
ANONYMISED = {
    "usage_score": ["member"],
    "usage_favourite": ["folder", "note"],
    "usage_message": ["sender", "recipient"],
    "usage_comment": ["author", "shown_name"],
    "usage_publication": ["author", "shown_name", "town"],
    "accounts_member": ["first_name", "last_name", "town", "about_me"],
}
# Favourites lose their folder before it goes, the member's own row is the last.
ERASED_LAST = ["usage_folder", "accounts_member"]
# What rows of these point at.
OTHERS = ["usage_resource"]


def main(act: str, address: str, person: str, warm_up: str) -> None:
    """Prints seconds, and the peak of memory over the package at rest."""
    configure(address)
    from django.core.management import call_command

    call_command("migrate", "gdpr_assist", verbosity=0)
    models, do = registered(), {"export": export, "erase": erase}[act]
    do(models, warm_up)
    idle, begin = memory.peak_from_now(), time.perf_counter()
    do(models, person)
    seconds = time.perf_counter() - begin
    print(json.dumps({"seconds": seconds, "peak_mib": (memory.peak() - idle) / memory.KIB_PER_MIB}))


def configure(address: str) -> None:
    parts = urlsplit(address)
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path[1:],
        "USER": parts.username or "",
        "PASSWORD": parts.password or "",
        "HOST": parts.hostname or parse_qs(parts.query).get("host", [""])[0],
        "PORT": parts.port or "",
    }
    settings.configure(DATABASES={"default": database}, INSTALLED_APPS=["django.contrib.contenttypes", "gdpr_assist"], USE_TZ=True)
    django.setup()


def registered() -> dict:
    """A model per table. Keys between these tables are foreign keys; what else a column is makes no difference to str()."""
    with connection.cursor() as cursor:
        return {table: _model(cursor, table) for table in [*TABLES, *OTHERS]}


def _model(cursor, table):
    """It registers itself by its `PrivacyMeta`."""
    relations = connection.introspection.get_relations(cursor, table)
    names = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    fields = dict(_field(name, relations.get(name)) for name in names)
    meta = type("Meta", (), {"app_label": "tables", "db_table": table, "managed": False})
    privacy_meta = type("PrivacyMeta", (), {"fields": ANONYMISED.get(table, [])})
    return type(table, (Model,), {"__module__": __name__, "Meta": meta, "PrivacyMeta": privacy_meta, **fields})


def _field(name, relation):
    other = relation[1] if relation else None
    if other in {*TABLES, *OTHERS}:
        return name.removesuffix("_id"), ForeignKey(f"tables.{other}", DO_NOTHING, null=True, related_name="+")
    return name, TextField(primary_key=name == "id", null=name != "id", blank=True)


def export(models: dict, member: str) -> bytes:
    """As `PersonalDataAdmin.handle_export` does it once the rows were found."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for table, columns in TABLES.items():
            rows = models[table].objects.filter(_hers(columns, member))
            if rows.exists():
                file.writestr(models[table]._privacy_meta.get_export_filename(), _sheet(models[table]._privacy_meta, rows))
    return packed.getvalue()


def erase(models: dict, member: str) -> None:
    """`anonymise()` of its querysets where rows can stay, their `delete()` elsewhere."""
    for table in [*(table for table in TABLES if table not in ERASED_LAST), *ERASED_LAST]:
        rows = models[table].objects.filter(_hers(TABLES[table], member))
        rows.anonymise() if table in ANONYMISED else rows.delete()


def _hers(columns, member):
    return reduce(or_, (Q(**{column: member}) for column in columns))


def _sheet(meta, rows) -> str:
    text, writer = io.StringIO(), None
    for row in rows:
        said = meta.export(row)
        if not writer:
            writer = csv.DictWriter(text, fieldnames=list(said))
            writer.writeheader()
        writer.writerow(said)
    return text.getvalue()


if __name__ == "__main__":
    main(*sys.argv[1:])
