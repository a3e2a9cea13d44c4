"""A person's own row and what she brings for it: empty columns are filled, others wait for her word (Art. 16, 7)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db import models

from ..datamap import registry
from ..errors import InvalidCorrection, NothingToCorrect, PrivacyError
from ..subjects import Subject
from . import fitting
from .arrivals import Piece, keepers
from .opening import Brought
from .rectification import correct

EMPTY = (None, "", [], {})


class Why(Enum):
    """Why a column is offered: it is empty here, it needs her consent, or it says something else here."""

    FILLS = "fills"
    CONSENT = "consent"
    DIFFERS = "differs"


@dataclass
class Offer:
    """One column of her own row. `problem` says why the value cannot stand here."""

    name: str
    title: str
    why: Why
    here: Any
    brought: Any
    field: models.Field
    keep: Callable[[], None] | None = None
    problem: str = ""
    is_taken: bool = False

    @property
    def is_file(self) -> bool:
        return isinstance(self.field, models.FileField)

    @property
    def label(self) -> str:
        """accounts.Member: her account, of which this is a column."""
        return self.name.rpartition(".")[0]

    def is_wanted(self, ticked: Collection[str]) -> bool:
        """What is empty goes with her account; what needs her word is ticked by itself."""
        return self.name in ticked or (self.why == Why.FILLS and self.label in ticked)


def offers(subject: Subject, brought: Brought) -> list[Offer]:
    """Every column that says something else there than here."""
    data_map = registry.maps[registry.root_of(subject.kind)]
    came = next(brought.rows(data_map.label()), {})
    here = data_map.model._base_manager.get(subject=subject)
    found = (_offer(subject, brought, data_map, here, came, name) for name in data_map.arrives)
    return [offer for offer in found if offer is not None]


def _offer(subject, brought, data_map, here, came, name) -> Offer | None:
    line, field = data_map.lines[name], data_map.model._meta.get_field(name)
    value = came.get(name)
    if value in EMPTY:
        return None
    offer = Offer(f"{data_map.label()}.{name}", str(data_map.title(line)), Why.FILLS, getattr(here, name), value, field)
    _check(offer, subject, brought, came, data_map)
    if not offer.problem and not offer.is_file and _says_the_same(offer):
        return None
    offer.why = _why(data_map, line, offer)
    return offer


def _says_the_same(offer) -> bool:
    return fitting.told_apart([offer.here]) == fitting.told_apart([offer.brought])


def _why(data_map, line, offer) -> Why:
    if offer.here not in EMPTY:
        return Why.DIFFERS
    return Why.CONSENT if data_map.rests_on_consent_alone(line) else Why.FILLS


def _check(offer, subject, brought, came, data_map):
    """The value as the column would have it, a file as its host would keep it; else the sentence that says why not."""
    try:
        if offer.is_file:
            offer.keep = _keeper(offer, subject, brought, came, data_map)
        else:
            offer.brought = fitting.fitted(offer.field, offer.brought)
    except fitting.Unfit as refusal:
        offer.problem = str(refusal.sentence)
    except PrivacyError as refusal:
        offer.problem = str(refusal)


def _keeper(offer, subject, brought, came, data_map):
    keep = keepers.get((data_map.label(), offer.field.name))
    name = brought.stored_files(data_map.label()).get((offer.field.name, str(came.get(data_map.model._meta.pk.name))))
    upload = Piece({}, came, lambda _column: brought.read(name) if name else None).upload(offer.field.name)
    if keep is None or upload is None:
        raise fitting.Unfit(fitting.OTHER_KIND)
    return keep(subject, upload)


def take_offers(subject: Subject, brought: Brought, ticked: Collection[str], *, actor_ref: str) -> list[Offer]:
    """In the caller's transaction, as she would correct them herself: recipients are told, consent is on record."""
    found = offers(subject, brought)
    wanted = [offer for offer in found if not offer.problem and offer.is_wanted(ticked)]
    _correct(subject, [offer for offer in wanted if not offer.is_file], actor_ref)
    for offer in wanted:
        if offer.keep:
            offer.keep()
            offer.is_taken = True
    return found


def _correct(subject, wanted, actor_ref):
    """All that a form would take; what it refuses keeps its value, and says why."""
    if not wanted:
        return
    place = wanted[0].label, subject.root.pk
    try:
        correct(subject, {place: {offer.field.name: offer.brought for offer in wanted}}, actor_ref=actor_ref, request_ref="")
    except NothingToCorrect:
        return
    except InvalidCorrection as refusal:
        for offer in wanted:
            offer.problem = " ".join(map(str, refusal.errors.get(offer.field.name, [])))
        fit = [offer for offer in wanted if not offer.problem]
        return _correct(subject, fit, actor_ref) if len(fit) < len(wanted) else None
    for offer in wanted:
        offer.is_taken = True
