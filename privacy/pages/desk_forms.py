"""The forms of the desk: to hold something, to look at a hold again, and to enter a letter."""

from datetime import timedelta
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..casework import looks
from ..casework.by_hand import Shown
from ..casework.colleagues import name_of
from ..casework.mandates import MandateKind
from ..casework.requests import DataSubjectRequest
from ..datamap import Right, registry
from ..days import today
from ..errors import HoldTooLong, ReasonNeeded, UnknownPerson
from ..evidence.remarks import WORDS_AT_MOST
from ..rights import holds

# How long a hold runs, and when it is looked at again, where nobody says otherwise.
USUAL_DAYS, USUAL_REVIEW_DAYS = 365, 180
ROWS = 3
# Letters that lay longer than this in a drawer are no request of today.
DAYS_UNDERWAY = 365


# What may become of a publication, as somebody says it who is not the person.
PUBLISHED = {
    "former_member": gettext_lazy("They stay, without the name"),
    "name_stays": gettext_lazy("They stay with the name, as the letter asks"),
    "remove": gettext_lazy("They are removed"),
}


def day_field(**options):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(widget=widget, **options)


def reason_field(**options):
    """On one line, beside the trail; the person reads it."""
    said = gettext_lazy("At most 60 characters. The person reads it; name nobody.")
    return forms.CharField(max_length=WORDS_AT_MOST, help_text=options.pop("help_text", said), **options)


class LookForm(forms.Form):
    """Why somebody opens a request."""

    use_required_attribute = False

    why = forms.ChoiceField(
        label=gettext_lazy("Why?"),
        choices=[(why.value, capfirst(why.label)) for why in looks.Why],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one.")},
    )
    words = reason_field(
        label=gettext_lazy("What is it about?"),
        help_text=gettext_lazy("At most 60 characters; you need none to answer. The person reads it; name nobody."),
        required=False,
    )

    def clean(self):
        given = super().clean()
        if "why" in given and "words" in given:
            try:
                looks.need_words(given["why"], given["words"])
            except ReasonNeeded as refusal:
                self.add_error("words", refusal.sentence)
        return given


class LookUpForm(LookForm):
    """By the address of a person: she reads that it was done, and why."""

    address = forms.CharField(
        label=gettext_lazy("Which address?"),
        help_text=gettext_lazy("In full, as this person confirmed it, or the reference of the account."),
        max_length=320,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )

    field_order = ["address", "why", "words"]


class AbsenceForm(forms.Form):
    """When somebody of the desk is away, and who stands in."""

    use_required_attribute = False

    begins_on = day_field(label=gettext_lazy("The first day you are away?"))
    ends_on = day_field(label=gettext_lazy("The last day?"), help_text=gettext_lazy("The day before you are back."))
    stand_in_ref = forms.TypedChoiceField(
        label=gettext_lazy("Who stands in for you?"),
        help_text=gettext_lazy("She gets the alerts, and sees what you have in hand among what is hers."),
        coerce=UUID,
    )

    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        named = [(str(colleague.subject.ref), name_of(colleague)) for colleague in colleagues]
        self.fields["stand_in_ref"].choices = [("", _("Choose")), *named]


