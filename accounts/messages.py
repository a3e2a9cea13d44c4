"""Where a message waits for the next page: with the session of who is signed in, so that it ends with it; in a cookie for others."""

from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class Storage(FallbackStorage):
    """What one person was told is not read by the next at the same computer; and no session is made for who is nobody yet."""

    def _get(self, *args, **kwargs):
        self._sort()
        return super()._get(*args, **kwargs)

    def _store(self, *args, **kwargs):
        self._sort()
        return super()._store(*args, **kwargs)

    def _sort(self):
        first = SessionStorage if self.request.user.is_authenticated else CookieStorage
        self.storages.sort(key=lambda storage: not isinstance(storage, first))
