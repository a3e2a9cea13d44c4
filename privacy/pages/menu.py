"""The menu of a signed-in person."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ..conf import setting
from ..subjects import Subject
from . import people

# Which pages belong to an entry of the menu, beside its own.
BELONGS_TO = {
    "privacy:overview": {"privacy:recipients", "privacy:object", "privacy:restrict", "privacy:question", "privacy:complain"},
    "privacy:data": {"privacy:group", "privacy:table", "privacy:correct", "privacy:correct_row", "privacy:statement"},
    "privacy:requests": {
        "privacy:opened",
        "privacy:request",
        "privacy:request_messages",
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
        "privacy:answer",
        "privacy:extend",
        "privacy:pause",
        "privacy:letters",
        "privacy:messages",
        "privacy:identity",
        "privacy:identity_lower",
        "privacy:identity_agree",
        "privacy:mandate",
        "privacy:figures",
        "privacy:holds",
        "privacy:hold",
        "privacy:place_hold",
        "privacy:restrictions",
        "privacy:restriction",
        "privacy:place_restriction",
        "privacy:put_right",
        "privacy:retention",
        "privacy:audit",
        "privacy:settings",
        "privacy:setting",
        "privacy:registers",
        "privacy:processing",
        "privacy:processors",
        "privacy:add_processor",
        "privacy:organisation",
        "privacy:breaches",
        "privacy:note_breach",
        "privacy:breach",
        "privacy:breach_more",
        "privacy:breach_authority",
        "privacy:breach_silence",
        "privacy:breach_persons",
        "privacy:breach_public",
        "privacy:breach_partners",
        "privacy:disclosures",
        "privacy:note_disclosure",
        "privacy:disclosure",
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
        *_of_ours(user),
    ]


def _of_ours(user):
    """An auditor without the desk finds what she reads; who has both goes there from the desk."""
    if people.may_see_desk(user):
        return [("privacy:desk", _("Desk"), "shield")]
    return [("privacy:audit", _("Audit"), "shield")] if people.may(user, people.AUDIT) else []
