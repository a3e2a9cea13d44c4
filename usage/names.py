"""The name that others read beside what a member wrote."""

from django.db import models
from django.utils.translation import gettext_lazy as _

FORMER_MEMBER = _("former member")


# Her account and what she published: where either may only be kept, nobody reads her name (D-10).
NAMED_FOR = ("account", "publication")


def is_masked(member) -> bool:
    """Hidden (K-14), or restricted (Art. 18): what she left says nothing of her."""
    return member is not None and not member.subject.is_usable_for(*NAMED_FOR)


def name_of(member, name: str = "") -> str:
    """`name`, else the member's own; masked where she is hidden or restricted, or gone without leaving a name (K-4)."""
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