class TermForm(forms.Form):
    """Until when, and when it is looked at again."""

    use_required_attribute = False

    until = day_field(label=gettext_lazy("Until which day?"), help_text=gettext_lazy("Then it ends by itself. At most ten years."))
    review_on = day_field(label=gettext_lazy("When do you look at it again?"), help_text=gettext_lazy("We remind you by mail."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        on = today()
        self.initial.setdefault("until", on + timedelta(days=USUAL_DAYS))
        self.initial.setdefault("review_on", on + timedelta(days=USUAL_REVIEW_DAYS))

    def clean(self):
        given = super().clean()
        if "until" in given and "review_on" in given:
            try:
                holds.check_days(given["until"], given["review_on"])
            except HoldTooLong as refusal:
                self.add_error("until", refusal.sentence)
        return given


class HoldForm(TermForm):
    """What is held, on which ground."""

    record = forms.ChoiceField(label=gettext_lazy("What must not get lost?"))
    row_key = forms.CharField(
        label=gettext_lazy("Only one of them?"),
        help_text=gettext_lazy("Its number. Leave it empty to hold all of this kind, also what is added until the erasure."),
        max_length=255,
        required=False,
    )
    ground = forms.ChoiceField(
        label=gettext_lazy("On which ground?"),
        choices=[(ground.value, capfirst(ground.label)) for ground in holds.GROUNDS],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one: the law knows no other.")},
    )
    why = forms.CharField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("The person reads this, before she confirms and in our answer. Name nobody. At most 500 characters."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": ROWS}),
    )

    field_order = ["record", "row_key", "ground", "why", "until", "review_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        named = [(data_map.label(), capfirst(str(data_map.heading()))) for data_map in holds.holdable()]
        self.fields["record"].choices = [("", _("Choose")), *sorted(named, key=lambda pair: pair[1])]


class ProlongForm(TermForm):
    reason = reason_field(label=gettext_lazy("Why is it still needed?"))


class LiftForm(forms.Form):
    use_required_attribute = False

    reason = reason_field(label=gettext_lazy("Why is it no longer needed?"))


class OpenForm(forms.Form):
    use_required_attribute = False

    reason = reason_field(label=gettext_lazy("Why do you open it?"))
    part = forms.IntegerField(label=gettext_lazy("Which part?"), min_value=1, max_value=2**31 - 1, initial=1)

    def __init__(self, *args, parts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["part"].help_text = ngettext("There is %(count)d.", "There are %(count)d.", parts) % {"count": parts}
        if parts < 2:
            self.fields["part"].widget = forms.HiddenInput()


class LetterForm(forms.Form):
    """A request that came by letter or mail, of whatever right."""

    use_required_attribute = False

    right = forms.ChoiceField(
        label=gettext_lazy("What is asked?"),
        choices=[(right.value, capfirst(right.label)) for right in Right],
        widget=forms.RadioSelect,
    )
    person = forms.CharField(
        label=gettext_lazy("Whose account is it?"),
        help_text=gettext_lazy("An address that this person confirmed, in full, or the reference of the account."),
        max_length=320,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("How did it come?"),
        choices=[(channel.value, capfirst(channel.label)) for channel in DataSubjectRequest.BY_HAND],
        widget=forms.RadioSelect,
    )
    received_on = day_field(label=gettext_lazy("On which day did it come?"), help_text=gettext_lazy("The time to answer runs from then."))
    identified_by = forms.ChoiceField(
        label=gettext_lazy("How do you know who wrote it?"),
        choices=[(shown.value, capfirst(shown.label)) for shown in Shown],
        widget=forms.RadioSelect,
    )
    mandate = forms.ChoiceField(
        label=gettext_lazy("Does somebody else ask it for this person?"),
        choices=[("", gettext_lazy("No")), *((kind.value, capfirst(kind.label)) for kind in MandateKind)],
        widget=forms.RadioSelect,
        required=False,
    )
    reason = reason_field(label=gettext_lazy("What did the person ask?"))

    def __init__(self, *args, actor_ref, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor_ref = actor_ref
        maps = [data_map for data_map in registry.maps.values() if data_map.row.name == "chosen"]
        for data_map in maps:
            self.fields[_choice(data_map.row.group)] = forms.ChoiceField(
                label=_("What becomes of the %(published)s?") % {"published": data_map.heading()},
                help_text=_("Only where erasure is asked."),
                choices=PUBLISHED.items(),
                initial=next(iter(PUBLISHED)),
                required=False,
            )
        self.groups = [data_map.row.group for data_map in maps]

    def clean_received_on(self):
        day, latest = self.cleaned_data["received_on"], today()
        if not latest - relativedelta(days=DAYS_UNDERWAY) <= day <= latest:
            raise forms.ValidationError(_("Choose a day of the past year, at the latest today."))
        return day

    def clean(self):
        """Nobody is looked up while something else is wrong: that would be a look without a letter."""
        given = super().clean()
        if not self.errors:
            given["person"] = looks.look_up(given["person"], why=looks.Why.ANSWER, words="", actor_ref=self.actor_ref)
            if given["person"] is None:
                self.add_error("person", UnknownPerson.sentence)
        return given

    @property
    def choices(self) -> dict[str, str]:
        """Only what differs from the default, and only of an erasure."""
        if self.cleaned_data["right"] != Right.ERASURE:
            return {}
        said = {group: self.cleaned_data[_choice(group)] or next(iter(PUBLISHED)) for group in self.groups}
        return {group: choice for group, choice in said.items() if choice != next(iter(PUBLISHED))}


def _choice(group) -> str:
    return f"for_{group}"
