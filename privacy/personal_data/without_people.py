"""Tables of the engine that hold nothing of anybody."""

from django.utils.translation import gettext_lazy as _

from ..datamap import infrastructure_table, no_personal_data
from ..models import (
    AgendaItem,
    Alert,
    ApprovedRule,
    Breach,
    BreachNotice,
    BreachPhase,
    FileRemoval,
    HourlyCount,
    LedgerPosition,
    LeftTogether,
    Mixed,
    OutsideRequest,
    Recipient,
    ResidueFinding,
    ResidueScan,
    RetentionRun,
    SealedEntry,
    SettingChange,
    StatisticsClosure,
    TrailCheck,
    TrailSeal,
    Unmixed,
)

no_personal_data(AgendaItem, because=_("what waits for one of us, by number of the request"), copied=False)
no_personal_data(Alert, because=_("that a last day came near, by number of the request"), copied=False)
no_personal_data(ApprovedRule, because=_("rules about accounts that nobody uses"), copied=False)
no_personal_data(Breach, because=_("what went wrong with data, and names nobody"), copied=False)
no_personal_data(BreachPhase, because=_("what we knew of a breach, in words that name nobody"), copied=False)
no_personal_data(BreachNotice, because=_("which authority or partner was told of a breach, and what people were told"), copied=False)
no_personal_data(RetentionRun, because=_("how many values and accounts had their time, night by night"))
no_personal_data(FileRemoval, because=_("paths of files about to be removed; the row goes with the file"), copied=False)
no_personal_data(LedgerPosition, because=_("how far this database knows the replay ledger"), copied=False)
no_personal_data(ResidueScan, because=_("how often something was found, by number of the request"), copied=False)
no_personal_data(ResidueFinding, because=_("places and counts; in which rows is sealed under a key outside the database"), copied=False)
no_personal_data(HourlyCount, because=_("keyed digests with how often; gone after a day, and no two of them can be joined"), copied=False)
no_personal_data(LeftTogether, because=_("which rows lost their person; until the next night"), copied=False)
no_personal_data(Mixed, because=_("of how many people rows were mixed"), copied=False)
no_personal_data(Unmixed, because=_("which rows lost their person and wait to be mixed with those of others; at most 7 days"), copied=False)
no_personal_data(
    OutsideRequest,
    because=_("asked by who did not confirm an address yet: sealed under a key outside the database, gone within a day of its end"),
    copied=False,
)
no_personal_data(Recipient, because=_("organisations"), known_by=("name",))
no_personal_data(SettingChange, because=_("what settings say; who changed one stands in the trail"), copied=False)
no_personal_data(StatisticsClosure, because=_("which periods were counted"))
no_personal_data(TrailCheck, because=_("how many entries were checked, and numbers of what did not fit"), copied=False)
no_personal_data(TrailSeal, because=_("digests over the trail"), copied=False)
no_personal_data(SealedEntry, because=_("digests over the trail"), copied=False)

infrastructure_table("django_migrations", because=_("which migrations ran"))
