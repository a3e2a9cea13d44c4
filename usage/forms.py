"""What people fill in: about material, in folders, to each other and to us."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import files
from .curriculum import SUBJECTS
from .documents import KINDS
from .errors import FileRefused
from .fields import NumberField, Words, nobody, own_number, words
from .models import Comment, Favourite, Feedback, Folder, Level, Message, Publication, Resource
from .models.resources import LONGEST_TAG, MOST_TAGS

LONGEST_FILE_NAME = 1_000


def subjects(first):
    return [("", first), *sorted(SUBJECTS.items(), key=lambda subject: str(subject[1]).lower())]


class MaterialForm(forms.Form):
    """What a member says of her material."""

    title = words(Resource, "title", required=True, help_text=gettext_lazy("What others read first."))
    subject_taught = forms.ChoiceField(label=gettext_lazy("Subject"))
    level = forms.ChoiceField(label=gettext_lazy("Level"), required=False)
    tags = forms.CharField(
        label=gettext_lazy("Key words"),
        help_text=gettext_lazy("Words by which others find it, with commas between them. At most 10."),
        required=False,
    )
    description = words(Publication, "description", help_text=gettext_lazy("What is it for, and how do you use it in class?"))
    town = words(Publication, "town", help_text=gettext_lazy("Where you made it, with the postal code. You may leave this empty."))
    shown = forms.ChoiceField(label=gettext_lazy("Under which name?"), widget=forms.RadioSelect)
    file = forms.FileField(label=gettext_lazy("File"), max_length=LONGEST_FILE_NAME)
    number = own_number()

    def __init__(self, *args, member, **kwargs):
        super().__init__(*args, **kwargs)
        self.member = member
        self.fields["subject_taught"].choices = subjects(_("Choose a subject"))
        self.fields["level"].choices = [("", _("For every level")), *Level.choices]
        self.fields["shown"].choices = [("name", member.get_full_name()), ("none", _("Without a name"))]
        self.fields["file"].help_text = _("%(kinds)s. At most 20 MB. We take out the names in its properties.") % {
            "kinds": ", ".join(KINDS)
        }

    def clean_tags(self) -> list[str]:
        """In lower case, each once."""
        tags = list(dict.fromkeys(tag for tag in (" ".join(part.split()).lower() for part in self.cleaned_data["tags"].split(",")) if tag))
        if len(tags) > MOST_TAGS:
            raise ValidationError(_("These are %(count)s key words. Choose the 10 that say most.") % {"count": len(tags)})
        if any(len(tag) > LONGEST_TAG for tag in tags):
            raise ValidationError(_("A key word is at most 30 characters. Put a comma between your words."))
        return tags

    def clean_file(self):
        """What we keep of it, or a sentence that says why we do not take it."""
        upload = self.cleaned_data["file"]
        if not upload:
            return None
        try:
            return files.prepare(upload)
        except FileRefused as refusal:
            raise ValidationError(refusal.sentence) from None

    @property
    def parts(self) -> dict:
        """What goes into each table, the file, and what that was called."""
        sent = self.cleaned_data
        name = self.member.get_full_name() if sent["shown"] == "name" else ""
        return {
            "material": {column: sent[column] for column in ("title", "subject_taught", "level", "tags")},
            "words": {"description": sent["description"], "town": sent["town"], "shown_name": name},
            "document": sent["file"],
            "file_name": self.files["file"].name if sent["file"] else "",
        }


class ChangeForm(MaterialForm):
    """Without a file, the one that is there stays."""

    def __init__(self, *args, publication, **kwargs):
        resource = publication.resource
        initial = {name: getattr(resource, name) for name in ("title", "subject_taught", "level")}
        initial |= {"description": publication.description, "town": publication.town, "tags": ", ".join(resource.tags)}
        super().__init__(*args, initial=initial | {"shown": "name" if publication.shown_name else "none"}, **kwargs)
        self.fields["file"].required = False
        self.fields["file"].label = _("Another file")
        del self.fields["number"]
        if resource.subject_taught not in SUBJECTS:
            self.fields["subject_taught"].choices = [(resource.subject_taught, resource.subject_taught), *subjects(_("Choose a subject"))]


class ScoreForm(forms.Form):
    value = forms.TypedChoiceField(
        label=gettext_lazy("How many stars?"),
        choices=[(number, number) for number in range(1, 6)],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose from 1 to 5 stars.")},
    )


class CommentForm(forms.Form):
    text = words(
        Comment, "text", label=gettext_lazy("Your comment"), help_text=gettext_lazy("Everybody can read it, with your name beside it.")
    )
    number = own_number()
    reply_to = NumberField(otherwise=nobody)


class KeepForm(forms.Form):
    """In one of her folders, or in a new one."""

    folder = forms.ChoiceField(label=gettext_lazy("In which folder?"), required=False)
    new_folder = words(Folder, "name", label=gettext_lazy("Or in a new folder called"), required=False)
    note = words(Favourite, "note", label=gettext_lazy("Note for yourself"))

    def __init__(self, *args, folders, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["folder"].choices = [("", _("Choose a folder")), *((folder.pk, folder.name) for folder in folders)]
        if not folders:
            del self.fields["folder"]
            self.fields["new_folder"].label = _("In a folder called")

    def clean(self):
        if not self.errors and not self.cleaned_data.get("folder") and not self.cleaned_data["new_folder"]:
            self.add_error("new_folder", _("Choose a folder, or give a new one a name."))


class FolderForm(forms.Form):
    name = words(Folder, "name", label=gettext_lazy("Name of the folder"))


class FavouriteForm(forms.Form):
    note = words(Favourite, "note", label=gettext_lazy("Note for yourself"))
    folder = forms.ChoiceField(label=gettext_lazy("In which folder?"))

    def __init__(self, *args, folders, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["folder"].choices = [(folder.pk, folder.name) for folder in folders]


class MessageForm(forms.Form):
    text = words(Message, "text", label=gettext_lazy("Your message"))


class FeedbackForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("Your e-mail address"), help_text=gettext_lazy("Where we answer."), max_length=254)
    text = words(Feedback, "text", label=gettext_lazy("Your question or remark"))

    def __init__(self, *args, address="", **options):
        """A member is answered at her own confirmed address, whatever is sent."""
        super().__init__(*args, **options)
        self.address = self.initial["email"] = address
        if address:
            self.fields["email"].required = False
            self.fields["email"].widget.attrs["readonly"] = True

    def clean_email(self):
        return self.address or self.cleaned_data["email"]

    def clean(self):
        """People do not see this field, programs fill it. It comes back empty: the second try of a person goes through."""
        if self.data.get("website"):
            raise ValidationError(_("Something filled in a field that people do not see. Nothing was sent yet: send it once more."))


class AnswerForm(forms.Form):
    text = Words(label=gettext_lazy("Your answer"), max_length=10_000)
