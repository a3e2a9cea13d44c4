"""A letter of ours is read before it goes out, and again where something changed between looking and sending."""

from django.shortcuts import render

# In the place of a fingerprint, where no letter goes out yet.
NO_LETTER = "accept"


def is_to_change(request) -> bool:
    """Back to the form, with what was written."""
    return "change" in request.POST


def unless_read(request, asked, form, draft, *, go: str):
    """The page with the letter, or None where she sends what she read; `go`: what the button says. Without a draft none goes out yet."""
    seen = draft.fingerprint if draft else NO_LETTER
    is_sent = "send" in request.POST
    if is_sent and request.POST.get("seen") == seen:
        return None
    context = {"asked": asked, "form": form, "draft": draft, "seen": seen, "go": go, "changed": is_sent}
    return render(request, "privacy/read_first.html", context, status=409 if is_sent else 200)
