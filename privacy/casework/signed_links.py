"""What a link in a letter carries: the number of a row, signed for one use and one span of time; it opens nothing by itself (D-4)."""

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.db.models import Model, QuerySet

from ..errors import LinkExpired, LinkUnknown


@dataclass(frozen=True)
class SignedLink:
    """`salt`: what it is for, so that no other link of ours serves in its place; `lives`: how long it counts."""

    salt: str
    lives: timedelta

    def token(self, number) -> str:
        return signing.TimestampSigner(salt=self.salt).sign(str(number))

    def row(self, token: str, rows: QuerySet, column: str) -> Model:
        """LinkExpired once its time has passed; LinkUnknown where we never made it, or the row is gone."""
        try:
            number = signing.TimestampSigner(salt=self.salt).unsign(token, max_age=self.lives)
        except signing.SignatureExpired:
            raise LinkExpired from None
        except signing.BadSignature:
            raise LinkUnknown from None
        found = rows.filter(**{column: number}).first()
        if found is None:
            raise LinkUnknown
        return found
