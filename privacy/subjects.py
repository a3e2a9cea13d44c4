"""A data subject is a row, and every row that concerns one is found through the data map."""

import uuid
from collections.abc import Callable

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.db.models.lookups import In
from django.db.models.signals import pre_delete, pre_save
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from . import restricted
from .conf import hook
from .datamap.lines import Line
from .datamap.maps import DataMap, registry
from .errors import ErasureOnly
from .guard import GuardedQuerySet
from .restricted import last_model

# Kind of who writes to us without an account: no row of the host's stands for her, so nothing of ours reaches anything through her.
CORRESPONDENT = "correspondent"


class SubjectQuerySet(models.QuerySet):
    def hidden(self):
        return self.filter(hidden_at__isnull=False)

    def restricted(self):
        return self.filter(restricted_at__isnull=False)


class Subject(models.Model):
    """Whom data are about. What outlives the person names `ref` without a foreign key; once this row is gone, the ref opens nothing."""

    ref = models.UUIDField(
        _("reference"), primary_key=True, default=uuid.uuid4, editable=False, help_text=_("Random; says nothing by itself.")
    )
    kind = models.CharField(_("kind"), max_length=30, help_text=_("Which kind of person: a member, a pupil, a visitor."))
    created_at = models.DateTimeField(_("known since"), auto_now_add=True, help_text=_("When we first held data of this person."))
    hidden_at = models.DateTimeField(
        _("hidden since"), null=True, blank=True, help_text=_("Set when the person asked for erasure: from then on nobody sees them.")
    )

    restricted_at = models.DateTimeField(
        _("restricted since"), null=True, blank=True, help_text=_("Since when we only keep data, for at least one use of them.")
    )
    restricted_uses = models.TextField(
        _("uses that are on hold"), blank=True, help_text=_("Which uses of data are on hold, as codes; an asterisk for all.")
    )

    objects = SubjectQuerySet.as_manager()

    # Of who has no account: the addresses that answered our mail, known to the act at hand alone and stored nowhere.
    answered_from: tuple[str, ...] = ()

    class Meta:
        verbose_name = _("data subject")
        verbose_name_plural = _("data subjects")
        # Few people are: whoever asks whether anybody is reads next to nothing.
        indexes = [models.Index(fields=["restricted_at"], condition=~Q(restricted_at=None), name="privacy_subject_restricted")]

    def __str__(self):
        return str(self.ref)

    def restricts(self, use: str) -> bool:
        """Whether her data may only be kept, for this use (the slug of an activity); as this row was when it was read."""
        return restricted.covers(self.restricted_uses, use)

    def is_usable_for(self, *uses: str) -> bool:
        return self.hidden_at is None and not any(self.restricts(use) for use in uses)

    @cached_property
    def root(self) -> models.Model:
        """The row that stands for the person in the host: a member, a pupil."""
        return registry.root_of(self.kind)._base_manager.get(subject=self)

    @property
    def has_root(self) -> bool:
        """False for who wrote to us without an account: nothing of the host's leads to her."""
        return self.kind in registry.roots.values()

    def key_of(self, model) -> object | None:
        """This person's key in a root table, or None where the root is another kind of person."""
        if model is Subject:
            return self.pk
        return self.root.pk if registry.roots.get(model) == self.kind else None


def subject_root(model, *, kind: str) -> None:
    """`model` has one row per person, linked one to one to Subject; the link is made with the row's first save.

    Such a row goes by an erasure alone, which never calls `delete()`: whoever does is refused (ErasureOnly), the admin site too.
    """
    registry.roots[model] = kind
    pre_save.connect(_give_subject, sender=model, dispatch_uid=f"privacy.root.{model._meta.label}")
    for people in (model, Subject):
        pre_delete.connect(_refuse_second_path, sender=people, dispatch_uid=f"privacy.one_path.{people._meta.label}")


def _give_subject(sender, instance, raw=False, **kwargs):
    if instance.subject_id is None and not raw:
        instance.subject = Subject.objects.create(kind=registry.roots[sender])


def _refuse_second_path(sender, **kwargs):
    raise ErasureOnly


def matcher(name: str, *, for_anyone: bool = False):
    """Register a way for `person(by=name)` to find a person's rows by a value: a function of (subject, column) that gives a condition.

    `for_anyone`: of the subject it uses nothing but the reference and itself in a condition, so that it is worked out once for everybody.
    """

    def register(function: Callable[[Subject, str], Q]):
        registry.matchers[name] = function
        (registry.for_anyone.add if for_anyone else registry.for_anyone.discard)(name)
        return function

    return register


