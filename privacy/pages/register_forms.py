"""The forms of the registers: a breach and what we know of it, whom to tell, an organisation, a request of an authority."""

from datetime import UTC, datetime
from uuid import UUID

from django import forms
from django.core.validators import MinValueValidator
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..casework import looks
from ..casework.registers import authorities, processors
from ..casework.registers.breaches import WORDS_AT_MOST, BreachNotice, Kind, Risk
from ..casework.registers.breaching import SILENCE
from ..conf import setting
from ..datamap import registry
from ..errors import UnknownPerson
from ..evidence.recipients import Recipient
from ..rights import holds
from .desk_forms import day_field
from .forms import some_of

ROWS = 4
# Persons that one breach may name, all its phases together; more are a use of data as a whole.
NAMED_AT_MOST = 200
LAST_PHASE = 2**15 - 1
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
NAME_NOBODY = gettext_lazy("At most 5000 characters. Name nobody.")


def words_field(**options):
    at_most = options.pop("at_most", WORDS_AT_MOST)
    return forms.CharField(max_length=at_most, widget=forms.Textarea(attrs={"rows": ROWS}), **options)


def moment_field(**options):
    """Where we work; the year 1 in Brussels lies before the first one that a database has."""
    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    since = MinValueValidator(EARLIEST, message=gettext_lazy("Choose a moment since the year 2000."))
    return forms.DateTimeField(widget=widget, validators=[since], **options)


def choice_field(choices, **options):
    named = [(value, capfirst(label)) for value, label in choices]
    return forms.ChoiceField(choices=named, widget=forms.RadioSelect, **options)


def person_field(**options):
    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"})
    return forms.CharField(max_length=320, widget=widget, **options)


