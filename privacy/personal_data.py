"""What the engine itself holds of people: references that lead nowhere once the person is erased."""

from django.apps import apps
from django.db.models import Q, TextField, UUIDField, Value
from django.db.models.functions import Cast, Replace
from django.db.models.lookups import In
from django.utils.translation import gettext_lazy as _

from .datamap import (
    Activity,
    DataMap,
    KeepGround,
    LawfulBasis,
    as_it_is,
    deleted,
    infrastructure_table,
    kept,
    no_personal_data,
    not_personal,
    observed,
    person,
    provided,
    registry,
    renumbered,
    secret,
)
from .models import (
    Absence,
    AffectedPerson,
    AgendaItem,
    Alert,
    ApprovedRule,
    Archive,
    Assignment,
    AuthorityRequest,
    Breach,
    BreachLetter,
    BreachNotice,
    BreachPhase,
    Certificate,
    DataSubjectRequest,
    Disclosure,
    Extension,
    FileRemoval,
    FollowUp,
    HeldRecord,
    Hold,
    HourlyCount,
    Identification,
    IdentityChange,
    IdentityCheck,
    LedgerPosition,
    LeftTogether,
    Letter,
    Mandate,
    Message,
    Mixed,
    Notice,
    NoticeAttempt,
    OutsideRequest,
    Pause,
    Recipient,
    Rectification,
    Remark,
    ResidueFinding,
    ResidueScan,
    Restriction,
    RetentionRun,
    Run,
    SealedEntry,
    SettingChange,
    Statement,
    StatisticsClosure,
    Step,
    Subject,
    TrailCheck,
    TrailEntry,
    TrailSeal,
    Unmixed,
    UnusedAccount,
)
from .subjects import NOTHING, matcher, rows_concerning

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


class SubjectMap(DataMap, model=Subject, activity=RIGHTS, row=deleted, called=_("references to people")):
    in_copies = {"kind": as_it_is, "restricted_uses": as_it_is}

    ref = person(by="subject_ref")
    kind = observed()
    created_at = observed()
    hidden_at = observed()
    restricted_at = observed()
    restricted_uses = observed()


class RequestMap(DataMap, model=DataSubjectRequest, activity=RIGHTS, row=accountable):
    in_copies = {"scope": as_it_is, "identified_by": as_it_is, "language": as_it_is}

    id = not_personal(_("row number"))
    ref = observed()
    right = provided()
    subject_ref = person(by="subject_ref")
    status = observed()
    channel = observed()
    identified_by = observed()
    actor_ref = observed(actor=True)
    received_at = observed()
    due_on = observed()
    extended_at = observed()
    paused_days = observed()
    approved_at = observed()
    closed_at = observed()
    refusal_ground = observed()
    refusal_reasons = observed()
    refusal_evidence = observed()
    refused_about = observed()
    choices = provided()
    erasure_ground = provided()
    scope = provided()
    map_version = not_personal(_("says which declarations were in force"))
    language = observed()
    sealed_address = secret()


class IdentificationMap(DataMap, model=Identification, activity=RIGHTS, row=deleted):
    subject_ref = person(by="subject_ref")
    tries = observed()
    tried_at = observed()
    codes = observed()
    code_sent_at = observed()
    code_digest = secret()


class IdentityCheckMap(DataMap, model=IdentityCheck, activity=RIGHTS, row=accountable):
    id = not_personal(_("row number"))
    request = person(via="request__subject_ref", by="subject_ref")
    method = observed()
    passed = observed()
    at = observed()
    by = observed(actor=True)


class ExtensionMap(DataMap, model=Extension, activity=RIGHTS, row=accountable):
    id = not_personal(_("row number"))
    request = person(via="request__subject_ref", by="subject_ref")
    reason = observed()
    words = observed()
    granted_at = observed()
    in_time_until = observed()
    due_on = observed()
    by = observed(actor=True)


class PauseMap(DataMap, model=Pause, activity=RIGHTS, row=accountable):
    id = not_personal(_("row number"))
    request = person(via="request__subject_ref", by="subject_ref")
    reason = observed()
    begun_at = observed()
    ended_at = observed()
    moves_deadline = observed()
    by = observed(actor=True)


