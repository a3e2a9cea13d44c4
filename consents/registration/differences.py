"""What a proposal would change, old beside new, in words."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from ..attributes import title_of
from ..joint_control import DUTIES, Arrangement, Party
from . import fields

TITLES = {
    "name": gettext_lazy("Name"),
    "contact_email": gettext_lazy("E-mail address for questions"),
    "privacy_url": gettext_lazy("Privacy statement"),
    "purpose": gettext_lazy("Used for"),
    "attributes": gettext_lazy("Data it asks"),
    "reasons": gettext_lazy("Why"),
    "needed": gettext_lazy("Does not work without"),
    "offers": gettext_lazy("Would like to offer members"),
    **{duty: Arrangement._meta.get_field(duty).verbose_name for duty in DUTIES},
    "contact": gettext_lazy("Questions about both go to"),
    "redirect_uris": gettext_lazy("Back to, after signing in"),
    "post_logout_redirect_uris": gettext_lazy("Back to, after signing out"),
    "backchannel_logout_uri": gettext_lazy("Told there who signs out here"),
    "brings_from": gettext_lazy("Brings archives of"),
}


@dataclass(frozen=True)
class Difference:
    """One field; `added` are the lines that stand only in the new one."""

    title: str
    old: list[str]
    new: list[str]

    @property
    def added(self) -> set[str]:
        return set(self.new) - set(self.old)


def differences(proposal) -> list[Difference]:
    """In the order of the form. Of a decided one nothing is left to compare: what it asked stands as new."""
    stands = _stands(proposal)
    return [
        Difference(capfirst(str(title)), _lines(name, stands.get(name)), _lines(name, proposal.changes[name]))
        for name, title in TITLES.items()
        if name in proposal.changes
    ]


def _stands(proposal) -> dict:
    if not proposal.is_waiting:
        return {}
    return fields.of_program(proposal.application) if proposal.application else fields.of_organisation(proposal.partner)


def _lines(name, value) -> list[str]:
    if not value:
        return []
    if name in DUTIES:
        return [capfirst(str(Party(value).label))]
    if name == "reasons":
        return [f"{title_of(field)}: {reason}" for field, reason in value.items()]
    return [title_of(field) for field in value] if isinstance(value, list) else value.split("\n")
