"""The menu of a signed-in person."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ..conf import setting
from ..subjects import Subject
from . import people

# Which pages belong to an entry of the menu, beside its own.
BELONGS_TO = {
    "privacy:overview": {"privacy:recipients", "privacy:object", "privacy:restrict"},
    "privacy:data": {"privacy:group", "privacy:table", "privacy:correct", "privacy:correct_row", "privacy:statement"},
    "privacy:requests": {
        "privacy:request",
        "privacy:download",
        "privacy:download_part",
        "privacy:take_in",
        "privacy:take_in_look",
        "privacy:erase",
        "privacy:erase_confirm",
    },
    "privacy:desk": {
        "privacy:case",
        "privacy:open",
        "privacy:find",
        "privacy:look_up",
        "privacy:absence",
        "privacy:letter",
        "privacy:decide",
        "privacy:figures",
        "privacy:holds",
        "privacy:hold",
        "privacy:place_hold",
        "privacy:retention",
    },
}


@dataclass(frozen=True)
class Item:
    """One entry."""

    name: str
    icon: str
    url: str
    is_current: bool


def items(request) -> list[Item]:
    """Who is hidden sees only her requests."""
    here = request.resolver_match.view_name if request.resolver_match else ""
    return [
        Item(name, icon, reverse(view), here == view or here in BELONGS_TO.get(view, ())) for view, name, icon in _entries(request.user)
    ]


def _entries(user):
    requests = ("privacy:requests", _("Requests"), "doc")
    subject: Subject | None = people.subject_of(user)
    if subject is None:
        return []
    if subject.hidden_at:
        return [requests]
    permissions = setting("PERMISSIONS_PAGE")
    return [
        ("privacy:overview", _("Overview"), "house"),
        ("privacy:data", _("Data"), "eye"),
        *([(permissions, _("Partner access"), "plug")] if permissions else []),
        requests,
        *([("privacy:desk", _("Desk"), "shield")] if people.may_see_desk(user) else []),
    ]
