"""One reader with one loan: found through the data map, and shown to her on the engine's pages."""

from django.test import Client
from django.urls import reverse

from privacy.datamap import registry
from privacy.subjects import rows_concerning

from .models import Loan, Reader


def addresses(subject):
    """Readers here give none; they get their letters at the desk."""
    return []


def rows():
    """The tables in which the engine finds something about this reader."""
    reader = Reader.objects.create(name="Lea")
    Loan.objects.create(reader=reader, title="De Kapellekensbaan")
    labels = [data_map.label() for data_map in registry.maps.values() if rows_concerning(data_map, reader.subject).exists()]
    return " ".join(sorted(labels))


PAGES = ("overview", "data", "recipients", "download", "correct", "object", "restrict", "erase", "requests")


def pages():
    """Which pages of the engine open for a reader, and whether one of them shows her book."""
    reader = Reader.objects.create(name="Mia")
    Loan.objects.create(reader=reader, title="Het verdriet van België")
    client = Client()
    client.force_login(reader)
    answers = {name: client.get(reverse(f"privacy:{name}")) for name in PAGES}
    table = client.get(reverse("privacy:table", args=["lending", "library.Loan"]))
    opened = [f"{name}:{answer.status_code}" for name, answer in answers.items()]
    return " ".join([*opened, f"book:{'Het verdriet van België' in table.content.decode()}"])
