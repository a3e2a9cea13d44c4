"""The page on which a member says what a partner may get, on her way to signing in there (OpenID Connect Core 1.0, 3.1.2)."""

from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

from django.db import transaction
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from oauth2_provider.exceptions import OAuthToolkitError
from oauth2_provider.views import AuthorizationView
from oauthlib.common import add_params_to_uri
from oauthlib.oauth2 import InvalidRequestError
from oauthlib.openid.connect.core.exceptions import LoginRequired

from privacy.errors import PrivacyError
from privacy.pages import step_up
from privacy.pages.people import refused, subject_of

from .. import gpc, offers, permissions
from ..attributes import offered
from ..errors import AccountLeaving, PartnerTakesNoPart
from ..models import ConsentEvent, PartnerGrant
from ..pages import TEXT_VERSION, has_read, language, may_ask_for_contact, own_fields
from ..standing import standings
from ..transfer import consenting
from . import scopes, signing_keys
from .models import AuthorizationCode, PartnerApplication
from .validator import standing


@method_decorator([never_cache, gpc.heard], name="dispatch")
class Authorize(AuthorizationView):
    """The library checks the request and redirects; who is asked what, and what her answer means, is ours.

    Of hidden fields only what was shown is read: an answer comes to the same address, whose question is checked again.
    """

    def get(self, request, *args, **kwargs):
        return self._checked(self._ask)

    def post(self, request, *args, **kwargs):
        return self._checked(self._answer)

    def _checked(self, act):
        request = self.request
        try:
            asked, credentials = self.validate_authorization_request(request)
            self._refuse(credentials)
        except OAuthToolkitError as error:
            return self.error_response(error, application=self._asking())
        if subject_of(request.user) is None or subject_of(request.user).hidden_at is not None:
            return refused(request, AccountLeaving())
        if self._must_show_who_she_is():
            return step_up.ask(request)
        application = PartnerApplication.objects.select_related("partner__recipient").get(client_id=credentials["client_id"])
        try:
            if scopes.IMPORT in asked:
                return consenting.asked(self, application, asked, credentials)
            return act(application, asked, credentials)
        except PrivacyError as refusal:  # the partner ended, or she asked to leave, since this page was opened
            return refused(request, refusal)

    def _refuse(self, credentials):
        """What the library lets pass: words for which a code has no room, and a sign-in too long ago of whom nothing may be asked."""
        said = credentials["request"]
        if any(len(getattr(said, name) or "") > AuthorizationCode._meta.get_field(name).max_length for name in ("nonce", "code_challenge")):
            refusal = InvalidRequestError(state=said.state)
        elif "none" in self._prompt() and self._is_too_old():
            refusal = LoginRequired(state=said.state)
        else:
            return
        raise OAuthToolkitError(refusal, redirect_uri=said.redirect_uri)

    def _asking(self):
        """Whose program asks, as it says; an error is sent to it where its address is known to be its own."""
        programs = PartnerApplication.objects.select_related("partner__recipient")
        return programs.filter(client_id=self.request.GET.get("client_id", "").replace("\0", "")).first()

    def _must_show_who_she_is(self) -> bool:
        """`prompt=login` and `max_age`: a session that only goes on is no answer (Core 3.1.2.1)."""
        too_old = self._is_too_old() or ("login" in self._prompt() and not step_up.is_recent(self.request))
        return too_old and "none" not in self._prompt()

    def _is_too_old(self) -> bool:
        max_age = self.request.GET.get("max_age", "")
        return max_age.isdecimal() and timezone.now() - step_up.identified_at(self.request) > timedelta(seconds=int(max_age[:9]))

    def _prompt(self) -> list[str]:
        return self.request.GET.get("prompt", "").split()

    def _ask(self, application, asked, credentials):
        """Who allowed it before goes straight on, as long as nothing new is asked."""
        grant, fields = standing(self.request.user, application), scopes.attributes_of(asked, application.partner)
        if grant is not None and "consent" not in self._prompt() and not permissions.has_to_ask(grant, fields):
            return self._go_back(application, asked, credentials, grant)
        return self._page(application, asked)

    def _page(self, application, asked, *, read_else=False):
        """All that it shows of the partner is read at one moment, with `reading`; an answer to other words is asked for again.

        What is asked is unticked; ticked is what she allowed before and is not asked this time.
        """
        how_it_stands = self._standing(application.partner)
        partner = how_it_stands.partner
        fields = scopes.attributes_of(asked, partner)
        earlier = self._earlier(partner, fields)
        context = {
            "standing": how_it_stands,
            "read_else": read_else,
            "beside": earlier,
            "own": own_fields(self.request.user, partner, [*fields, *earlier], earlier),
            "asks_for_contact": may_ask_for_contact(self.request, how_it_stands),
            "way_back": urlsplit(self._redirect_uri(application)).netloc,
        }
        page = render(self.request, "consents/asking.html", context, status=400 if read_else else 200)
        return _may_send_form_to(page, self._redirect_uri(application))

    def _standing(self, partner):
        found = standings(subject_of(self.request.user), pk=partner.pk)
        if not found:
            raise PartnerTakesNoPart
        return found[0]

    def _redirect_uri(self, application):
        return self.request.GET.get("redirect_uri") or application.default_redirect_uri

    def _answer(self, application, asked, credentials):
        if self.request.POST.get("answer") != "yes":
            return self._go_back(application, asked, credentials, None)
        fields = scopes.attributes_of(asked, application.partner)
        if not has_read(self.request, application.partner):
            return self._page(application, asked, read_else=True)
        return self._go_back(application, asked, credentials, self._give(application.partner, fields))

    def _give(self, partner, fields) -> PartnerGrant:
        """What she ticked of what was asked, and of what stands beside it at this moment.

        What ended since the page was shown stays ended, and what she allowed elsewhere since then stays. Offers are a consent of their own.
        """
        shown = {"text_version": TEXT_VERSION, "language": language(), "method": ConsentEvent.Method.SIGN_IN}
        wants_contact = "contact" in self.request.POST and may_ask_for_contact(self.request, self._standing(partner))
        also = partial(offers.allow, **shown) if wants_contact else None
        as_new_person = "as_new_person" in self.request.POST
        ticked = {*self.request.POST.getlist("attributes"), *partner.needed}
        with transaction.atomic():
            permissions.hold_words(partner)
            permissions.hold(self.request.user)
            earlier = self._earlier(partner, fields)
            unseen = {*earlier} - {*self.request.POST.getlist("beside")}
            choice = [*fields, *earlier]
            allowed = [name for name in choice if name in ticked | unseen]
            return permissions.give(self.request.user, partner, allowed, asked=choice, as_new_person=as_new_person, also=also, **shown)

    def _earlier(self, partner, fields) -> list[str]:
        """What her permission has besides these fields; nothing where it ended, or she is asked anew."""
        before = PartnerGrant.objects.live().filter(member=self.request.user, partner=partner).first()
        return [name for name in offered(partner) if before and name in before.attributes and name not in fields]

    def _go_back(self, application, asked, credentials, grant):
        """To the partner, with a code for what she allows of what was asked, or with her no."""
        credentials["authenticated_at"] = step_up.identified_at(self.request)
        names = scopes.kept(asked, application.partner, grant.attributes) if grant else asked
        try:
            uri, *_others = self.create_authorization_response(self.request, " ".join(names), credentials, allow=grant is not None)
        except OAuthToolkitError as error:
            return self.error_response(error, application)
        return self.redirect(uri, application)

    def redirect(self, redirect_to, application):
        """With our name, errors too, so that a program that knows several providers cannot be told wrong (RFC 9207)."""
        if "iss=" not in urlsplit(redirect_to).query:
            redirect_to = add_params_to_uri(redirect_to, [("iss", signing_keys.issuer())])
        answer = super().redirect(redirect_to, application)
        if self.request.method == "GET" and application is not None and _comes_from_a_form_of_ours(self.request):
            return render(self.request, "consents/going_back.html", {"there": answer.url, "partner": application.partner})
        return answer

    def render_to_response(self, context, **response_kwargs):
        """A request that we cannot trust is answered here, and never sent on."""
        return render(self.request, "consents/not_sent_on.html", context, status=response_kwargs.get("status", 400))


def _comes_from_a_form_of_ours(request) -> bool:
    """As our sign-in page leads here: its policy refuses where a form is led on to (CSP, form-action), not where a page goes itself."""
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def _may_send_form_to(response, address):
    """A browser counts the redirect after a form as its target (CSP, form-action)."""
    parts = urlsplit(address)
    response._csp_update = {"form-action": [f"{parts.scheme}://{parts.netloc}"]}
    return response
