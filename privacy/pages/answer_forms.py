"""The forms with which the desk answers: yes, no or in part, more time, and asking first."""

from django import forms
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..casework import answering, extending, outcome, pausing, refusing, weighing
from ..errors import ExcessNotShown, IdentityNotTried, PartNotNamed, PrivacyError, UseNotNamed
from .moments import day

ROWS = 5
# Earlier requests whose days are shown.
EARLIER = 5
# Refusal -> the field beside which it is said; beside the ground, where none is named.
BESIDE = {ExcessNotShown: "evidence", IdentityNotTried: "ground", PartNotNamed: "about"}


def choices_of(values):
    return [(value.value, capfirst(value.label)) for value in values]


class RefusalForm(forms.Form):
    """A no, with the grounds of this right alone."""

    use_required_attribute = False

    ground = forms.ChoiceField(label=gettext_lazy("On which ground do you refuse?"), widget=forms.RadioSelect)
    reasons = forms.CharField(
        label=gettext_lazy("Why, in words?"),
        help_text=gettext_lazy("The person reads this. At most 5000 characters."),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": ROWS}),
    )
    evidence = forms.CharField(
        label=gettext_lazy("What shows that it is excessive?"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": ROWS})
    )

    def __init__(self, *args, asked, **kwargs):
        super().__init__(*args, **kwargs)
        self.asked = asked
        self.fields["ground"].choices = choices_of(refusing.grounds_of(asked))
        self.fields["evidence"].help_text = _what_came_before(asked)

    def clean_reasons(self):
        """As it stands in the letter, whatever a browser makes of line breaks."""
        return self.cleaned_data["reasons"].replace("\r\n", "\n")

    def clean(self):
        given = super().clean()
        if not self.errors:
            self._check(given)
        return given

    def _check(self, given):
        try:
            refusing.check(self.asked, given["ground"], given["reasons"], given["evidence"])
        except PrivacyError as refusal:
            self.add_error(BESIDE.get(type(refusal), "ground"), refusal.sentence)

    @property
    def no(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("ground", "reasons", "evidence")}


def _what_came_before(asked) -> str:
    """Dates of earlier requests (G-11)."""
    days = [day(received_at) for received_at in refusing.earlier(asked).values_list("received_at", flat=True)[:EARLIER]]
    if not days:
        return _("Only for that ground, which does not apply here: nothing of this kind was asked before.")
    said = _("Only for that ground. Asked before: %(days)s. After a year it is never excessive. Our own record, not in the letter.")
    return said % {"days": get_text_list(days, _("and"))}


class AnswerForm(RefusalForm):
    """What becomes of the request; ground and reasons only where something of it is refused."""

    answer = forms.ChoiceField(label=gettext_lazy("What do you answer?"), widget=forms.RadioSelect)
    about = forms.MultipleChoiceField(
        label=gettext_lazy("Which uses do you refuse?"),
        help_text=gettext_lazy("Only for an answer in part."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    field_order = ["answer", "about", "ground", "reasons", "evidence"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = choices_of(answering.answers_to(self.asked))
        self.fields["ground"].required = self.fields["reasons"].required = False
        self.fields["reasons"].help_text = _("Only where you refuse something. The person reads this. At most 5000 characters.")
        uses = answering.uses_to_refuse(self.asked)
        self.fields["about"].choices = [(use, capfirst(title)) for use, title in zip(uses, outcome.uses(uses), strict=True)]
        if not uses:
            del self.fields["about"]

    def _check(self, given):
        chosen = given["answer"]
        if chosen in answering.DONE:
            self._check_use()
        if chosen not in answering.SAYS_NO:
            return
        super()._check(given)
        if chosen == answering.Answer.PARTLY:
            self._check_part(given)

    def _check_use(self):
        try:
            weighing.need_use(self.asked)
        except UseNotNamed as refusal:
            self.add_error("answer", refusal.sentence)

    def _check_part(self, given):
        try:
            refusing.check_part(self.asked, given.get("about", ()))
        except PartNotNamed as refusal:
            self.add_error(BESIDE[PartNotNamed], refusal.sentence)

    @property
    def chosen(self) -> answering.Answer:
        return answering.Answer(self.cleaned_data["answer"])

    @property
    def no(self) -> dict:
        """Nothing for a yes."""
        if self.chosen not in answering.SAYS_NO:
            return {}
        about = {"about": self.cleaned_data.get("about", ())} if self.chosen == answering.Answer.PARTLY else {}
        return super().no | about


class ExtendForm(forms.Form):
    use_required_attribute = False

    reason = forms.ChoiceField(
        label=gettext_lazy("Why does it take longer?"),
        help_text=gettext_lazy("The law knows these two. That it is much work, or that we are large, is none."),
        choices=choices_of(extending.Reason),
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=gettext_lazy("What makes it so here?"),
        help_text=gettext_lazy("The person reads this. Name nobody. At most 1000 characters."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": ROWS}),
    )


class StopForm(forms.Form):
    """Of the clock."""

    use_required_attribute = False

    reason = forms.ChoiceField(label=gettext_lazy("What do we miss?"), widget=forms.RadioSelect)

    def __init__(self, *args, asked, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = choices_of(pausing.reasons_for(asked))
