"""What goes by itself: the rule for accounts that nobody uses, whom it would touch, and what went each night (Art. 5(1)(e))."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.db.models import Count
from django.db.models.functions import ExtractYear
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ..casework import unused
from ..conf import setting
from ..datamap import registry
from ..days import ZONE
from ..rights import inactivity, retention
from ..rights.inactivity import ApprovedRule, Rule, UnusedAccount
from ..rights.nights import RetentionRun
from .bars import bar
from .people import desk_act, desk_page
from .step_up import recently_identified

# Of the list, the longest unused first; enough to look some up.
SAMPLE = 10
NIGHTS = 10


@dataclass(frozen=True)
class Proposal:
    """One rule, and whom it would touch."""

    rule: Rule

    @property
    def who(self) -> str:
        return capfirst(registry.map_of(registry.root_of(self.rule.kind)).heading())

    @property
    def days(self) -> str:
        return get_text_list([str(days) for days in self.rule.warn_days], _("and"))

    @property
    def words(self) -> str:
        """What was looked at: the form sends it back, so that nobody approves another rule than the one she saw."""
        return f"{self.rule.kind} {self.rule.months} {self.rule.warn_days}"

    @cached_property
    def approval(self) -> ApprovedRule | None:
        return inactivity.in_force(self.rule)

    @cached_property
    def was_changed(self) -> bool:
        """Something else was approved before."""
        return ApprovedRule.objects.filter(kind=self.rule.kind, withdrawn_at=None).exists() and not self.approval

    @cached_property
    def years(self) -> list[tuple[int, int]]:
        """Year of last use -> how many are next to be warned."""
        found = unused.proposals(self.rule, timezone.now()).order_by()
        counted = found.annotate(year=ExtractYear("last_seen_at", tzinfo=ZONE)).values("year").annotate(people=Count("pk"))
        return list(counted.order_by("year").values_list("year", "people"))

    @property
    def count(self) -> int:
        return sum(people for _year, people in self.years)

    @property
    def bars(self) -> list[dict]:
        most = max((people for _year, people in self.years), default=1)
        return [bar(str(year), "", people, most) for year, people in self.years]

    @cached_property
    def sample(self) -> list[tuple[str, date]]:
        found = unused.proposals(self.rule, timezone.now()).values_list("pk", "last_seen_at")[:SAMPLE]
        return [(str(ref), timezone.localtime(seen, ZONE).date()) for ref, seen in found]

    @cached_property
    def warned(self) -> list[tuple[int, int]]:
        """How many days before -> how many people that warning was written to, and who still have their time."""
        if not self.approval:
            return []
        rows = UnusedAccount.objects.filter(approval=self.approval).values_list("days")
        counts = dict(rows.annotate(people=Count("pk")))
        return [(days, counts.get(days, 0)) for days in self.rule.warn_days]

    @cached_property
    def not_reached(self) -> int:
        return UnusedAccount.objects.filter(approval=self.approval).not_reached(timezone.now()).count() if self.approval else 0


@require_GET
@desk_page
def page(request):
    """Nobody is named: a reference and a month."""
    nights = RetentionRun.objects.order_by("-started_at", "-pk")[:NIGHTS]
    context = {
        "proposals": [Proposal(rule) for rule in inactivity.rules()],
        "due": retention.due(timezone.now()),
        "limit": setting("INACTIVE_PER_NIGHT"),
        "grace_days": setting("ERASURE_GRACE_DAYS"),
        "nights": [{"night": night, "counts": _in_words(night)} for night in nights],
    }
    return render(request, "privacy/retention.html", context)


def _in_words(night) -> list[tuple[str, int]]:
    words = _of_column if night.what == RetentionRun.What.VALUES else _of_accounts
    return [(words(what), count) for what, count in night.counts.items()]


def _of_column(what) -> str:
    label, _dot, name = what.rpartition(".")
    data_map = registry.labelled(label)
    line = data_map and data_map.lines.get(name)
    return f"{capfirst(data_map.heading())}: {data_map.title(line)}" if line else what


def _of_accounts(what) -> str:
    acts = {
        "warned": _("warned for the first time"),
        "warned again": _("warned again"),
        "used again": _("used again, so kept"),
        "erased": _("closed, to be erased"),
    }
    return capfirst(acts.get(what.partition(" ")[2], what))


@require_POST
@desk_act
@recently_identified
def approve(request, kind):
    """Only what was looked at: a rule that changed meanwhile is shown again."""
    proposal = _proposal_or_404(kind)
    if request.POST.get("seen") != proposal.words:
        messages.error(request, _("The rule was changed since you looked. Nothing was approved. Look again."))
        return redirect("privacy:retention")
    unused.approve(proposal.rule, actor_ref=request.subject.ref)
    messages.success(request, _("You approved the rule. The first warnings go out tonight."))
    return redirect("privacy:retention")


@require_POST
@desk_act
@recently_identified
def withdraw(request, kind):
    unused.withdraw(_proposal_or_404(kind).rule, actor_ref=request.subject.ref)
    messages.success(request, _("The rule is stopped. Nobody is warned or erased, until somebody approves it again."))
    return redirect("privacy:retention")


def _proposal_or_404(kind) -> Proposal:
    rule = next((rule for rule in inactivity.rules() if rule.kind == kind), None)
    if rule is None:
        raise Http404
    return Proposal(rule)
