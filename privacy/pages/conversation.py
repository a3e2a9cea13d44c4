"""Writing back and forth about a request: the person on her page, one of ours at the desk."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..casework import conversation
from ..casework.conversation import MESSAGE_AT_MOST
from ..casework.requests import DataSubjectRequest
from ..errors import ConversationClosed, OwnDecision, TooManyMessages
from .forms import ROWS, form_page
from .opening import opened
from .people import DESK_ENTRY, desk_entry, desk_page, may, open_to_hidden, person_page


class MessageForm(forms.Form):
    use_required_attribute = False

    text = forms.CharField(
        label=gettext_lazy("What do you want to say?"),
        help_text=gettext_lazy("Text only, at most 5000 characters."),
        max_length=MESSAGE_AT_MOST,
        widget=forms.Textarea(attrs={"rows": ROWS}),
    )

    def __init__(self, *args, **kwargs):
        """A browser cuts what is pasted at `maxlength` and says nothing; we say it and keep the text."""
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs.pop("maxlength", None)

    def clean_text(self):
        """Browsers send line breaks in their own way."""
        return self.cleaned_data["text"].replace("\r\n", "\n")


@form_page
@open_to_hidden
@person_page
def hers(request, ref):
    asked = DataSubjectRequest.objects.about(request.subject).numbered(ref)
    form = MessageForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _is_sent(form, conversation.write_to_us, asked):
        messages.success(request, _("Sent. We answer here, and mail you when we do."))
        return redirect("privacy:request_messages", asked.ref)
    return _page(request, "privacy/request_messages.html", asked, form)


@form_page
@desk_page
@opened
def ours(request, asked):
    return _write(request, asked) if request.method == "POST" else _page(request, "privacy/messages.html", asked, MessageForm())


@desk_entry
def _write(request, asked):
    form = MessageForm(request.POST)
    if form.is_valid() and _is_sent(form, conversation.write_to_her, asked, actor_ref=request.subject.ref):
        messages.success(request, _("Sent. The person reads it signed in; our mail says only that it is there."))
        return redirect("privacy:messages", asked.ref)
    return _page(request, "privacy/messages.html", asked, form)


def _is_sent(form, write, asked, **how) -> bool:
    """What is refused stays in the form: nobody types it twice."""
    try:
        write(asked, form.cleaned_data["text"], **how)
    except (ConversationClosed, OwnDecision, TooManyMessages) as refusal:
        form.add_error("text", refusal.sentence)
    return not form.errors


def _page(request, template, asked, form):
    """The newest on top."""
    asked.refresh_from_db(fields=["status"])
    context = {"asked": asked, "form": form, "said": asked.messages.order_by("-pk"), "may_write": may(request.user, DESK_ENTRY)}
    return render(request, template, context, status=400 if form.is_bound else 200)
