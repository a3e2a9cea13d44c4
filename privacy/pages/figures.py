"""Do we answer in time? The figures of requests by month and by right, what lies ahead, and a file of the same (Art. 12(3), 39(1)(b))."""

import csv
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from django.http import HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import date as formatted
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ..casework import backlog, figures
from ..casework.figures import Tally
from ..conf import setting
from ..datamap import Right
from ..days import today
from .bars import bar
from .columns_drawn import drawn
from .people import records_page

MONTHS = 12
# Of a hundred requests: from so many extensions on we say that it is often.
OFTEN_PERCENT = 10
# Columns of the file: codes and numbers alone, that a spreadsheet can run nothing of. What the last five are out of stands beside them.
COUNTS = ("received", "at_once", "waited", "answered", "partly", "refused", "ended", "extended", "open")
TIMES = ("in_month", "after_month", "in_three", "after_three", "median_days")


@dataclass(frozen=True)
class Line:
    """One line of a table: a month, a right, or all of them."""

    name: str
    tally: Tally


@require_GET
@records_page
def page(request):
    """Names nobody. A period that does not exist is the last twelve months."""
    chosen, now = request.GET.get("period", ""), timezone.now()
    found, coming = figures.of(months_of(chosen), now), backlog.ahead(now)
    months = [Line(formatted(month, "F Y"), found.of_month(month)) for month in found.months]
    rights = [Line(capfirst(right.label), found.of_right(right)) for right in Right]
    context = {
        "periods": [("", _("The last twelve months")), *((str(year), str(year)) for year in _years())],
        "period": chosen if chosen in map(str, _years()) else "",
        "all": found.total,
        "often": (found.total.given_more_time.percent or 0) >= OFTEN_PERCENT,
        "months": months,
        "drawn": drawn([(line.tally.waited, line.tally.after_month) for line in months]),
        "letters": [formatted(month, "b")[:1] for month in found.months],
        "rights": rights,
        "bars": _bars([(line.name, line.tally.received) for line in rights if line.tally.received]),
        "coming": coming,
        "weeks": _bars([(_week(week), week.expected) for week in coming.weeks]),
    }
    return render(request, "privacy/figures.html", context)


@require_GET
@records_page
def export(request):
    """Per month and right, only what there was; the same numbers as on the page."""
    found = figures.of(months_of(request.GET.get("period", "")), timezone.now())
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="figures-{found.months[0]:%Y-%m}-{found.months[-1]:%Y-%m}.csv"'
    written = csv.writer(answer)
    written.writerow(("month", "right", *COUNTS, *TIMES))
    for (month, right), tally in sorted(found.cells.items()):
        values = [getattr(tally, name) for name in (*COUNTS, *TIMES)]
        written.writerow([f"{month:%Y-%m}", right.value, *("" if value is None else value for value in values)])
    return answer


def months_of(period: str) -> list[date]:
    """First days: of a year that we still know, else of the last twelve months."""
    last = today().replace(day=1)
    if period in map(str, _years()):
        last = date(int(period), MONTHS, 1)
    return [last - relativedelta(months=back) for back in reversed(range(MONTHS))]


def _years() -> list[int]:
    """Those of which we still have all: requests go so many years after the answer."""
    return [today().year - back for back in range(setting("ACCOUNTABILITY_YEARS"))]


def _bars(lines) -> list[dict]:
    most = max((count for _name, count in lines), default=0) or 1
    return [bar(name, "", count, most) for name, count in lines]


def _week(week) -> str:
    return _("Week of %(day)s") % {"day": formatted(week.begins_on, "j F")}
