"""What moderators, custodians and banned people write."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from privacy.pages.forms import words

from ..addresses import MOST_CHARACTERS, one_spelling
from ..models import Ban
from .keeping import LiftReason, ReadReason
from .sealing import KEY_BYTES_AT_MOST


def as_sentences(choices):
    return [(value, capfirst(str(words))) for value, words in choices]


def one_of(choices, **options):
    errors = {"required": _("Choose one.")}
    return forms.ChoiceField(choices=lambda: as_sentences(choices), widget=forms.RadioSelect, error_messages=errors, **options)


class AddressForm(forms.Form):
    """Sent and never asked for by an address of a page: that would stand in logs."""

    address = forms.CharField(
        label=_("E-mail address"),
        max_length=MOST_CHARACTERS,
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_address(self):
        return one_spelling(self.cleaned_data["address"])


class NoticeForm(forms.Form):
    text = words(
        label=_("What happened, and what has to change?"),
        help_text=_("The member reads this, word for word. At most 2000 characters."),
    )


class BreachForm(forms.Form):
    breach = words(
        label=_("What was the serious breach of trust?"),
        help_text=_("What happened, when, and how you know, without names. The person reads this too. At most 2000 characters."),
    )


class ObjectionForm(forms.Form):
    text = words(
        label=_("What do you want us to know?"),
        help_text=_("Only if you want to: you need no reason. Text only, at most 2000 characters."),
        required=False,
    )


class ReadForm(forms.Form):
    reason = one_of(ReadReason.choices, label=_("Why do you need to read it?"))
    key_file = forms.FileField(
        label=_("Your key file"),
        help_text=_("It is used for this one time, and kept nowhere."),
        widget=forms.FileInput(attrs={"accept": ".pem"}),
    )
    passphrase = forms.CharField(
        label=_("The passphrase of your key file"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def clean_key_file(self):
        sent = self.cleaned_data["key_file"]
        if sent.size > KEY_BYTES_AT_MOST:
            raise ValidationError(_("This is no key file of ours: it is too large."))
        return sent.read()


class KeepForm(forms.Form):
    because = words(
        label=_("Why does it have to stay?"),
        help_text=_("The person reads this too. At most 2000 characters."),
    )


class LiftForm(forms.Form):
    reason = one_of(LiftReason.choices, label=_("Why do you lift it?"))


class WithholdForm(forms.Form):
    ground = forms.ChoiceField(
        label=_("Leave it out of the copy of the person's data?"),
        choices=lambda: as_sentences(Ban.Withheld.choices),
        widget=forms.RadioSelect,
        required=False,
    )
