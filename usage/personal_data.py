"""Usage data, as the platform's privacy statement lists it (K-2, K-4)."""

from django.utils.translation import gettext_lazy as _

from privacy.datamap import (
    Activity,
    DataMap,
    LawfulBasis,
    after,
    anonymised,
    blank,
    chosen,
    counted,
    deleted,
    detach,
    empty,
    keep,
    month,
    no_personal_data,
    not_personal,
    observed,
    person,
    provided,
    shared,
)

from .models import Comment, Favourite, Folder, Message, Resource, ResourceReads, ResourceView, Score

USAGE = Activity(
    slug="usage",
    title=_("What you do here"),
    purpose=_("Offer the platform's functions and personalise them for each member"),
    lawful_bases=(LawfulBasis.CONTRACT, LawfulBasis.LEGITIMATE_INTERESTS),
    retention=_("with the account, until the member asks for erasure; then counted or kept without the member"),
)

PUBLICATION = Activity(
    slug="publication",
    title=_("What you published"),
    purpose=_("Show who wrote what members publish"),
    lawful_bases=(LawfulBasis.CONSENT, LawfulBasis.LEGITIMATE_INTERESTS),
    retention=_("until the member asks to remove the publication"),
)


class ResourceViewMap(DataMap, model=ResourceView, activity=USAGE, row=counted(ResourceReads)):
    id = not_personal(_("row number"))
    member = person()
    resource = observed()
    viewed_at = observed()
    ip_address = observed(erase=empty, expires=after(days=90, since="viewed_at"))


class ScoreMap(DataMap, model=Score, activity=USAGE, row=anonymised):
    id = not_personal(_("random row number"))
    member = person(erase=detach)
    resource = observed(erase=keep(_("average score of a resource")))
    value = provided(erase=keep(_("average score of a resource")))
    given_at = observed(erase=month)


class FolderMap(DataMap, model=Folder, activity=USAGE, row=deleted):
    id = not_personal(_("row number"))
    member = person()
    name = provided()


class FavouriteMap(DataMap, model=Favourite, activity=USAGE, row=anonymised):
    id = not_personal(_("random row number"))
    folder = person(via="folder__member", erase=detach)
    resource = observed(erase=keep(_("how often a resource is kept")))
    note = provided(erase=blank)
    added_at = observed(erase=month)


class MessageMap(DataMap, model=Message, activity=USAGE, row=shared):
    id = not_personal(_("row number"))
    sender = person(erase=detach)
    recipient = person(erase=detach)
    text = provided(belongs_to="sender", erase=keep(_("the recipient's copy; shown without the sender's name")))
    sent_at = observed(belongs_to="sender", erase=keep(_("the recipient's copy; shown without the sender's name")))
    read_at = observed(belongs_to="recipient", erase=empty)


class CommentMap(DataMap, model=Comment, activity=PUBLICATION, row=chosen("comments")):
    id = not_personal(_("random row number"))
    author = person(erase=detach)
    shown_name = provided(erase=blank)
    resource = observed(erase=keep(_("the conversation under a resource stays readable")))
    text = provided(erase=keep(_("the conversation under a resource stays readable")))
    published_at = observed(erase=month)


no_personal_data(Resource, because=_("teaching material; its author is named in the publications"))
no_personal_data(ResourceReads, because=_("counts of at least 10 people"))
