"""What happens by the clock: codes and tokens of partners go once their time has passed."""

from celery import shared_task
from oauth2_provider.models import clear_expired


@shared_task(name="consents.clear_tokens")
def clear_tokens():
    """A rotated refresh token stays until it would have expired: who shows it again ends its family."""
    clear_expired()
