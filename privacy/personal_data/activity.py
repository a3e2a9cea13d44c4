"""Why the engine itself holds data of people, and for how long."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from ..datamap import Activity, KeepGround, LawfulBasis, kept, years_kept

RIGHTS = Activity(
    slug="rights",
    title=_("Requests and log"),
    purpose=_("Answer the requests of people about their own data, and show that we did"),
    lawful_bases=(LawfulBasis.LEGAL_OBLIGATION,),
    persons=_("everyone whose data we hold"),
    retention=years_kept(
        ngettext_lazy(
            "%(count)d year after the answer; logs that only grow have no end date",
            "%(count)d years after the answer; logs that only grow have no end date",
            "count",
        )
    ),
    goes_on=_("Her requests are answered, and we show that we did."),
)

accountable = kept(
    KeepGround.ACCOUNTABILITY, years_kept(ngettext_lazy("%(count)d year after the answer", "%(count)d years after the answer", "count"))
)
# Tables that only grow: nothing takes a row out of them (evidence.growing).
logged = kept(KeepGround.ACCOUNTABILITY, _("without end date; once the account is erased, its reference leads to nobody"))
