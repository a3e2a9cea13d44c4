"""A table that a test adds to the project's, for its own duration."""

from contextlib import contextmanager

from django.apps.registry import Apps
from django.db import connection, models

from accounts.models import Member
from privacy.datamap import DataMap, not_personal, registry
from privacy.datamap.maps import Registry
from usage.personal_data import USAGE

from .shapes import create_tables


def key_to(target=Member, **options):
    return models.ForeignKey(target, **{"on_delete": models.PROTECT, "null": True, "related_name": "+"} | options)


def make_table(name: str, /, **fields) -> type[models.Model]:
    """A model that only the test knows, with its table; the project's apps do not see it."""
    meta = type("Meta", (), {"app_label": "beside", "apps": Apps(())})
    model = type(name, (models.Model,), {"__module__": __name__, "Meta": meta, **fields})
    check_now()
    create_tables(model)
    return model


def check_now():
    """PostgreSQL makes no key to a table in which rows still wait for their check."""
    if connection.vendor == "postgresql":
        connection.check_constraints()


@contextmanager
def declared(model, row, /, **lines):
    """In the project's data map, with a line for `id`."""
    body = {"id": not_personal("row number"), **lines}
    data_map = type(f"{model.__name__}Map", (DataMap,), body, model=model, activity=USAGE, row=row, into=Registry())
    with registry.replaced(data_map):
        yield data_map
