"""Taking her data with her: what an archive holds, how large it gets, how long it takes, those she has, and asking for one."""

from dataclasses import dataclass, replace
from math import ceil

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..casework import cases, quota
from ..casework.earlier import earlier_archives
from ..casework.requests import DataSubjectRequest
from ..conf import setting
from ..errors import RequestAlreadyOpen, TooManyArchives, UnknownScope
from ..rights import estimate
from ..rights.portability import Kind, Scope
from .following import Following
from .forms import form_page
from .holding import held_until
from .part_form import PartForm
from .people import open_to_hidden, person_page
from .step_up import evidence, recently_identified
from .wording import asked_for

# The archives she sees, the latest first.
SHOWN = 20
WHOLE = (Scope.EVERYTHING, Scope.PORTABLE)
KILO = 1024
ABOUT = {
    Kind.EVERYTHING: gettext_lazy("What you gave us, what we noted ourselves, why we have it, how long we keep it and who received it."),
    Kind.PORTABLE: gettext_lazy(
        "What you gave us and what you did here, to take to another platform. No notes about how we handled your requests."
    ),
}


@dataclass(frozen=True)
class Choice:
    """An archive she can ask for."""

    scope: Scope
    estimate: estimate.Estimate

    @property
    def name(self):
        return asked_for(self.scope)

    @property
    def about(self):
        return ABOUT[self.scope.kind]

    @property
    def is_of_a_time(self) -> bool:
        return bool(self.scope.since or self.scope.until)

    @property
    def size(self) -> int:
        """In bytes, rounded up to what an estimate can know: 10 KB, and from a megabyte on a tenth of one."""
        step = KILO * 10 if self.estimate.bytes < KILO * 1000 else KILO * KILO / 10
        return round(ceil(self.estimate.bytes / step) * step)

    @property
    def time(self) -> str:
        """Rounded up: who waits less than we said is not disappointed."""
        minutes = ceil(self.estimate.seconds / 60)
        if minutes <= 1:
            return _("less than a minute")
        return ngettext("about %(minutes)d minute", "about %(minutes)d minutes", minutes) % {"minutes": minutes}


@open_to_hidden
@person_page
@form_page
def page(request):
    if request.method == "POST":
        return _ask(request)
    expected = estimate.of_each(request.subject, [*WHOLE, *PartForm.categories()])
    context = {
        "choices": [Choice(scope, expected[scope]) for scope in WHOLE],
        "form": PartForm(expected),
        "earlier": [(earlier, _held_by(earlier)) for earlier in earlier_archives(request.subject)],
        "hours": setting("ARCHIVE_HOURS"),
        "archives": [Following(asked) for asked in _archives(request.subject)],
        "held_until": held_until(request),
        "transfer_page": setting("TRANSFER_PAGE"),
    }
    return render(request, "privacy/download.html", context)


def _held_by(earlier) -> str:
    return asked_for(replace(earlier.scope, since=None, until=None))


def _archives(subject):
    """Those being made, those she can fetch, and those we destroyed."""
    asked = _hers(subject).filter(Q(status__in=DataSubjectRequest.OPEN) | Q(archive__isnull=False))
    return asked.select_related("run", "archive").order_by("-received_at", "-pk")[:SHOWN]


@recently_identified
def _ask(request):
    """On to the page of the request, or of the older one of the same kind and part: nothing is lost by asking twice."""
    if request.POST.get("scope") not in set(Kind):
        messages.error(request, _("Choose first what you want to take with you."))
        return redirect("privacy:download")
    try:
        asked = _submitted(request, Scope.read(request.POST["scope"], request.POST.get("part", "")))
    except UnknownScope as refusal:
        messages.error(request, refusal.sentence)
        return redirect("privacy:download")
    except RequestAlreadyOpen as older:
        messages.info(request, older.sentence)
        asked = older.request
    except TooManyArchives as refusal:
        return _refused(request, refusal)
    return redirect("privacy:request", ref=asked.ref)


def _submitted(request, scope):
    """Accepted at once: she showed who she is, and there is nothing to assess."""
    older = _hers(request.subject).open_one(scope.right, scope.words)
    if older:
        raise RequestAlreadyOpen(older)
    with transaction.atomic():
        quota.refuse_one_too_many(request.subject)
        asked = cases.submit(scope.right, subject=request.subject, identified_by=evidence(request), scope=scope.words)
        cases.approve(asked, subject=request.subject)
    return asked


def _hers(subject):
    return DataSubjectRequest.objects.about(subject).filter(right__in=quota.ARCHIVES)


def _refused(request, refusal):
    answer = render(request, "privacy/download_often.html", {"refusal": refusal}, status=429)
    answer["Retry-After"] = ceil((refusal.again_at - timezone.now()).total_seconds())
    return answer
