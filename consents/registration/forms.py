"""What a partner's contact fills in, and what ours answer."""

from functools import partial
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.pages.forms import words

from ..attributes import askable, title_of
from ..joint_control import DUTIES, Party
from ..models import Arrangement
from ..outgoing import address_of_a_partner
from . import fields

NAME_AT_MOST, SENTENCE_AT_MOST = 200, 300
ADDRESSES_AT_MOST, ADDRESS_AT_MOST = 10, 500
# Hosts of a developer's own machine, where a program may be tried out (RFC 8252, 7.3).
LOOPBACK = {"127.0.0.1", "[::1]", "localhost"}


def line(**options):
    """One line of text that is not cut in the browser."""
    at_most = options.pop("at_most", NAME_AT_MOST)
    return forms.CharField(max_length=at_most, widget=forms.TextInput(), **options)


# As a contact of a partner reads it.
WHO = [
    (Party.PLATFORM, gettext_lazy("We, the platform")),
    (Party.PARTNER, gettext_lazy("You")),
    (Party.EACH, gettext_lazy("Each for its own part")),
]


class OrganisationForm(forms.Form):
    """How the organisation should stand; each account field has a box for its reason, and one for whether it can do without."""

    PARTICULARS = ("name", "contact_email", "privacy_url", "purpose")
    # Whose value is what was filled in.
    PLAIN = (*PARTICULARS, "offers", *fields.OF_ARRANGEMENT)

    name = line(label=gettext_lazy("Name of the organisation"), help_text=gettext_lazy("As members know it."))
    contact_email = forms.EmailField(
        label=gettext_lazy("E-mail address for questions about data"),
        help_text=gettext_lazy("Members read it, and we write to it when somebody stops. Take a mailbox that several people read."),
    )
    privacy_url = forms.URLField(
        label=gettext_lazy("Address of the privacy statement"), help_text=gettext_lazy("Begins with https://."), assume_scheme="https"
    )
    purpose = line(
        at_most=SENTENCE_AT_MOST,
        label=gettext_lazy("What do you use the data for?"),
        help_text=gettext_lazy("One sentence, in the language of your members."),
    )
    offers = line(
        at_most=SENTENCE_AT_MOST,
        label=gettext_lazy("What would you like to offer members who let you contact them?"),
        help_text=gettext_lazy("One sentence. It is asked apart, and who refuses it can still use your tool. Empty: you contact nobody."),
        required=False,
    )
    contact = forms.EmailField(
        label=gettext_lazy("E-mail address for questions about both of us"),
        help_text=gettext_lazy("Empty: each of us has its own."),
        required=False,
    )

    def __init__(self, *args, partner=None, **kwargs):
        stands = fields.of_organisation(partner)
        super().__init__(*args, initial=stands, **kwargs)
        for name in DUTIES:
            has = _("Who %(duty)s?") % {"duty": Arrangement._meta.get_field(name).verbose_name}
            self.fields[name] = forms.ChoiceField(label=has, choices=WHO)
        for name in self.asked_fields():
            self._add(name, stands)

    @staticmethod
    def asked_fields() -> list[str]:
        return askable()

    def _add(self, name, stands):
        title = title_of(name)
        asks, needs = name in stands["attributes"], name in stands["needed"]
        self.fields[f"asks_{name}"] = forms.BooleanField(label=title, required=False, initial=asks)
        self.fields[f"why_{name}"] = line(
            at_most=SENTENCE_AT_MOST,
            label=_("Why do you need: %(field)s?") % {"field": title},
            required=False,
            initial=stands["reasons"].get(name, ""),
        )
        self.fields[f"needs_{name}"] = forms.BooleanField(
            label=_("Our tool does not work without: %(field)s") % {"field": title}, required=False, initial=needs
        )

    def attributes(self):
        """For the page: the three boxes of each account field."""
        return [(self[f"asks_{name}"], self[f"why_{name}"], self[f"needs_{name}"]) for name in self.asked_fields()]

    def particulars(self):
        return [self[name] for name in self.PARTICULARS]

    def arrangement(self):
        return [self[name] for name in fields.OF_ARRANGEMENT]

    def clean_privacy_url(self):
        address = self.cleaned_data["privacy_url"]
        if urlsplit(address).scheme != "https":
            raise ValidationError(_("The address has to begin with https://."), code="https")
        return address

    def clean(self):
        sent = super().clean()
        for name in self._asked(sent):
            if not sent.get(f"why_{name}") and f"why_{name}" not in self.errors:
                self.add_error(f"why_{name}", _("Say in one sentence why you need it: members read this beside the value."))
        return sent

    def _asked(self, sent) -> list[str]:
        return [name for name in self.asked_fields() if sent.get(f"asks_{name}")]

    def wanted(self) -> dict:
        """As `proposing.propose` takes it."""
        sent = self.cleaned_data
        asked = self._asked(sent)
        return {
            **{name: sent[name] for name in self.PLAIN},
            "attributes": asked,
            "reasons": {name: sent[f"why_{name}"] for name in asked},
            "needed": [name for name in asked if sent[f"needs_{name}"]],
        }


