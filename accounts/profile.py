"""The forms of a member's profile: what the account needs, what she shows if she likes, and a photo."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from privacy.pages import correct

from . import photos
from .errors import PhotoRefused
from .models import Member

# Names of the forms, as the page sends them -> the fields of the account in each.
PARTS = {
    "account": ("first_name", "last_name", "town", "gender", "birth_date", "occupation", "language"),
    "shown": ("about_me", "website", "social_networks"),
}
# What a browser may fill in by itself (WCAG 1.3.5).
AUTOCOMPLETE = {
    "first_name": "given-name",
    "last_name": "family-name",
    "town": "address-level2",
    "gender": "sex",
    "birth_date": "bday",
    "occupation": "organization-title",
    "language": "language",
    "website": "url",
}


def row_of(subject) -> tuple[str, object]:
    """Where the engine finds her account."""
    return Member._meta.label, subject.root.pk


def form_of(subject, part, data=None):
    """The engine's own form to correct a row, so that two windows do not overwrite each other here either."""
    form = correct.form_of(subject, *row_of(subject), data, only=PARTS[part])
    for name in AUTOCOMPLETE.keys() & form.fields.keys():
        form.fields[name].widget.attrs["autocomplete"] = AUTOCOMPLETE[name]
    form.order_fields(PARTS[part])
    return form


class PhotoForm(forms.Form):
    """Its cleaned value is what we keep: the picture, drawn anew."""

    photo = forms.FileField(
        label=_("A photo of you"),
        help_text=_(
            "JPEG, PNG or WebP, at most 10 MB. We cut out the middle and keep nothing else of the file, such as where it was taken."
        ),
        error_messages={"required": _("Choose a photo first.")},
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def clean_photo(self):
        try:
            return photos.portrait(self.cleaned_data["photo"])
        except PhotoRefused as refusal:
            raise ValidationError(refusal.sentence) from None
