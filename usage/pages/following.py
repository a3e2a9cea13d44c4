"""Whom a member follows, and what they published."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from privacy.pages.paging import nearest_page
from privacy.pages.people import person_page

from .. import following

PER_PAGE = 20


@require_safe
@person_page
def followed(request):
    news = nearest_page(following.news(request.user), request.GET.get("page", "1"), size=PER_PAGE)
    people = nearest_page(following.followed_by(request.user), request.GET.get("people", "1"), size=PER_PAGE)
    context = {"news": news, "people": people, "followers": following.how_many_follow(request.user)}
    return render(request, "usage/following.html", context)
