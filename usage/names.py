"""The name that others read beside what a member wrote."""

from django.db import models
from django.utils.translation import gettext_lazy as _

FORMER_MEMBER = _("former member")


def is_masked(member) -> bool:
    """Hidden: what she left says nothing of her any more (K-14)."""
    return member is not None and member.subject.hidden_at is not None


def name_of(member, name: str = "") -> str:
    """`name`, else the member's own; masked where she is hidden, or gone without leaving a name (K-4)."""
    if member is None:
        return name or str(FORMER_MEMBER)
    if is_masked(member):
        return str(FORMER_MEMBER)
    return name or str(member)


class NamedQuerySet(models.QuerySet):
    """For models whose foreign keys to members are listed in `people`."""

    def with_names(self):
        """With what the names need, in the same query."""
        return self.select_related(*[f"{name}__subject" for name in self.model.people])
