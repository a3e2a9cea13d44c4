"""Indexes for the search of material; PostgreSQL alone can make them (usage/search.py)."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import migrations

CONFIG = "dutch"
INDEXES = {
    "Resource": GinIndex(SearchVector("title", "subject_taught", "tags", config=CONFIG), name="usage_resource_words"),
    "Publication": GinIndex(SearchVector("description", "shown_name", config=CONFIG), name="usage_publication_words"),
}


def add(apps, editor):
    for model, index in INDEXES.items():
        if editor.connection.vendor == "postgresql":
            editor.add_index(apps.get_model("usage", model), index)


def remove(apps, editor):
    for model, index in INDEXES.items():
        if editor.connection.vendor == "postgresql":
            editor.remove_index(apps.get_model("usage", model), index)


class Migration(migrations.Migration):
    dependencies = [("usage", "0003_conversations")]

    operations = [migrations.RunPython(add, remove)]
