"""What happens by the clock: what sign-in leaves behind and photos of nobody go, and letters about misconduct go out."""

from allauth.usersessions.models import UserSession
from celery import shared_task
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from . import browsers, photos, recovery
from .misconduct import letters
from .models import Ban, Member


@shared_task(name="accounts.clear_sessions")
def clear_sessions():
    """Sessions past their time, our records of sessions that are gone, and expired counters of attempts."""
    call_command("clearsessions")
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    _clear_cache()


@shared_task(name="accounts.clear_photos")
def clear_photos():
    """Files that a crash left between storing a photo and naming it."""
    photos.remove_orphans(_named, now=timezone.now())


def _named(paths) -> set[str]:
    return set(Member.objects.filter(photo__in=paths).values_list("photo", flat=True))


def _clear_cache():
    """The counters' keys hold network addresses, and a cache in the database forgets them only when asked for them again."""
    table = getattr(cache, "_table", None)
    if table is None:
        return
    with connection.cursor() as cursor:
        expired = f"DELETE FROM {connection.ops.quote_name(table)} WHERE expires < %s"  # noqa: S608 - a name from the settings
        cursor.execute(expired, [connection.ops.adapt_datetimefield_value(timezone.now().replace(microsecond=0))])


@shared_task(name="accounts.forget_old")
def forget_old():
    """Browsers that nobody signed in with for long, and changes that hold no archive back any more."""
    browsers.forget_unused()
    recovery.forget_past()


@shared_task(name="accounts.tell_of_misconduct")
def tell_of_misconduct():
    """Notices and bans whose mail did not go out yet."""
    letters.tell_what_waits()


@shared_task(name="accounts.remind_custodians")
def remind_custodians():
    """A ban has no end date, so somebody looks at each every year (G-40)."""
    waiting = Ban.objects.to_review(timezone.localdate()).count()
    if waiting:
        letters.remind_custodians(waiting)
