"""The form of the desk to put a use on hold."""

from django import forms
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from ..datamap import RestrictionGround, Right
from ..rights.restriction import restrictable
from .forms import some_of

ALL = "all"


class BeginForm(forms.Form):
    """Some uses or all, on one of the five grounds (Art. 18(1), K-15)."""

    use_required_attribute = False

    uses = some_of(label=gettext_lazy("Which use is on hold?"))
    ground = forms.ChoiceField(
        label=gettext_lazy("On which ground?"),
        choices=[(ground.value, capfirst(ground.label)) for ground in RestrictionGround],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one: the law knows no other.")},
    )

    def __init__(self, *args, right="", said=(), **kwargs):
        """`said`: what she asked for, with its ground; an objection has its own."""
        super().__init__(*args, **kwargs)
        uses = [(each.slug, format_html("<b>{}</b> {}", each.heading, each.purpose)) for each in restrictable()]
        self.fields["uses"].choices = [(ALL, gettext_lazy("All of them, now and later")), *uses]
        offered = {use for use, _title in uses}
        self.initial = {"uses": [words.about for words in said if words.about in offered]}
        own = RestrictionGround.OBJECTION if right == Right.OBJECTION else ""
        self.initial["ground"] = next((words.ground for words in said if words.ground), own)

    def clean_uses(self):
        """All of them is one restriction."""
        return [""] if ALL in self.cleaned_data["uses"] else self.cleaned_data["uses"]
