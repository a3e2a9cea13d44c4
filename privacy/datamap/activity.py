"""One entry of the register of processing activities (Art. 30(1))."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from ..conf import setting
from .vocabulary import LawfulBasis


@dataclass(frozen=True)
class Controller:
    """Who decides why and how (Art. 4(7))."""

    name: str
    address: str
    email: str


class _Platform:
    """Asked anew each time: its contact details change on the desk."""

    def __getattr__(self, name):
        if name not in Controller.__dataclass_fields__:
            raise AttributeError(name)
        return setting("CONTROLLER")[name]


# The host's own organisation, from PRIVACY["CONTROLLER"].
PLATFORM = _Platform()


@dataclass(frozen=True, eq=False)
class Activity:
    """A purpose with all that Art. 30(1) asks of it; columns and retention are added by the data maps."""

    slug: str
    purpose: str
    lawful_bases: tuple[LawfulBasis, ...]
    controller: Controller = PLATFORM
    persons: str = _("members")
    recipients: tuple[str, ...] = ()
    retention: str = _("until the member asks for erasure")
    source: str = _("the person")
    transfers: str = _("none outside the European Economic Area")
    decisions: str = _("none is made by a computer alone")
    security: str = _("access by role, encryption in transit, logged access")
    title: str = ""
    # Why it goes on while a person's data may only be kept (Art. 18(2)); empty for what then stops.
    goes_on: str = ""

    @property
    def heading(self) -> str:
        """What a person reads above its data."""
        return self.title or self.slug.replace("-", " ").capitalize()
