"""Signing in by a mailed code: who has no account here, or never confirmed the address, sees and waits for the same (T-02, T-13)."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.account.utils import has_verified_email
from allauth.core import context, ratelimit
from django.utils.translation import gettext_lazy as _

from .welcome import welcome_at


class RequestForm(RequestLoginCodeForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")

    def clean_email(self):
        """A code never confirms an address: whoever made an account with another's address would come in with her (T-29)."""
        email = get_adapter().clean_email(self.cleaned_data["email"])
        if not ratelimit.consume(context.request, action="request_login_code", key=email):
            raise get_adapter().validation_error("too_many_login_attempts")
        get_adapter().forget_unfinished(context.request)
        self._user = next((member for member, is_confirmed in welcome_at(email) if is_confirmed), None)
        return email


class ConfirmForm(ConfirmLoginCodeForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label, code.help_text = _("The code from our mail"), _("Eight letters.")
        code.widget.attrs = {"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}

    def clean_code(self):
        """Counted before we look whether it is right: allauth counts in the session, which many tries at once read before any writes."""
        if not ratelimit.consume(context.request, action="confirm_login_code", key=self._asked()):
            raise get_adapter().validation_error("too_many_login_attempts")
        code = super().clean_code()
        if not self._is_still_hers():
            raise get_adapter().validation_error("incorrect_code")
        return code

    def _is_still_hers(self):
        """She may have removed this address since; allauth would write it down again and mail a link to it."""
        login = context.request._login_stage.login
        return has_verified_email(login.user, login.email)

    def _asked(self):
        """This one code of this one browser."""
        request = context.request
        return f"{request.session.session_key} {request._login_stage.state['at']}"
