"""What a visit of a member leaves behind: that she looked at material, that she downloaded it."""

from datetime import timedelta

from django.utils import timezone

from .models import Download, Publication, Resource, ResourceView

# Looking again within this time is the same visit.
ONE_VISIT = timedelta(hours=1)


def note_view(member, resource: Resource, author_key, *, ip_address: str | None) -> None:
    """Not of her own material, nor while her use is on hold."""
    if author_key == member.pk or member.subject.restricts("usage"):
        return
    since = timezone.now() - ONE_VISIT
    if not ResourceView.objects.filter(member=member, resource=resource, viewed_at__gt=since).exists():
        ResourceView.objects.create(member=member, resource=resource, ip_address=ip_address)


def note_download(member, publication: Publication) -> None:
    if not member.subject.restricts("usage"):
        Download.objects.create(member=member, resource_id=publication.resource_id)