class IdentityChangeMap(DataMap, model=IdentityChange, activity=RIGHTS, row=accountable):
    copied = False  # its two hands would become one there

    id = not_personal(_("row number"))
    request = person(via="request__subject_ref", by="subject_ref")
    method = observed()
    why = observed()
    asked_at = observed()
    asked_by = observed(actor=True)
    agreed_at = observed()
    agreed_by = observed(actor=True)
    told_at = observed()
    attempts = not_personal(_("how often we tried to send it"))
    held_until = not_personal(_("until when a worker holds it"))


class MandateMap(DataMap, model=Mandate, activity=RIGHTS, row=accountable):
    id = not_personal(_("row number"))
    request = person(via="request__subject_ref", by="subject_ref")
    kind = observed()
    noted_at = observed()
    seen_at = observed()
    by = observed(actor=True)


class FollowUpMap(DataMap, model=FollowUp, activity=RIGHTS, row=deleted):
    copied = False

    id = not_personal(_("row number"))
    request = person(via="request__subject_ref", by="subject_ref")
    code_digest = secret()
    address_digest = secret()
    wanted_at = observed()
    attempts = not_personal(_("how often we tried to send it"))
    held_until = not_personal(_("until when a worker holds it"))


class ArchiveMap(DataMap, model=Archive, activity=RIGHTS, row=deleted):
    id = not_personal(_("row number"))
    request = not_personal(_("number of the request"))
    subject_ref = person(by="subject_ref")
    sha256 = observed()
    size = observed()
    rows = observed()
    seconds = not_personal(_("how long it took to make"))
    wrapped_key = secret()
    ready_at = observed()
    expires_at = observed()
    destroyed_at = observed()


class RectificationMap(DataMap, model=Rectification, activity=RIGHTS, row=accountable):
    in_copies = {"field": as_it_is}

    id = not_personal(_("row number"))
    subject_ref = person(by="subject_ref")
    request_ref = observed()
    field = observed()
    actor_ref = observed(actor=True)
    at = observed()


class StatementMap(DataMap, model=Statement, activity=RIGHTS, row=deleted):
    in_copies = {"about": as_it_is}

    id = not_personal(_("row number"))
    subject_ref = person(by="subject_ref")
    request_ref = observed()
    about = provided()
    row_key = provided()
    ground = provided()
    text = provided()
    made_at = observed()


class RestrictionMap(DataMap, model=Restriction, activity=RIGHTS, row=accountable):
    in_copies = {"activity": as_it_is}

    id = not_personal(_("row number"))
    subject_ref = person(by="subject_ref")
    request_ref = observed()
    activity = observed()
    ground = observed()
    begun_at = observed()
    begun_by = observed(actor=True)
    upheld_at = observed()
    announced_at = observed()
    told_at = observed()
    lifted_at = observed()
    lifted_by = observed(actor=True)
    attempts = not_personal(_("how often we tried to send it"))
    held_until = not_personal(_("until when a worker holds it"))


class HoldMap(DataMap, model=Hold, activity=RIGHTS, row=deleted):
    copied = False

    ref = not_personal(_("number of the hold"))
    subject_ref = person(by="subject_ref")
    record = observed()
    row_key = observed()
    ground = observed()
    why = observed()
    until = observed()
    review_on = observed()
    placed_by = observed(actor=True)
    placed_at = observed()
    reminded_on = not_personal(_("when the data protection officer was reminded"))


class HeldRecordMap(DataMap, model=HeldRecord, activity=RIGHTS, row=kept(KeepGround.LEGAL_CLAIMS, _("until the last day of the hold"))):
    copied = False

    id = not_personal(_("row number"))
    hold_ref = observed()
    request_ref = observed()
    subject_ref = person(by="subject_ref")
    part = not_personal(_("which part of the hold it is"))
    record = observed()
    rows = observed()
    ground = observed()
    why = observed()
    until = observed()
    review_on = observed()
    placed_by = observed(actor=True)
    placed_at = observed()
    held_at = observed()
    reminded_on = not_personal(_("when the data protection officer was reminded"))
    sealed = secret()


class DisclosureMap(DataMap, model=Disclosure, activity=RIGHTS, row=accountable):
    in_copies = {"basis": as_it_is}

    id = not_personal(_("row number"))
    recipient = observed()
    subject_ref = person(by="subject_ref")
    attributes = observed()
    basis = observed()
    at = observed()


