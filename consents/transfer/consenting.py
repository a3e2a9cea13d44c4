"""The page on which a member says that another controller may bring her data here, and what of them she wants to have."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.shortcuts import render
from oauth2_provider.exceptions import OAuthToolkitError
from oauthlib.common import add_params_to_uri

from privacy.datamap import registry
from privacy.errors import PrivacyError
from privacy.pages import step_up
from privacy.pages.people import refused, subject_of

from ..pages import TEXT_VERSION, language
from . import coming
from .contract import SCOPE


@dataclass(frozen=True)
class Pick:
    """One record type that can come; what everybody would read she ticks herself."""

    label: str
    title: str
    is_public: bool
    is_own_row: bool

    @property
    def is_ticked(self) -> bool:
        return not self.is_public


def picks() -> list[Pick]:
    """Her own row first, then what people call each kind of data, by name."""
    found = [
        Pick(data_map.label(), str(data_map.heading()), data_map.row.name == "chosen", data_map.model in registry.roots)
        for data_map in registry.maps.values()
        if data_map.arrives
    ]
    return sorted(found, key=lambda pick: (not pick.is_own_row, pick.is_public, pick.title.lower()))


def asked(view, application, scopes, credentials):
    """Each time anew, after she showed who she is; asked beside something else it is refused: two answers need two questions."""
    request = view.request
    if list(scopes) != [SCOPE]:
        return view.redirect(_error(credentials, "invalid_scope"), application)
    if "none" in request.GET.get("prompt", "").split():
        return view.redirect(_error(credentials, "consent_required"), application)
    if not step_up.is_recent(request):
        return step_up.ask(request)
    if request.method != "POST":
        return _page(request, application, credentials)
    ticked = {pick.label for pick in picks()} & set(request.POST.getlist("take"))
    says_yes = request.POST.get("answer") == "yes"
    if says_yes and not ticked:
        return _page(request, application, credentials, is_empty=True)
    try:
        return _answer(view, application, credentials, ticked if says_yes else None)
    except PrivacyError as refusal:
        return refused(request, refusal)


def _answer(view, application, credentials, ticked):
    if ticked is not None:
        shown = {"asked": [pick.label for pick in picks()], "text_version": TEXT_VERSION, "language": language()}
        coming.allow(view.request.user, application, ticked, **shown)
    credentials["authenticated_at"] = step_up.identified_at(view.request)
    try:
        uri, *_others = view.create_authorization_response(view.request, SCOPE, credentials, allow=ticked is not None)
    except OAuthToolkitError as error:
        return view.error_response(error, application)
    return view.redirect(uri, application)


def _error(credentials, code):
    """RFC 6749, 4.1.2.1."""
    said = [("error", code), *([("state", credentials["state"])] if credentials.get("state") else [])]
    return add_params_to_uri(credentials["redirect_uri"], said)


def _page(request, application, credentials, *, is_empty=False):
    """Of the sender, the name that it has here; where its archives come from; and her own account, so that she sees whose it is."""
    ticked = set(request.POST.getlist("take"))
    context = {
        "application": application,
        "recipient": application.partner.recipient,
        "host": urlsplit(application.brings_from).netloc,
        "picks": [(pick, pick.label in ticked if request.method == "POST" else pick.is_ticked) for pick in picks()],
        "is_empty": is_empty,
        "subject": subject_of(request.user),
    }
    answer = render(request, "consents/transfer/allowing.html", context, status=400 if is_empty else 200)
    parts = urlsplit(credentials["redirect_uri"])
    answer._csp_update = {"form-action": [f"{parts.scheme}://{parts.netloc}"]}
    return answer