NOTHING = Q(pk__in=[])


def addresses_of(subject: Subject) -> list[str]:
    """Those that the host knows to be hers; without an account those that answered our mail in this act."""
    return hook("ADDRESSES")(subject) if subject.has_root else list(subject.answered_from)


@matcher("email")
def _by_verified_address(subject, column):
    """Only addresses that this person verified, however a row spells them; an index on Lower(column) serves it."""
    addresses = [address.lower() for address in addresses_of(subject)]
    return Q(In(Lower(F(column)), addresses)) if addresses else NOTHING


@matcher("subject_ref", for_anyone=True)
def _by_reference(subject, column):
    return Q(**{column: subject.ref})


def condition(data_map: type[DataMap], line: Line, subject: Subject) -> Q:
    """The rows that this `person` line ties to this person."""
    path = line.via or line.name
    if line.by:
        return registry.matchers[line.by](subject, path)
    key = subject.key_of(last_model(data_map.model, path))
    return NOTHING if key is None else _leading_to(data_map.model, path, key)


def _leading_to(model, path: str, key) -> Q:
    """Subqueries instead of joins: a statement that changes rows of a join has to look up each of them twice."""
    name, _dots, rest = path.partition("__")
    if not rest:
        return Q(**{name: key})
    related = model._meta.get_field(name).related_model
    return Q(**{f"{name}__in": related._base_manager.filter(_leading_to(related, rest, key))})


def path_to_ref(data_map: type[DataMap], line: Line) -> str:
    """From a row to the reference of the person whom this line names; empty where she is found by a value, such as an address."""
    path = line.via or line.name
    if line.by:
        return path if line.by == "subject_ref" else ""
    return path if last_model(data_map.model, path) is Subject else f"{path}__subject"


def rows_concerning(data_map: type[DataMap], subject: Subject) -> models.QuerySet:
    """Every row of this table that concerns this person, hidden or not."""
    concerned = Q(NOTHING)
    for line in data_map.person_lines():
        concerned |= condition(data_map, line, subject)
    return data_map.model._base_manager.filter(concerned)


def hidden_condition(data_map: type[DataMap]) -> Q:
    """Rows of people who are hidden; only keys and paths lead there."""
    hidden = Q(NOTHING)
    for _line, path in restricted.ways(data_map):
        hidden |= Q(**{f"{path}hidden_at__isnull": False})
    return hidden


def unusable_condition(data_map: type[DataMap]) -> Q:
    """Rows of people who are hidden, or of whom this use is restricted: no page, no search and no count of ours has them."""
    return hidden_condition(data_map) | restricted.rows_restricted(data_map)


def usable(path: str, *uses: str) -> Q:
    """Of rows from which `path` ("author__subject__") leads to a person: she is not hidden, and none of these uses is restricted."""
    found = Q(**{f"{path}hidden_at__isnull": True})
    for use in uses:
        found &= Q(**{f"{path}restricted_at__isnull": True}) | ~restricted.stopping(path, use)
    return found


class UsableManager(models.Manager.from_queryset(GuardedQuerySet)):
    """The default manager of a model with a `person` line: leaves out rows of people who are hidden or restricted in its use.

    Rows that are shared or published stay; pages mask the name. What would change a restricted person's data is refused.
    """

    leaves_out_hidden = True  # what the check E016 looks for, since the data map may not import this file

    def get_queryset(self):
        rows = super().get_queryset()
        data_map = registry.map_of(self.model)
        if data_map is None or data_map.row.name in {"shared", "chosen"}:
            return rows
        return rows.exclude(unusable_condition(data_map))

    @classmethod
    def from_queryset(cls, queryset_class, class_name=None):
        """What refuses comes with any queryset."""
        if not issubclass(queryset_class, GuardedQuerySet):
            queryset_class = type(queryset_class.__name__, (GuardedQuerySet, queryset_class), {"__module__": queryset_class.__module__})
        return super().from_queryset(queryset_class, class_name)


class RootQuerySet(GuardedQuerySet):
    """For roots, whose default manager stays unfiltered: sign-in and uniqueness need every row."""

    def usable(self):
        data_map = registry.map_of(self.model)
        return self.filter(usable("subject__", data_map.activity.slug if data_map else restricted.EVERY_USE))
