"""What a library knows of its readers."""

from privacy.datamap import Activity, DataMap, LawfulBasis, deleted, not_personal, observed, person, provided, secret
from privacy.subjects import subject_root

from .models import Loan, Reader

subject_root(Reader, kind="reader")

LENDING = Activity(slug="lending", purpose="Lend books", lawful_bases=(LawfulBasis.CONTRACT,))


class ReaderMap(DataMap, model=Reader, activity=LENDING, row=deleted, stays="The library writes it down at the desk."):
    id = not_personal("row number")
    subject = person()
    name = provided()
    password = secret()
    last_login = observed()


class LoanMap(DataMap, model=Loan, activity=LENDING, row=deleted, arrives=("title",)):
    id = not_personal("row number")
    reader = person()
    title = observed()
