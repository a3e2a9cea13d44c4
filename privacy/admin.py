"""What the admin site may show of people, for hosts that install it: read only, and whoever is shown can see it in her timeline (T-18)."""

from django.contrib import admin
from django.db import transaction

from .datamap import registry
from .evidence import trail
from .models import TrailEntry
from .pages.people import subject_of
from .subjects import path_to_ref


def refs_of(model, keys) -> set:
    """References of the people whom these rows concern, as far as the data map can tell: by a key, a path or a reference."""
    data_map = registry.map_of(model)
    refs = set()
    for line in data_map.person_lines() if data_map else ():
        path = path_to_ref(data_map, line)
        if path:
            refs |= set(data_map.model._base_manager.filter(pk__in=keys).values_list(path, flat=True))
    return refs - {None}


class LoggedAdmin:
    """Before admin.ModelAdmin. Nothing can be added, changed, deleted or searched for: terms would stand in addresses and so in logs.

    Each list, object and history that is opened stands in the trail (`admin.opened`), once for each person on the page.
    """

    writes_to_trail = True  # what the check W005 looks for
    tells_persons = True
    actions = None
    list_per_page = list_max_show_all = 50

    def has_add_permission(self, request, *args):
        return False

    def has_change_permission(self, request, *args):
        return False

    def has_delete_permission(self, request, *args):
        return False

    def get_search_fields(self, request):
        return ()

    def lookup_allowed(self, lookup, value, request=None):
        """Django lets an address ask for any column of the table, shown or not, with any comparison; here it may what a filter offers."""
        filters = [each[0] if isinstance(each, tuple | list) else each for each in self.get_list_filter(request)]
        names = [getattr(each, "parameter_name", each) for each in filters]
        return any(lookup == name or lookup.startswith(f"{name}__") for name in names)

    def changelist_view(self, request, *args, **kwargs):
        response = super().changelist_view(request, *args, **kwargs)
        shown = _context(response).get("cl")
        return self._noted(request, response, shown.result_list if shown else [])

    def changeform_view(self, request, *args, **kwargs):
        response = super().changeform_view(request, *args, **kwargs)
        beside = [row for inline in _context(response).get("inline_admin_formsets", ()) for row in inline.formset.queryset]
        return self._noted(request, response, [_context(response).get("original"), *beside])

    def history_view(self, request, *args, **kwargs):
        response = super().history_view(request, *args, **kwargs)
        return self._noted(request, response, [_context(response).get("object")])

    def _noted(self, request, response, rows):
        """Before anything is shown: what cannot be noted is not shown either."""
        if _context(response):
            refs = set()
            for model in {type(row) for row in rows if row is not None} if self.tells_persons else ():
                refs |= refs_of(model, [row.pk for row in rows if isinstance(row, model)])
            self._record(request, refs)
        return response

    @transaction.atomic
    def _record(self, request, refs):
        actor = subject_of(request.user)
        for ref in refs or {None}:
            trail.record("admin.opened", subject_ref=ref, actor_ref=actor.ref if actor else "staff", reason=self.model._meta.label[:60])


def _context(response) -> dict:
    """Empty where the answer is no page, but a way to another."""
    return getattr(response, "context_data", None) or {}


@admin.register(TrailEntry)
class TrailEntryAdmin(LoggedAdmin, admin.ModelAdmin):
    """Who did what and when, by reference; names stand nowhere in it, so that nobody is told that it was opened."""

    tells_persons = False
    list_display = ("at", "event", "subject_ref", "actor_ref", "request_ref", "reason")
    list_filter = ("event",)
    ordering = ("-pk",)
