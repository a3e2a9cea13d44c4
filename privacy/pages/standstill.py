"""What the desk reads of the clock of one request, and what it may do about it now."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils import timezone

from ..casework import answering, by_hand, extending, pausing
from ..casework.extending import Extension
from ..casework.pausing import Pause
from ..casework.requests import DataSubjectRequest


@dataclass(frozen=True)
class Standstill:
    asked: DataSubjectRequest
    now: datetime

    @cached_property
    def extension(self) -> Extension | None:
        return self.asked.extensions.first()

    @cached_property
    def pauses(self) -> list[Pause]:
        """The last one first."""
        return list(self.asked.pauses.order_by("-pk"))

    @property
    def is_paused(self) -> bool:
        return any(pause.ended_at is None for pause in self.pauses)

    @property
    def can_answer(self) -> bool:
        """What came by letter and asks for erasure has a page of its own, with what goes and what stays."""
        return bool(answering.answers_to(self.asked)) and not by_hand.waits_for_second(self.asked)

    @property
    def can_extend(self) -> bool:
        return extending.may_extend(self.asked, self.now)

    @property
    def can_pause(self) -> bool:
        return not self.is_paused and pausing.may_pause(self.asked)

    @property
    def is_anything(self) -> bool:
        return self.can_answer or self.can_extend or self.can_pause or self.is_paused


def of(asked) -> Standstill:
    return Standstill(asked, timezone.now())
