"""The project's addresses and those of two admin sites: one that leaves a trail, and Django's own."""

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.urls import path

from accounts.models import Member
from config.urls import urlpatterns as project_urls
from privacy.admin import LoggedAdmin, TrailEntryAdmin
from privacy.models import DataSubjectRequest, TrailEntry
from usage.models import Folder, Message, Score


class EmailAddresses(LoggedAdmin, admin.TabularInline):
    model = EmailAddress


class MemberAdmin(LoggedAdmin, admin.ModelAdmin):
    search_fields = ("last_name",)
    inlines = (EmailAddresses,)


class OurAdmin(LoggedAdmin, admin.ModelAdmin):
    pass


site = admin.AdminSite("logged")
site.register(Member, MemberAdmin)
site.register((DataSubjectRequest, Message, Score), OurAdmin)
site.register(TrailEntry, TrailEntryAdmin)
# What a host that knows nothing of us would do.
admin.site.register(Folder)

urlpatterns = [path("admin/", site.urls), path("plain/", admin.site.urls), *project_urls]
