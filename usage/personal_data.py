"""Usage, publication and communication data, as the platform's privacy statement lists them (K-2, K-4, K-5)."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from privacy.datamap import (
    Activity,
    DataMap,
    LawfulBasis,
    after,
    anonymised,
    as_it_is,
    blank,
    chosen,
    counted,
    deleted,
    detach,
    earlier,
    empty,
    held_elsewhere,
    keep,
    no_personal_data,
    not_personal,
    observed,
    person,
    provided,
    shared,
    stand_in,
    year,
)

from .models import (
    Comment,
    Download,
    Favourite,
    Feedback,
    Folder,
    Follow,
    Message,
    PopularSearch,
    Publication,
    Resource,
    ResourceDownloads,
    ResourceReads,
    ResourceView,
    Score,
    Search,
    SignIn,
    SignInCounts,
)

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

COMMUNICATION = Activity(
    slug="communication",
    title=_("What you wrote to us"),
    purpose=_("Answer what members and visitors write to us"),
    lawful_bases=(LawfulBasis.LEGITIMATE_INTERESTS,),
    persons=_("members and visitors"),
    retention=_("until 90 days after our answer"),
)

OTHERS = _("It is about others too, and they did not ask for it.")
STAYS_USABLE = _("the material stays usable for who teaches with it")


class ResourceViewMap(DataMap, model=ResourceView, activity=USAGE, row=counted(ResourceReads), arrives=("resource", "viewed_at")):
    id = not_personal(_("row number"))
    member = person()
    resource = observed()
    viewed_at = observed()
    ip_address = observed(erase=empty, expires=after(days=90, since="viewed_at"))


class DownloadMap(DataMap, model=Download, activity=USAGE, row=counted(ResourceDownloads), arrives=("resource", "downloaded_at")):
    id = not_personal(_("row number"))
    member = person()
    resource = observed()
    downloaded_at = observed()


class SearchMap(DataMap, model=Search, activity=USAGE, row=counted(PopularSearch), arrives=("words", "searched_at")):
    id = not_personal(_("row number"))
    member = person()
    words = provided()
    searched_at = observed()


class SignInMap(
    DataMap,
    model=SignIn,
    activity=USAGE,
    row=counted(SignInCounts),
    stays=_("Where you signed in before is no sign-in here."),
):
    id = not_personal(_("row number"))
    member = person()
    way = observed()
    signed_in_at = observed()
    ip_address = observed(erase=empty, expires=after(days=90, since="signed_in_at"))


class FollowMap(DataMap, model=Follow, activity=USAGE, row=deleted, stays=OTHERS):
    """Goes with either of the two: a member who is gone has no followers."""

    id = not_personal(_("row number"))
    follower = person()
    followed = person()
    since = observed(belongs_to="follower")


class ScoreMap(DataMap, model=Score, activity=USAGE, row=anonymised, arrives=("resource", "value", "given_at")):
    id = not_personal(_("random row number"))
    member = person(erase=detach)
    resource = observed(erase=keep(_("average score of a resource")))
    value = provided(erase=keep(_("average score of a resource")))
    given_at = observed(erase=stand_in)


class FolderMap(DataMap, model=Folder, activity=USAGE, row=deleted, arrives=("name",)):
    id = not_personal(_("row number"))
    member = person()
    name = provided()


class FavouriteMap(DataMap, model=Favourite, activity=USAGE, row=anonymised, arrives=("folder", "resource", "note", "added_at")):
    id = not_personal(_("random row number"))
    folder = person(via="folder__member", erase=detach)
    resource = observed(erase=keep(_("how often a resource is kept")))
    note = provided(erase=blank)
    added_at = observed(erase=stand_in)


class MessageMap(DataMap, model=Message, activity=USAGE, row=shared, stays=OTHERS, together="conversation"):
    in_copies = dict.fromkeys(("sent_at", "read_at"), replace(earlier, person=("conversation",)))

    id = not_personal(_("row number"))
    sender = person(erase=detach)
    recipient = person(erase=detach)
    conversation = not_personal(_("random number of the conversation"))
    text = provided(belongs_to="sender", erase=keep(_("the recipient's copy; shown without the sender's name")))
    sent_at = observed(belongs_to="sender", erase=year)
    read_at = observed(belongs_to="recipient", private=True, erase=empty)


class CommentMap(DataMap, model=Comment, activity=PUBLICATION, row=chosen("comments"), arrives=("resource", "text", "published_at")):
    """One that arrives is signed with the name of the account here (usage/arriving.py)."""

    id = not_personal(_("random row number"))
    author = person(erase=detach)
    shown_name = provided(erase=blank)
    resource = observed(erase=keep(_("the conversation under a resource stays readable")))
    reply_to = not_personal(_("random number of the comment that it answers"))
    text = provided(erase=keep(_("the conversation under a resource stays readable")))
    published_at = observed(erase=year)


class PublicationMap(
    DataMap,
    model=Publication,
    activity=PUBLICATION,
    row=chosen("resources"),
    made_with="resource",
    arrives=("resource", "description", "town", "file", "file_name", "published_at"),
):
    """One that arrives is published anew (usage/arriving.py)."""

    in_copies = dict.fromkeys(("file_type", "file_size"), as_it_is)

    id = not_personal(_("random row number"))
    resource = provided(erase=keep(STAYS_USABLE))
    author = person(erase=detach)
    shown_name = provided(erase=blank)
    description = provided(erase=keep(STAYS_USABLE))
    town = provided(erase=blank)
    file = provided(erase=keep(STAYS_USABLE), named_by="file_name")
    file_name = provided(erase=blank)
    file_type = observed(erase=keep(STAYS_USABLE))
    file_size = observed(erase=keep(STAYS_USABLE))
    published_at = observed(erase=year)


class FeedbackMap(DataMap, model=Feedback, activity=COMMUNICATION, row=deleted):
    """A visitor's too: who later confirms the address sees it."""

    id = not_personal(_("row number"))
    email = person(by="email")
    text = provided()
    sent_at = observed()
    answered_at = observed()


held_elsewhere(
    _("cache"),
    activity=COMMUNICATION,
    what=_("how often the digest of an e-mail address, or of a network address, sent the form"),
    erased_by=_("expires within a day; removed every night"),
)
held_elsewhere(
    _("outgoing mail"),
    activity=COMMUNICATION,
    what=_("e-mail address and text of our answer"),
    erased_by=_("the mail server, once it has handed the letter over"),
)

no_personal_data(
    Resource, because=_("teaching material; its author is named in the publications"), known_by=("title", "subject_taught", "level")
)
for statistic in (ResourceReads, ResourceDownloads, PopularSearch, SignInCounts):
    no_personal_data(statistic, because=_("counts of at least 10 people"))
