"""What may stand in the trail: of each event its closed list of reasons, and the roles of who has no reference."""

import re

from accounts.misconduct.keeping import LiftReason, ReadReason
from accounts.misconduct.roles import ROLES as TASKS
from accounts.models import Ban
from privacy.casework import extending, pausing
from privacy.casework.identity import Method
from privacy.conf import setting
from privacy.datamap import RefusalGround, RestrictionGround, registry
from privacy.evidence.trail import is_reference
from privacy.rights.holds import GROUNDS

ROLES = {"", "operator", "custodian", "retention", "staff", "demo", "dpo"}
OF_ANY_RIGHT = {
    "refused": set(RefusalGround.values),
    "partly": set(RefusalGround.values),
    "extended": set(extending.Reason.values),
    "paused": set(pausing.Reason.values),
    "resumed": set(pausing.Reason.values),
    "identified": set(Method.values),
    "not_identified": set(Method.values),
}
NUMBERS = re.compile(r"\d+-\d+")


def is_code(event: str, reason: str) -> bool:
    return not reason or reason in _of(event) or (event == "ledger.replayed" and NUMBERS.fullmatch(reason))


def is_actor(actor_ref: str) -> bool:
    return actor_ref in ROLES or is_reference(actor_ref)


def _of(event) -> set[str]:
    rules = {f"{kind}.{months}" for kind, months in setting("INACTIVE_MONTHS").items()}
    known = {
        "hold.placed": {ground.value for ground in GROUNDS},
        "restriction.begun": set(RestrictionGround.values),
        "consent.name_stays": {data_map.row.group for data_map in registry.maps.values() if data_map.row.name == "chosen"},
        "admin.opened": {data_map.label() for data_map in registry.maps.values()},
        "erasure.searched": {"not_searched", "settled_by_hand"},
        "retention.approved": rules,
        "retention.withdrawn": rules,
        "retention.warned": {str(days) for days in setting("INACTIVE_WARN_DAYS")},
        "ban.address_read": set(ReadReason.values),
        "ban.lifted": set(LiftReason.values),
        "ban.withheld": set(Ban.Withheld.values),
        "role.given": set(TASKS),
        "role.taken": set(TASKS),
    }
    return known.get(event) or OF_ANY_RIGHT.get(event.partition(".")[2], set())
