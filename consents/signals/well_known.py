"""What a program needs to know of our events before it asks for them: SSF's configuration, and a page for each event of ours."""

from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from privacy.pages.people import open_to_hidden

from ..oidc import signing_keys
from ..oidc.well_known import HOUR_SECONDS, address
from .events import OF_OURS, address_of
from .models import Stream


@open_to_hidden
@require_safe
@cache_control(public=True, max_age=HOUR_SECONDS)
def configuration(request):
    """SSF 1.0, 7.1. Everybody who signed in at a program is on its stream (`ALL`), so that nobody is forgotten."""
    base = signing_keys.issuer() + reverse("ssf:api-root")
    return JsonResponse(
        {
            "spec_version": "1_0",
            "issuer": signing_keys.issuer(),
            "jwks_uri": address("oidc:jwks"),
            "delivery_methods_supported": list(Stream.Method.values),
            "configuration_endpoint": f"{base}stream",
            "status_endpoint": f"{base}status",
            "add_subject_endpoint": f"{base}subjects:add",
            "remove_subject_endpoint": f"{base}subjects:remove",
            "verification_endpoint": f"{base}verify",
            "authorization_schemes": [{"spec_urn": "urn:ietf:rfc:6749"}],
            "default_subjects": "ALL",
        }
    )


@open_to_hidden
@require_safe
@vary_on_headers("Accept")
def event(request, kind):
    """An event's address is its name, and leads to what it means: for people a page, for programs JSON."""
    if kind not in OF_OURS:
        raise Http404
    described = {"event": address_of(kind), "description": str(OF_OURS[kind])}
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return JsonResponse(described)
    return render(request, "consents/event.html", described)