class SeenForm(forms.Form):
    """Carries which phase it was filled in beside, so that nobody acts on what another changed meanwhile."""

    use_required_attribute = False

    seen = forms.IntegerField(min_value=1, max_value=LAST_PHASE, widget=forms.HiddenInput)

    def said(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class PhaseForm(SeenForm):
    """What we know, in the four blocks of Art. 33(3)."""

    kinds = some_of(label=gettext_lazy("What was harmed?"))
    activities = some_of(label=gettext_lazy("Which uses of data did it reach?"))
    whom = choice_field(
        [("everybody", gettext_lazy("Everybody of whom we hold such data")), ("named", gettext_lazy("Only some people, named below"))],
        label=gettext_lazy("Whom does it concern?"),
        help_text=gettext_lazy("We count persons and records ourselves, in these uses."),
    )
    persons = words_field(
        label=gettext_lazy("Which people?"),
        help_text=gettext_lazy("One a line: a confirmed address, or the reference of the account. Those you named before stay."),
        at_most=320 * NAMED_AT_MOST,
        required=False,
    )
    facts = words_field(label=gettext_lazy("What happened?"), help_text=NAME_NOBODY)
    effects = words_field(label=gettext_lazy("What may follow for these people?"), help_text=NAME_NOBODY)
    measures = words_field(label=gettext_lazy("What did you do, and what will you do?"), help_text=NAME_NOBODY)
    contact = forms.CharField(label=gettext_lazy("Who says more?"), max_length=300)
    risk = choice_field(Risk.choices, label=gettext_lazy("What is the risk for these people?"))

    field_order = ["title", "aware_at", "began_at"]

    def __init__(self, *args, actor_ref, before=(), **kwargs):
        """`before`: references of the people who were named in an earlier phase."""
        super().__init__(*args, **kwargs)
        self.actor_ref, self.before = actor_ref, list(before)
        self.fields["kinds"].choices = [(kind.value, capfirst(kind.label)) for kind in Kind]
        self.fields["activities"].choices = [(activity.slug, activity.heading) for activity in registry.activities()]
        officer = setting("DPO")
        self.initial.setdefault("contact", f"{officer['name']}, {officer['email']}")

    def clean_persons(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["persons"].splitlines() if line.strip()]
        if len(lines) > NAMED_AT_MOST:
            raise self._too_many()
        return lines

    def _too_many(self) -> forms.ValidationError:
        return forms.ValidationError(_("At most %(most)d people can be named.") % {"most": NAMED_AT_MOST})

    def clean(self):
        given = super().clean()
        if given.get("whom") == "named" and "persons" in given and not given["persons"] and not self.before:
            self.add_error("persons", _("Name at least one."))
        if not self.errors:
            given["persons"] = self._named(given["persons"]) if given["whom"] == "named" else []
        return given

    def _named(self, lines) -> list[UUID]:
        """One that we do not know finds nobody, and the page says which line it was; never what stands there."""
        found = looks.look_up_for("breach", lines, actor_ref=self.actor_ref) if lines else []
        unknown = [str(number) for number, subject in enumerate(found, start=1) if subject is None]
        if unknown:
            self.add_error("persons", _("We find nobody for line %(lines)s.") % {"lines": ", ".join(unknown)})
        refs = [subject.ref for subject in found if subject]
        if len({*self.before, *refs}) > NAMED_AT_MOST:
            self.add_error("persons", self._too_many())
        return refs

    def refs(self) -> list:
        return list(dict.fromkeys([*self.before, *self.cleaned_data["persons"]])) if self.cleaned_data["whom"] == "named" else []

    def known(self) -> dict:
        names = "kinds", "activities", "facts", "effects", "measures", "contact", "risk"
        return {name: self.cleaned_data[name] for name in names}


class BreachForm(PhaseForm):
    seen = None

    title = forms.CharField(
        label=gettext_lazy("What happened, in a few words?"), help_text=gettext_lazy("At most 100 characters. Name nobody."), max_length=100
    )
    aware_at = moment_field(
        label=gettext_lazy("When did you know that there was a breach?"), help_text=gettext_lazy("The 72 hours run from then.")
    )
    began_at = moment_field(label=gettext_lazy("When did it begin, as far as you know?"), required=False)


class TellAuthorityForm(SeenForm):
    at = moment_field(label=gettext_lazy("When did you tell the authority?"))
    way = choice_field(BreachNotice.Way.choices[:4], label=gettext_lazy("How?"))
    reference = forms.CharField(label=gettext_lazy("Which number did the authority give it?"), max_length=60, required=False)
    words = words_field(
        label=gettext_lazy("Why only then?"), help_text=gettext_lazy("Only where more than 72 hours had passed."), required=False
    )


class SilenceForm(SeenForm):
    """Why nobody has to be told."""

    outcome = forms.ChoiceField(label=gettext_lazy("On which ground?"), widget=forms.RadioSelect)
    words = words_field(label=gettext_lazy("Why does it apply?"), help_text=NAME_NOBODY)

    def __init__(self, *args, to, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [(outcome.value, capfirst(outcome.label)) for outcome in SILENCE[to]]


class TellPersonsForm(SeenForm):
    """In words that everybody understands: it is a letter (Art. 34(2))."""

    words = words_field(label=gettext_lazy("What happened?"), help_text=gettext_lazy("In short sentences. The person reads this."))
    effects = words_field(
        label=gettext_lazy("What may follow?"), help_text=gettext_lazy("For example: somebody may write you in our name.")
    )
    measures = words_field(label=gettext_lazy("What do you do, and what can the person do?"))


class TellPublicForm(SeenForm):
    words = words_field(label=gettext_lazy("What stands in public, and where?"), help_text=NAME_NOBODY)


class TellPartnersForm(SeenForm):
    recipients = some_of(label=gettext_lazy("Whose data protection officer do we write to?"))

    def __init__(self, *args, concerned, **kwargs):
        super().__init__(*args, **kwargs)
        self.concerned = {str(recipient.pk): recipient for recipient in concerned}
        self.fields["recipients"].choices = [(key, recipient.name) for key, recipient in self.concerned.items()]

    def clean_recipients(self) -> list[Recipient]:
        return [self.concerned[key] for key in self.cleaned_data["recipients"]]


class HttpsField(forms.URLField):
    """What comes without a scheme."""

    def __init__(self, **kwargs):
        super().__init__(assume_scheme="https", **kwargs)


class ProcessorForm(forms.ModelForm):
    use_required_attribute = False

    class Meta:
        model = Recipient
        fields = processors.OF_PROCESSOR
        widgets = {"contract_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}
        field_classes = {"privacy_url": HttpsField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].required = self.fields["contract_on"].required = True
        self.instance.kind = Recipient.Kind.PROCESSOR


class OfficerForm(forms.ModelForm):
    """Of an organisation that is no processor of ours."""

    use_required_attribute = False

    class Meta:
        model = Recipient
        fields = processors.OF_OTHERS


class AuthorityRequestForm(forms.Form):
    use_required_attribute = False

    authority = forms.CharField(label=gettext_lazy("Which court or authority asks?"), max_length=200)
    contact = forms.EmailField(label=gettext_lazy("Where do you reach it?"))
    person = person_field(
        label=gettext_lazy("Whose data does it ask?"),
        help_text=gettext_lazy("An address that this person confirmed, in full, or the reference of the account."),
    )
    legal_ground = forms.CharField(
        label=gettext_lazy("On which law?"), help_text=gettext_lazy("With the article."), max_length=authorities.GROUND_AT_MOST
    )
    asked = words_field(
        label=gettext_lazy("What does it ask?"),
        help_text=gettext_lazy("At most 500 characters. Name nobody."),
        at_most=authorities.ASKED_AT_MOST,
    )
    received_on = day_field(label=gettext_lazy("On which day did it come?"))
    secret_until = day_field(
        label=gettext_lazy("Until which day does a law forbid to tell the person?"),
        help_text=gettext_lazy("Leave it empty where none does: she reads it as soon as it is answered."),
        required=False,
    )
    secrecy_ground = forms.CharField(label=gettext_lazy("Which law forbids it?"), max_length=authorities.GROUND_AT_MOST, required=False)

    def __init__(self, *args, actor_ref, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor_ref = actor_ref

    def clean(self):
        """Nobody is looked up while something else is wrong."""
        given = super().clean()
        if not self.errors:
            [given["person"]] = looks.look_up_for("authority", [given["person"]], actor_ref=self.actor_ref)
            if given["person"] is None:
                self.add_error("person", UnknownPerson.sentence)
        return given


class AuthorityAnswerForm(forms.Form):
    use_required_attribute = False

    outcome = choice_field(authorities.AuthorityRequest.Outcome.choices, label=gettext_lazy("What do you decide?"))
    attributes = forms.MultipleChoiceField(
        label=gettext_lazy("Which data does it get?"),
        help_text=gettext_lazy("No more than it asked. You hand them over yourself; here it is put on record."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        named = [(data_map.label(), capfirst(str(data_map.heading()))) for data_map in holds.holdable()]
        self.fields["attributes"].choices = sorted(named, key=lambda pair: pair[1])
