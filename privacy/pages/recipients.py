"""Who received her data: every recipient by name, and the processors that work for us (Art. 15(1)(c))."""

from django.shortcuts import render

from ..evidence.recipients import Recipient
from . import disclosed
from .paging import nearest_page
from .people import person_page

ON_A_PAGE = 10


@person_page
def page(request):
    context = {
        "page": nearest_page(disclosed.to_whom(request.subject), request.GET.get("page", ""), size=ON_A_PAGE),
        "processors": Recipient.objects.filter(kind=Recipient.Kind.PROCESSOR).order_by("name"),
        "categories": disclosed.categories(),
    }
    return render(request, "privacy/recipients.html", context)
