"""What a member viewed, downloaded and looked for: hers to read and to forget. Statistics that were made already stay."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from .models import Download, ResourceView, Search


@dataclass(frozen=True)
class Kind:
    """One kind of trace: `moment` is its column of when, `word` what its address is called."""

    word: str
    title: str
    model: type[models.Model]
    moment: str

    def of(self, member):
        """Her own, the latest first."""
        about = ["resource"] if self.model is not Search else []
        rows = self.model.objects.filter(member=member).select_related(*about)
        return rows.annotate(at=models.F(self.moment)).order_by("-at", "-pk")

    def forget(self, member, key) -> None:
        self.model._base_manager.filter(member=member, pk=key).delete()

    def forget_all(self, member) -> int:
        """How many."""
        return self.model._base_manager.filter(member=member).delete()[0]


KINDS = {
    kind.word: kind
    for kind in (
        Kind("viewed", _("Viewed"), ResourceView, "viewed_at"),
        Kind("downloaded", _("Downloaded"), Download, "downloaded_at"),
        Kind("searched", _("Searched"), Search, "searched_at"),
    )
}
