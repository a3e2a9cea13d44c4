"""Models of every shape, made where a test needs them, with a data map of their own that the project never sees."""

import uuid
from dataclasses import dataclass

from django.apps.registry import Apps
from django.db import connection, models
from django.db.models import F, Value
from django.db.models.functions import Concat

from privacy.datamap import Activity, DataMap, LawfulBasis, not_personal, person
from privacy.datamap import registry as the_projects
from privacy.datamap.checks import STATIC, probe
from privacy.datamap.maps import Registry
from privacy.datamap.treatments import Treatment
from privacy.subjects import UsableManager

CONTRACT = Activity(slug="shapes", purpose="Try shapes", lawful_bases=(LawfulBasis.CONTRACT,))
CONSENT = Activity(slug="consented", purpose="Try shapes", lawful_bases=(LawfulBasis.CONSENT,))


@dataclass(frozen=True)
class Longer(Treatment):
    """A host's own, and wrong: it changes more each time."""

    def expression(self, field):
        return Concat(F(field.name), Value("+"))


class Shapes:
    """`Person` is the one root; every model that is made next has an id and a key to it, and is checked."""

    def __init__(self):
        self.apps, self.registry, self.models = Apps(()), Registry(), []
        self.registry.matchers = the_projects.matchers
        self.Person = self._make("Person", {})
        self.registry.roots[self.Person] = "person"

    def model(self, name="Letter", /, *, meta=None, bases=(models.Model,), **fields):
        standard = {"person": self.to_person(), "objects": UsableManager()}
        model = self._make(name, {**standard, **fields}, meta or {}, bases)
        self.models.append(model)
        return model

    def plain(self, name="Thing", /, *, meta=None, **fields):
        """A model with no key to a person."""
        return self.model(name, meta=meta, **{"person": None, "objects": models.Manager()} | fields)

    def random(self, name="Score", /, **fields):
        """A model whose key says nothing."""
        return self.model(name, id=models.UUIDField(primary_key=True, default=uuid.uuid4), **fields)

    def _make(self, name, fields, meta=None, bases=(models.Model,)):
        options = type("Meta", (), {"app_label": "shapes", "apps": self.apps, **(meta or {})})
        given = {field: value for field, value in fields.items() if value is not None}
        return type(name, bases, {"__module__": __name__, "Meta": options, **given})

    def to_person(self, **options):
        return models.ForeignKey(self.Person, **{"on_delete": models.PROTECT, "null": True, "related_name": "+"} | options)

    def declare(self, model, row, /, *, activity=CONTRACT, examples=None, arrives=(), stays="a shape of a test", **lines):
        """A map with lines for `id` and, where there is one, `person`; None leaves a line out."""
        columns = {field.name for field in model._meta.local_concrete_fields}
        usual = {"id": not_personal("row number"), "person": person()}
        written = {name: line for name, line in usual.items() if name in columns} | lines
        body = {name: line for name, line in written.items() if line is not None} | {"examples": examples or {}}
        options = {"activity": activity, "row": row, "arrives": arrives, "stays": "" if arrives else stays}
        return type(f"{model.__name__}Map", (DataMap,), body, model=model, **options, into=self.registry)

    def messages(self):
        return [message for check in STATIC for message in check(self.models, self.registry)]

    def faults(self) -> set[str]:
        """Numbers of the checks that fail without a database: {"E004"}."""
        return {message.id.removeprefix("privacy.") for message in self.messages()}

    def make_tables(self, *others):
        create_tables(self.Person, *self.models, *others)

    def probed(self) -> list[str]:
        """What the probe says, as "E010 sentence"; the tables are made for it."""
        self.make_tables()
        found = probe.check(self.models, self.registry, "default")
        return [f"{message.id.removeprefix('privacy.')} {message.msg}" for message in found]


def create_tables(*models):
    """In the test's own transaction, which SQLite's schema editor refuses to work in."""
    editor = connection.schema_editor(collect_sql=True)
    editor.deferred_sql = []
    for model in models:
        editor.create_model(model)
    with connection.cursor() as cursor:
        for statement in [*editor.collected_sql, *map(str, editor.deferred_sql)]:
            cursor.execute(statement)
