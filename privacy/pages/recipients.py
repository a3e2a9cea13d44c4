"""Who received her data: every recipient by name, and the processors that work for us (Art. 15(1)(c))."""

from django.core.paginator import Paginator
from django.shortcuts import render

from ..evidence.recipients import Recipient
from . import gone
from .people import person_page

ON_A_PAGE = 10


@person_page
def page(request):
    context = {
        "page": Paginator(gone.to_whom(request.subject), ON_A_PAGE).get_page(request.GET.get("page")),
        "processors": Recipient.objects.filter(kind=Recipient.Kind.PROCESSOR).order_by("name"),
        "categories": gone.categories(),
    }
    return render(request, "privacy/recipients.html", context)
