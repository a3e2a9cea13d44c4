"""What a person sets beside a value that stays as it is (Art. 16, second sentence), and her own words with a request (Art. 18, 21)."""

from dataclasses import dataclass

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..datamap import RestrictionGround
from ..errors import FieldNotOpen, NothingToCorrect, RowNotFound
from ..subjects import Subject
from . import rectification


class StatementQuerySet(models.QuerySet):
    def of(self, subject):
        return self.filter(subject_ref=subject.ref)

    def beside_values(self):
        return self.exclude(row_key="")

    def with_requests(self):
        """About a use of data: these go with the request, those beside a value with the person or when she takes them away."""
        return self.filter(row_key="")


class Statement(models.Model):
    """In the person's own words. `about` is a column with `row_key`, or a processing activity without; goes when she is erased."""

    subject_ref = models.UUIDField(_("person"), db_index=True, help_text=_("Reference of the person concerned."))
    request_ref = models.CharField(_("request"), max_length=20, db_index=True, help_text=_("Number of the request it came with."))
    about = models.CharField(_("about"), max_length=120, help_text=_("Which field, as app.Model.column, or which use of data."))
    row_key = models.CharField(
        _("row"), max_length=255, blank=True, help_text=_("Which row has that field; empty where it is about a use.")
    )
    ground = models.CharField(
        _("ground"), max_length=20, choices=RestrictionGround.choices, blank=True, help_text=_("Why data may only be kept, as a code.")
    )
    text = models.TextField(_("your words"), max_length=2000, blank=True, help_text=_("At most 2000 characters."))
    made_at = models.DateTimeField(_("written"), default=timezone.now, help_text=_("When it was written."))

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        constraints = [
            models.UniqueConstraint(
                fields=["subject_ref", "about", "row_key"], condition=~models.Q(row_key=""), name="privacy_statement_once_per_value"
            ),
            models.UniqueConstraint(fields=["request_ref", "about"], condition=models.Q(row_key=""), name="privacy_statement_once_per_use"),
        ]

    def __str__(self):
        return self.about


@dataclass(frozen=True)
class Place:
    """One value of one row: "accounts.Member", its key, "email"."""

    label: str
    key: object
    column: str

    @property
    def about(self) -> str:
        return f"{self.label}.{self.column}"


@transaction.atomic
def state(subject: Subject, place: Place, text: str, *, request_ref: str) -> None:
    """Set her words beside a value, in the place of what she wrote there before; without words nothing stands there any more.

    RowNotFound for what is not hers, FieldNotOpen where she can correct the value itself, NothingToCorrect where all stays as it was.
    """
    hers = Statement.objects.of(subject).filter(about=place.about, row_key=str(place.key))
    if text == text_beside(subject, place):
        raise NothingToCorrect
    if not text:
        hers.delete()
        return
    check(subject, place)
    written = {"text": text, "request_ref": request_ref, "made_at": timezone.now()}
    Statement.objects.update_or_create(subject_ref=subject.ref, about=place.about, row_key=str(place.key), defaults=written)


def text_beside(subject: Subject, place: Place) -> str:
    """Her words beside this value as they stand there; empty where there are none."""
    return Statement.objects.of(subject).filter(about=place.about, row_key=str(place.key)).values_list("text", flat=True).first() or ""


def check(subject: Subject, place: Place):
    """The row of this value, with its map: hers, and locked."""
    data_map, row = rectification.find(subject, place.label, place.key)
    line = next((line for line in rectification.lines_of(data_map, subject, [row])[row.pk] if line.name == place.column), None)
    if line is None:
        raise RowNotFound
    if line.rectify:
        raise FieldNotOpen(_("You can correct this value yourself."))
    return data_map, row


def statements_about(subject: Subject) -> dict[tuple[str, str], Statement]:
    """What she set beside values, by ("accounts.Member.email", key of the row as text): for every page that shows the value."""
    return {(statement.about, statement.row_key): statement for statement in Statement.objects.of(subject).beside_values()}


def keep_words(subject: Subject, activities, text: str, *, request_ref: str, ground="") -> None:
    """Which uses of data she asks about, with her words if she has any, and for a restriction its ground (Art. 18(1))."""
    words = {"subject_ref": subject.ref, "request_ref": request_ref, "text": text, "ground": ground}
    Statement.objects.bulk_create([Statement(about=activity, **words) for activity in activities])


def words_with(request) -> list[Statement]:
    """Which uses of data a request is about, and what she wrote with it."""
    return list(Statement.objects.with_requests().filter(subject_ref=request.subject_ref, request_ref=request.ref).order_by("pk"))
