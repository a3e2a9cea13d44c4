"""What we know about you: every purpose with its data, why we have them and how long, and the data themselves (Art. 15(1))."""

from functools import partial

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst

from ..casework.asking import may_object_to
from ..conf import setting
from ..datamap import Role, registry
from ..datamap.activity import Activity
from ..datamap.maps import DataMap
from ..datamap.register import entries
from ..rights import inactivity
from ..rights.holdings import Holding, known
from ..rights.preview import Category
from ..rights.treating import fate_of
from . import searching
from .bars import bar
from .bases import explained
from .columns import left_out
from .paging import nearest_page
from .people import person_page
from .rows import Table, fill
from .year import through_the_year

# Rows.
NEWEST = 5
ON_A_PAGE = 50


@person_page
def groups(request):
    """All purposes at once; those without data of hers are named too."""
    held = known(request.subject)
    context = {
        "shown": [(holding, _bars(holding, held)) for holding in held],
        "nothing": [activity for activity in _activities() if activity not in {holding.activity for holding in held}],
        "elsewhere": registry.elsewhere,
        "unused": inactivity.told(request.subject.kind),
        "expire": _expire(),
    }
    return render(request, "privacy/known.html", {**_tabs(held), **context})


@person_page
def group(request, activity):
    """One purpose: what Art. 15(1) lists of it first, then its rows."""
    held = known(request.subject)
    holding = _holding_or_404(held, activity)
    newest = [Table(category.data_map, request.subject) for category in holding.categories]
    for rows in newest:
        rows.take(rows.found()[:NEWEST])
    fill(newest)
    context = {
        "holding": holding,
        "folds": [(category, after_erasure(category), rows) for category, rows in zip(holding.categories, newest, strict=True)],
        "year": through_the_year(request.subject, holding.categories),
        "newest": NEWEST,
    }
    return render(request, "privacy/known_group.html", {**_tabs(held), **_facts(request.subject, holding), **context})


@person_page
def table(request, activity, label):
    """Every row, a page at a time; what she seeks comes by POST and stays out of the address."""
    data_map = _map_or_404(activity, label)
    if request.method == "POST":
        searching.seek(request, data_map, "" if "stop" in request.POST else request.POST.get("sought", ""))
        return redirect(request.path)
    rows, sought = Table(data_map, request.subject), searching.sought_in(request, data_map)
    found = searching.matching(rows.found(), rows.columns, sought) if sought else rows.found()
    page = nearest_page(found, request.GET.get("page", ""), size=ON_A_PAGE)
    rows.take(page.object_list)
    fill([rows])
    category = Category(data_map, fate_of(data_map, {}), page.paginator.count)
    context = {
        "category": category,
        "fate": after_erasure(category),
        "table": rows,
        "page": page,
        "sought": sought,
        "left_out": {role.value: titles for role, titles in left_out(data_map).items()},
        "searched": searching.titles(rows.columns),
        "longest": searching.LONGEST,
    }
    return render(request, "privacy/known_table.html", context)


def _expire() -> list[tuple[str, list[str]]]:
    """Whatever goes once its time has passed: the tables, and each with its limits."""
    found = [category for entry in entries() for category in entry.categories if category.label in _expiring()]
    return [(category.title, list(category.time_limits)) for category in found]


def _expiring() -> set[str]:
    return {data_map.label() for data_map in registry.maps.values() if any(line.expires for line in data_map.lines.values())}


def after_erasure(category: Category) -> str:
    """What an erasure leaves of these rows, why, and until when."""
    return "; ".join(str(part) for part in (category.label, category.reason, category.until) if part)


def _activities() -> list[Activity]:
    """Those whose data all lie outside the database included."""
    return list(dict.fromkeys([*registry.activities(), *(held.activity for held in registry.elsewhere)]))


def _holding_or_404(held, slug) -> Holding:
    activity = next((activity for activity in _activities() if activity.slug == slug), None)
    if activity is None:
        raise Http404
    return next((holding for holding in held if holding.activity is activity), Holding(activity, [], 0))


def _map_or_404(slug, label) -> type[DataMap]:
    data_map = registry.labelled(label)
    if data_map is None or data_map.activity.slug != slug:
        raise Http404
    return data_map


def _tabs(held):
    return {"held": held, "total": sum(holding.rows for holding in held)}


def _bars(holding, held):
    most = max(category.rows for each in held for category in each.categories)
    address = partial(reverse, "privacy:table")
    return [
        bar(capfirst(category.title), address(args=[holding.activity.slug, category.data_map.label()]), category.rows, most)
        for category in holding.categories
    ]


def _facts(subject, holding):
    """What Art. 15(1) asks to tell of one purpose, and what is not there."""
    activity, found = holding.activity, {category.data_map for category in holding.categories}
    maps = [data_map for data_map in registry.maps.values() if data_map.activity is activity]
    entry = next(entry for entry in entries() if entry.slug == activity.slug)
    return {
        "entry": entry,
        "bases": [explained(basis) for basis in activity.lawful_bases],
        "may_object": may_object_to(activity),
        "limits": _limits(entry),
        "unused": inactivity.told(subject.kind) if any(data_map.row.name != "kept" for data_map in maps) else "",
        "inferred": [data_map.title(line) for data_map in maps for line in data_map.lines.values() if line.role == Role.INFERRED],
        "without_rows": [data_map.heading() for data_map in maps if data_map not in found],
        "permissions": setting("PERMISSIONS_PAGE"),
    }


def _limits(entry) -> list[tuple[str, str]]:
    """Each time limit once, with the tables that it holds for."""
    tables = {}
    for category in entry.categories:
        for limit in category.time_limits:
            tables.setdefault(limit, []).append(category.title)
    return [(", ".join(titles), limit) for limit, titles in tables.items()]