class ProgramForm(forms.Form):
    name = line(label=gettext_lazy("Name of the program"), help_text=gettext_lazy("For yourself: the website, the app for tablets."))
    keeps_secrets = forms.ChoiceField(
        label=gettext_lazy("Where does it run?"),
        choices=[
            ("yes", gettext_lazy("On a server of ours: it can keep a secret")),
            ("no", gettext_lazy("In a browser or on people's own devices: nothing stays secret there")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one.")},
    )


def addresses(**options):
    return forms.CharField(
        max_length=ADDRESSES_AT_MOST * ADDRESS_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        **options,
    )


class AddressesForm(forms.Form):
    """Where a program may send people back to, compared to the letter (RFC 9700, 2.1), where we call it, and whose archives it brings."""

    redirect_uris = addresses(label=gettext_lazy("Addresses to go back to after signing in"), help_text=gettext_lazy("One on each line."))
    post_logout_redirect_uris = addresses(
        label=gettext_lazy("Addresses to go back to after signing out"),
        help_text=gettext_lazy("One on each line; none is fine."),
        required=False,
    )
    backchannel_logout_uri = forms.CharField(
        label=gettext_lazy("Address at which we tell who signs out here"),
        help_text=gettext_lazy("OpenID Connect Back-Channel Logout. Empty: your program need not know."),
        max_length=ADDRESS_AT_MOST,
        required=False,
        validators=[address_of_a_partner],
    )
    brings_from = forms.CharField(
        label=gettext_lazy("Address of the platform whose archives it brings"),
        help_text=gettext_lazy("By which that platform signs: scheme and host alone. Empty: it brings none."),
        max_length=NAME_AT_MOST,
        required=False,
        validators=[address_of_a_partner],
    )

    def clean_brings_from(self):
        return self.cleaned_data["brings_from"].rstrip("/")

    def clean_redirect_uris(self):
        return self._checked("redirect_uris")

    def clean_post_logout_redirect_uris(self):
        return self._checked("post_logout_redirect_uris")

    def _checked(self, name) -> str:
        found = self.cleaned_data[name].split()
        if len(found) > ADDRESSES_AT_MOST:
            raise ValidationError(_("At most %(count)d addresses.") % {"count": ADDRESSES_AT_MOST}, code="many")
        for address in found:
            refuse_address(address)
        return "\n".join(dict.fromkeys(found))


def refuse_address(address: str) -> None:
    """https, a host, no wildcard, no fragment, nobody's name; http only to a developer's own machine."""
    try:
        parts = urlsplit(address)
        host = parts.netloc.rpartition(":")[0] if parts.port else parts.netloc
    except ValueError:
        parts, host = None, ""
    is_plain = bool(host) and "@" not in host and "*" not in address and not parts.fragment and address.isascii() and address.isprintable()
    is_safe = is_plain and (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK and _may_be_http()))
    if not is_safe or len(address) > ADDRESS_AT_MOST:
        raise ValidationError(_("Not an address that can be used: %(address)s") % {"address": address[:80]}, code="address")


def _may_be_http() -> bool:
    return "http" in settings.OAUTH2_PROVIDER["ALLOWED_REDIRECT_URI_SCHEMES"]


# What ours write to a partner.
to_its_contacts = partial(words, help_text=gettext_lazy("The contacts of the partner read this. At most 2000 characters."))


class AnswerForm(forms.Form):
    answer = to_its_contacts(label=gettext_lazy("Why not?"))


class EndForm(forms.Form):
    reason = to_its_contacts(label=gettext_lazy("Why does it end?"))
