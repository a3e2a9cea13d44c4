"""Publications that others may connect with a member: those she put her name to, and did not take back."""

from .models import Publication


def under_a_name():
    """The newest first; what was published without a name stays out, since a list of it would give the name away."""
    rows = Publication.objects.exclude(shown_name="").filter(resource__removed_at__isnull=True)
    return rows.select_related("resource", "author__subject").order_by("-published_at", "pk")
