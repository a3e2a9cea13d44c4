"""What erasing a member means for material: who chose that it goes takes it back, as she would herself (K-4)."""

from privacy.datamap import registry
from privacy.rights.erasure import erasure_step
from privacy.rights.treating import fate_of
from privacy.subjects import rows_concerning

from . import publishing
from .models import Publication

# Publications per transaction: each has a row of material beside it.
AT_ONCE = 500


@erasure_step("withdraw resources", order=300)
def withdraw_resources(work) -> None:
    """Before rows are treated, since then nothing tells any more which material was hers. A replay finds none left."""
    data_map = registry.map_of(Publication)
    if work.subject is None or fate_of(data_map, work.request.choices) != "remove":
        return
    while _withdraw_some(work, data_map):
        pass


def _withdraw_some(work, data_map) -> int:
    with work.batch():
        keys = list(rows_concerning(data_map, work.subject).values_list("pk", flat=True)[:AT_ONCE])
        rows = publishing.withdraw_rows(Publication._base_manager.filter(pk__in=keys), request_ref=work.request.ref)
        work.count(f"{data_map.label()} remove", rows)
    return rows