class NoticeMap(DataMap, model=Notice, activity=RIGHTS, row=accountable):
    in_copies = {"event": as_it_is, "known_as": renumbered}

    id = not_personal(_("row number"))
    recipient = observed()
    subject_ref = person(by="subject_ref")
    request_ref = observed()
    event = observed()
    known_as = secret()
    attributes = observed()
    state = observed()
    created_at = observed()
    attempts = not_personal(_("how often we tried"))
    held_until = not_personal(_("until when a worker holds it"))
    settled_at = observed()


class NoticeAttemptMap(DataMap, model=NoticeAttempt, activity=RIGHTS, row=accountable):
    in_copies = dict.fromkeys(("way", "answer"), as_it_is)

    id = not_personal(_("row number"))
    notice = person(via="notice__subject_ref", by="subject_ref")
    at = observed()
    way = observed()
    answer = observed()


class TrailEntryMap(DataMap, model=TrailEntry, activity=RIGHTS, row=accountable):
    in_copies = {"event": as_it_is}

    id = not_personal(_("row number"))
    event = observed()
    at = observed()
    subject_ref = person(by="subject_ref")
    actor_ref = observed(actor=True)
    request_ref = observed()
    reason = observed()


class RemarkMap(DataMap, model=Remark, activity=RIGHTS, row=deleted):
    copied = False

    id = not_personal(_("row number"))
    entry_id = not_personal(_("number of the trail entry"))
    subject_ref = person(by="subject_ref")
    text = observed()
    given_by = observed(actor=True)
    written_at = observed()


class RunMap(DataMap, model=Run, activity=RIGHTS, row=accountable):
    in_copies = dict.fromkeys(("rows_expected", "rows_done"), as_it_is)

    id = not_personal(_("row number"))
    request = person(via="request__subject_ref", by="subject_ref")
    not_before = observed()
    fence = not_personal(_("how often a worker took it up"))
    lease_until = not_personal(_("until when a worker holds it"))
    finished_at = observed()
    rows_expected = observed()
    rows_done = observed()
    wrapped_key = secret()


class StepMap(DataMap, model=Step, activity=RIGHTS, row=accountable):
    in_copies = {"name": as_it_is}

    id = not_personal(_("row number"))
    run = person(via="run__request__subject_ref", by="subject_ref")
    position = not_personal(_("the order of steps"))
    name = observed()
    counts = observed()
    attempts = not_personal(_("how often it was begun"))
    problem = not_personal(_("the kind of error that stopped it"))
    finished_at = observed()


class LetterMap(DataMap, model=Letter, activity=RIGHTS, row=accountable):
    id = not_personal(_("row number"))
    request = person(via="request__subject_ref", by="subject_ref")
    kind = observed()
    created_at = observed()
    attempts = not_personal(_("how often we tried to send it"))
    held_until = not_personal(_("until when a worker holds it"))
    sent_at = observed()
    by_post = observed()
    posted_at = observed()
    returned_at = observed()
    returned_because = observed()


class MessageMap(DataMap, model=Message, activity=RIGHTS, row=deleted):
    copied = False

    id = not_personal(_("row number"))
    request = person(via="request__subject_ref", by="subject_ref")
    from_us = observed()
    text = provided()
    written_at = observed()
    by = observed(actor=True)


class CertificateMap(DataMap, model=Certificate, activity=RIGHTS, row=accountable):
    copied = False  # signed: it says what it said, or it is none

    id = not_personal(_("row number"))
    request_ref = observed()
    subject_ref = person(by="subject_ref")
    issued_at = observed()
    document = observed()
    signature = not_personal(_("shows that nothing was changed in it"))


class UnusedAccountMap(DataMap, model=UnusedAccount, activity=RIGHTS, row=deleted):
    copied = False

    id = not_personal(_("row number"))
    approval = not_personal(_("which rule"))
    subject_ref = person(by="subject_ref")
    unused_since = observed()
    ends_on = observed()
    days = observed()
    written_at = observed()
    sent_at = observed()
    attempts = not_personal(_("how often we tried to send it"))
    held_until = not_personal(_("until when a worker holds it"))


class AffectedPersonMap(DataMap, model=AffectedPerson, activity=RIGHTS, row=accountable):
    copied = False

    id = not_personal(_("row number"))
    phase = observed()
    subject_ref = person(by="subject_ref")


class BreachLetterMap(DataMap, model=BreachLetter, activity=RIGHTS, row=accountable):
    copied = False

    id = not_personal(_("row number"))
    notice = observed()
    subject_ref = person(by="subject_ref")
    state = observed()
    written_at = observed()
    settled_at = observed()
    attempts = not_personal(_("how often we tried to send it"))
    held_until = not_personal(_("until when a worker holds it"))


