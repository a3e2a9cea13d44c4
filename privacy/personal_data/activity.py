"""Why the engine itself holds data of people, and for how long."""

from django.utils.translation import gettext_lazy as _

from ..datamap import Activity, KeepGround, LawfulBasis, kept

RIGHTS = Activity(
    slug="rights",
    title=_("Requests and log"),
    purpose=_("Answer the requests of people about their own data, and show that we did"),
    lawful_bases=(LawfulBasis.LEGAL_OBLIGATION,),
    persons=_("everyone whose data we hold"),
    retention=_("5 years after the answer"),
    goes_on=_("Her requests are answered, and we show that we did."),
)

accountable = kept(KeepGround.ACCOUNTABILITY, _("5 years after the answer"))
