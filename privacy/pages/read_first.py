"""A letter of ours is read before it goes out, and again where something changed between looking and sending."""

from django.shortcuts import render


def was_read(request, seen: str) -> bool:
    """`seen`: what the letter says now, as a fingerprint."""
    return "send" in request.POST and request.POST.get("seen") == seen


def is_to_change(request) -> bool:
    """Back to the form, with what was written."""
    return "change" in request.POST


def letter(request, asked, form, *, draft, seen: str, go: str):
    """`go`: what the button says. Without a draft no letter goes out yet."""
    changed = "send" in request.POST
    context = {"asked": asked, "form": form, "draft": draft, "seen": seen, "go": go, "changed": changed}
    return render(request, "privacy/read_first.html", context, status=409 if changed else 200)
