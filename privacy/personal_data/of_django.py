"""Django's own tables, so that no host has to declare them."""

from django.apps import apps
from django.db.models import Q, TextField, UUIDField, Value
from django.db.models.functions import Cast, Replace
from django.db.models.lookups import In
from django.utils.translation import gettext_lazy as _

from ..datamap import Activity, DataMap, LawfulBasis, deleted, no_personal_data, not_personal, observed, person, registry
from ..subjects import NOTHING, matcher, rows_concerning

if apps.is_installed("django.contrib.contenttypes"):
    from django.contrib.contenttypes.models import ContentType

    no_personal_data(ContentType, because=_("names of tables"))

if apps.is_installed("django.contrib.auth"):
    from django.contrib.auth.models import Group, Permission

    no_personal_data(Permission, because=_("what can be allowed; who may is declared with the host's accounts"))
    no_personal_data(Group, because=_("names of roles; who has them is declared with the host's accounts"), known_by=("name",))
    no_personal_data(Group.permissions.through, because=_("what a role may do"))

if apps.is_installed("django.contrib.admin"):
    from django.contrib.admin.models import LogEntry
    from django.contrib.contenttypes.models import ContentType

    ADMINISTRATION = Activity(
        slug="administration",
        title=_("Administration"),
        purpose=_("See who of us changed what in the administration"),
        lawful_bases=(LawfulBasis.LEGITIMATE_INTERESTS,),
        persons=_("our own people, and those whose data they changed"),
        source=_("the administration itself"),
    )

    @matcher("admin_log")
    def _by_logged_row(subject, column):
        """What the administration did to a row that concerns this person, whichever table it is in."""
        found = NOTHING
        for kind in ContentType.objects.filter(pk__in=LogEntry.objects.values("content_type")):
            data_map = registry.map_of(kind.model_class()) if kind.model_class() not in {None, LogEntry} else None
            if data_map and data_map.person_lines():
                keys = rows_concerning(data_map, subject).annotate(logged_as=as_logged(data_map.model, "pk")).values("logged_as")
                found |= Q(**{column: kind.pk}) & Q(In(as_logged(data_map.model, "object_id"), keys))
        return found

    def as_logged(model, name):
        """A key as the log writes it. A UUID without its hyphens, as SQLite keeps it."""
        field, text = model._meta.pk, Cast(name, TextField())
        while field.remote_field:
            field = field.target_field
        return Replace(text, Value("-"), Value(""), output_field=TextField()) if isinstance(field, UUIDField) else text

    class LogEntryMap(DataMap, model=LogEntry, activity=ADMINISTRATION, row=deleted, called=_("entries of the administration")):
        """The row that was changed is found by table and key together; the index is on the table."""

        id = not_personal(_("row number"))
        user = person(label=_("changed by"))
        content_type = person(by="admin_log", label=_("table"))
        action_time = observed(belongs_to="user", label=_("when"))
        action_flag = observed(belongs_to="user", label=_("added, changed or deleted"))
        object_id = observed(belongs_to="content_type", label=_("row"))
        object_repr = observed(belongs_to="content_type", label=_("name of the row"))
        change_message = observed(belongs_to="content_type", label=_("fields that changed"))
