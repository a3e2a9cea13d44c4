"""Addresses on the web, one on each line: one column, which every form and archive shows as it is."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

# What a person can want to show; also what fits on her page.
AT_MOST = 5
# Characters of one address, as Django's URLField has them.
LONGEST = 200
# Characters of a wrong line that are repeated to say which it is.
REPEATED = 60


class LinksFormField(forms.CharField):
    """Blanks and line breaks part the addresses; one without a scheme gets https."""

    one = forms.URLField(assume_scheme="https", max_length=LONGEST, validators=[URLValidator(["https", "http"])])

    def to_python(self, value):
        return "\n".join(super().to_python(value).split())

    def clean(self, value):
        lines = list(dict.fromkeys(map(self._address, super().clean(value).split())))
        if len(lines) > AT_MOST:
            raise ValidationError(_("You can give at most %(number)d addresses."), code="too_many", params={"number": AT_MOST})
        return "\n".join(lines)

    def _address(self, line):
        try:
            return self.one.clean(line)
        except ValidationError:
            said = {"line": Truncator(line).chars(REPEATED)}
            raise ValidationError(_("This is no address on the web: %(line)s"), code="invalid", params=said) from None


class LinksField(models.TextField):
    def formfield(self, **options):
        return super().formfield(**{"form_class": LinksFormField, **options})
