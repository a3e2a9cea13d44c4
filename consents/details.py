"""One partner in full: what it got and when, what it was told, the record of each consent, who answers for what (K-10, G-72)."""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from privacy.pages.paging import nearest_page
from privacy.pages.people import person_page
from privacy.pages.step_up import evidence

from . import gpc, offers, receipts, sharing, wording
from .errors import WordingChanged
from .models import ConsentEvent
from .pages import TEXT_VERSION, grant_to, has_read, language, may_ask_for_contact, one_of
from .standing import standings

ON_A_PAGE = 20


@require_GET
@gpc.heard
@person_page
def partner(request, partner):
    standing = one_of(standings(request.subject, slug=partner))
    context = {
        "standing": standing,
        "fields": sharing.shared_fields(request.subject, standing.partner),
        "page": nearest_page(sharing.Releases(request.subject, standing.partner), request.GET.get("page", ""), size=ON_A_PAGE),
        "events": _history(request.subject, partner)[::-1],
        "asks_for_contact": standing.is_open and may_ask_for_contact(request, standing),
        "corrections": _corrections(standing),
    }
    return render(request, "consents/partner.html", context)


@require_GET
@person_page
def receipt(request, partner, ref):
    """A file of hers; 404 for one of another, and for what was no consent."""
    history = _history(request.subject, partner)
    event = next((event for event in history if event.ref == ref and event.kind == ConsentEvent.Kind.GIVEN), None)
    if event is None:
        raise Http404
    said = wording.said_at(event.at, wording.histories([event.partner])[event.partner_id], event.partner)
    answer = JsonResponse(receipts.receipt(event, history, said), json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer.headers["Content-Type"] = "application/ld+json"
    answer.headers["Content-Disposition"] = f'attachment; filename="{partner}-{timezone.localtime(event.at):%Y-%m-%d}.jsonld"'
    return answer


@require_POST
@gpc.heard
@person_page
def contact(request, partner):
    """Whether it may contact her with offers: a consent of its own; saying no is an objection that it hears of (K-9)."""
    grant = grant_to(request, partner)
    name = grant.partner.recipient.name
    if request.POST.get("answer") == "yes":
        if not has_read(request, grant.partner):
            raise WordingChanged
        grant = offers.allow(grant, text_version=TEXT_VERSION, language=language())
        said = _("%(name)s may contact you. You can stop that at any time.") if grant.contact_allowed_at else _("Nothing changed.")
    else:
        offers.stop(grant, identified_by=evidence(request))
        said = _("%(name)s may not contact you with offers. That holds from now on.")
    messages.success(request, said % {"name": name})
    return redirect("consents:partner", partner)


@require_POST
@person_page
def no_offers(request):
    """From nobody, now and later: the objection that a browser's signal makes for one visit, for good (Art. 21(2))."""
    offers.refuse_all(request.user, identified_by=evidence(request))
    messages.success(request, _("No partner may contact you with offers, and none will ask. That holds from now on."))
    return redirect("consents:permissions")


@require_POST
@person_page
def offers_again(request):
    offers.ask_again(request.user)
    messages.success(request, _("Partners may ask again. Nobody may contact you before you say so."))
    return redirect("consents:permissions")


def _corrections(standing) -> list[wording.Change]:
    """What goes on under other words, because we judged them the same."""
    if not standing.is_open:
        return []
    return wording.corrections(standing.grant, standing.partner, wording.histories([standing.partner])[standing.partner.pk])


def _history(subject, slug) -> list[ConsentEvent]:
    events = ConsentEvent.objects.filter(subject_ref=subject.ref, partner__slug=slug).order_by("pk")
    return list(events.select_related("partner__recipient"))
