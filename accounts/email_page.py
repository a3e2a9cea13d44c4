"""The page of her e-mail addresses: allauth's, where each act waits for the one before and a refusal is a sentence."""

from allauth.account.models import EmailAddress
from allauth.account.views import EmailView
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .errors import AddressNotHers, AddressWaits
from .mailboxes import is_held_by_another, one_at_a_time


class EmailPage(EmailView):
    """Below @recently_identified: who changes these can show afterwards to be her (T-07, T-08)."""

    def form_valid(self, form):
        """Another window may have filled the list since this form was looked at."""
        try:
            return super().form_valid(form)
        except ValidationError as refusal:
            form.add_error("email", refusal)
            return self.form_invalid(form)

    def _action_send(self, request):
        address = self._named(request)
        if address and not address.verified:
            super()._action_send(request)
            if not self._did_send_verification_email:
                messages.info(request, _("We mailed this link less than three minutes ago. Wait a little, then ask again."))

    def _action_remove(self, request):
        with one_at_a_time(request.user) as request.user:
            return self._named(request) and super()._action_remove(request)

    def _action_primary(self, request):
        """An address that nobody confirmed may be a stranger's."""
        with one_at_a_time(request.user) as request.user:
            address = self._named(request)
            if address is None or address.primary:
                return None
            if not address.verified or is_held_by_another(request.user, address.email):
                return messages.error(request, AddressWaits.sentence)
            return super()._action_primary(request)

    def _named(self, request):
        """The address of hers that a form names; the second of two clicks finds that it is gone."""
        address = self._get_email_address(request)
        if address is None:
            messages.info(request, AddressNotHers.sentence)
        return address

    def get_context_data(self, **kwargs):
        addresses = EmailAddress.objects.filter(user=self.request.user).order_by("-primary", "-verified", "email")
        waits = any(not address.verified for address in addresses)
        return super().get_context_data(**kwargs) | {"addresses": addresses, "waits": waits, "most": settings.ACCOUNT_MAX_EMAIL_ADDRESSES}


page = EmailPage.as_view()
