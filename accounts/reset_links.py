"""Links that choose a new password: each dies once an address of the account comes or goes, since it may have been mailed to that one."""

from django.contrib.auth.tokens import PasswordResetTokenGenerator


class TokenGenerator(PasswordResetTokenGenerator):
    """allauth's own covers unconfirmed addresses too, and asks for them once more where an account exists: the time would tell (T-02)."""

    def _make_hash_value(self, user, timestamp):
        return f"{super()._make_hash_value(user, timestamp)}{sorted(user.confirmed_addresses)}"