class AuthorityRequestMap(DataMap, model=AuthorityRequest, activity=RIGHTS, row=accountable):
    """Not in her copies while the law forbids to tell her (Art. 23)."""

    copied = False

    id = not_personal(_("row number"))
    ref = observed()
    authority = observed()
    subject_ref = person(by="told_of_authority")
    legal_ground = observed()
    asked = observed()
    received_on = observed()
    noted_at = observed()
    noted_by = observed(actor=True)
    secret_until = observed()
    secrecy_ground = observed()
    outcome = observed()
    attributes = observed()
    answered_at = observed()
    answered_by = observed(actor=True)
    told_at = observed()


class AssignmentMap(DataMap, model=Assignment, activity=RIGHTS, row=deleted):
    copied = False

    id = not_personal(_("row number"))
    item = not_personal(_("what has to be done, which names nobody"))
    colleague_ref = person(by="subject_ref")
    assigned_at = observed()


class AbsenceMap(DataMap, model=Absence, activity=RIGHTS, row=deleted):
    """Goes with either of the two: where nobody stands in, the alerts reach the officer's own mailbox."""

    copied = False

    id = not_personal(_("row number"))
    subject_ref = person(by="subject_ref")
    stand_in_ref = person(by="subject_ref")
    begins_on = observed(belongs_to="subject_ref")
    ends_on = observed(belongs_to="subject_ref")
    noted_at = observed(belongs_to="subject_ref")


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

# Django's own tables without people, so that no host has to declare them.
if apps.is_installed("django.contrib.contenttypes"):
    from django.contrib.contenttypes.models import ContentType

    no_personal_data(ContentType, because=_("names of tables"))

if apps.is_installed("django.contrib.auth"):
    from django.contrib.auth.models import Group, Permission

    no_personal_data(Permission, because=_("what can be allowed; who may is declared with the host's accounts"))
    no_personal_data(Group, because=_("names of roles; who has them is declared with the host's accounts"), known_by=("name",))
    no_personal_data(Group.permissions.through, because=_("what a role may do"))

if apps.is_installed("django.contrib.admin"):
    from django.contrib.admin.models import LogEntry
    from django.contrib.contenttypes.models import ContentType

    ADMINISTRATION = Activity(
        slug="administration",
        title=_("Administration"),
        purpose=_("See who of us changed what in the administration"),
        lawful_bases=(LawfulBasis.LEGITIMATE_INTERESTS,),
        persons=_("our own people, and those whose data they changed"),
        source=_("the administration itself"),
    )

    @matcher("admin_log")
    def _by_logged_row(subject, column):
        """What the administration did to a row that concerns this person, whichever table it is in."""
        found = NOTHING
        for kind in ContentType.objects.filter(pk__in=LogEntry.objects.values("content_type")):
            data_map = registry.map_of(kind.model_class()) if kind.model_class() not in {None, LogEntry} else None
            if data_map and data_map.person_lines():
                keys = rows_concerning(data_map, subject).annotate(logged_as=as_logged(data_map.model, "pk")).values("logged_as")
                found |= Q(**{column: kind.pk}) & Q(In(as_logged(data_map.model, "object_id"), keys))
        return found

    def as_logged(model, name):
        """A key as the log writes it. A UUID without its hyphens, as SQLite keeps it."""
        field, text = model._meta.pk, Cast(name, TextField())
        while field.remote_field:
            field = field.target_field
        return Replace(text, Value("-"), Value(""), output_field=TextField()) if isinstance(field, UUIDField) else text

    class LogEntryMap(DataMap, model=LogEntry, activity=ADMINISTRATION, row=deleted, called=_("entries of the administration")):
        """The row that was changed is found by table and key together; the index is on the table."""

        id = not_personal(_("row number"))
        user = person(label=_("changed by"))
        content_type = person(by="admin_log", label=_("table"))
        action_time = observed(belongs_to="user", label=_("when"))
        action_flag = observed(belongs_to="user", label=_("added, changed or deleted"))
        object_id = observed(belongs_to="content_type", label=_("row"))
        object_repr = observed(belongs_to="content_type", label=_("name of the row"))
        change_message = observed(belongs_to="content_type", label=_("fields that changed"))
