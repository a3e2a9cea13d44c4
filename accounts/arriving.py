"""A photo that a member brings from elsewhere: drawn anew and shown on her consent, as one that she uploads."""

from privacy.rights.arrivals import kept_by_host

from . import consent, photos
from .models import Member


@kept_by_host(Member._meta.label, "photo")
def keep_photo(subject, upload):
    """PhotoRefused where it is none."""
    picture = photos.portrait(upload)
    return lambda: consent.show_photo(subject.root, picture)
