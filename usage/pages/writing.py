"""The forms in which people write: to each other, to us, and our answer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from privacy.errors import PrivacyError

from ..models import Feedback, Message

# Lines of a field for text, before it scrolls.
ROWS = 6


class Words(forms.CharField):
    """Text in lines. A browser does not cut it: who pastes too much reads so and loses nothing."""

    widget = forms.Textarea

    def to_python(self, value):
        """Browsers send line breaks in their own way; each counts as one character."""
        return super().to_python((value or "").replace("\r\n", "\n"))

    def widget_attrs(self, widget):
        return {"rows": ROWS}


class MessageForm(forms.Form):
    text = Words(label=_("Your message"), max_length=Message._meta.get_field("text").max_length)


class FeedbackForm(forms.Form):
    email = forms.EmailField(label=_("Your e-mail address"), help_text=_("Where we answer."), max_length=254)
    text = Words(label=_("Your question or remark"), max_length=Feedback._meta.get_field("text").max_length)

    def __init__(self, *args, address="", **options):
        """A member is answered at her own confirmed address, whatever is sent."""
        super().__init__(*args, **options)
        self.address = self.initial["email"] = address
        if address:
            self.fields["email"].required = False
            self.fields["email"].widget.attrs["readonly"] = True

    def clean_email(self):
        return self.address or self.cleaned_data["email"]

    @property
    def is_from_a_program(self) -> bool:
        """People do not see this field; programs fill whatever they find (templates/usage/feedback.html)."""
        return bool(self.data.get("website"))


class AnswerForm(forms.Form):
    text = Words(label=_("Your answer"), max_length=10_000)


def sent_in(request):
    """What was posted, also where that is nothing; None where somebody only looks."""
    return request.POST if request.method == "POST" else None


def try_to(form, act):
    """What `act(text)` gives; None where the form is not right, or where we refuse: then it says so, and keeps what was written."""
    if not form.is_valid():
        return None
    try:
        return act(form.cleaned_data["text"])
    except PrivacyError as refusal:
        form.add_error(None, refusal.sentence)
        return None
