"""The registers on signed paper: what stands on it, and that nobody changes it unseen."""

import io
import json
import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import formats, translation
from pypdf import PdfReader

from privacy.casework import cases
from privacy.casework.registers import breaching, dossier, processors
from privacy.datamap import RefusalGround, Right
from privacy.datamap.register import entries
from privacy.days import today
from privacy.evidence.signing import issuer, public_keys
from privacy.models import Breach, DataSubjectRequest, Recipient, TrailEntry
from privacy.paper.lettering import ELLIPSIS
from privacy.verify import Code, State, is_signed_paper, keys_of, verify_paper
from privacy.verify.__main__ import main

from .breached import make_breach, told_authority, told_persons
from .makers import make_view
from .signed_archives import KEYS
from .test_holds import hold

SOMEBODY = "7d0c2f4e-6a1b-4a6f-9a35-0d2f6b1c8e11"

pytestmark = pytest.mark.django_db


def everything(language="nl"):
    return dossier.everything(language=language, actor_ref=SOMEBODY)


def text_of(paper: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages))


def checked(paper, keys=None, **options):
    return verify_paper(BytesIO(paper), keys_of(public_keys()) if keys is None else keys, **options)


def test_the_register_on_paper_has_every_use_with_its_time_limit():
    """G-61."""
    said = text_of(dossier.register(language="nl"))

    for entry in entries():
        assert re.sub(r"\s+", " ", entry.purpose) in said


def test_all_registers_stand_on_one_paper_and_name_nobody(an):
    """G-61, G-62: register, processors, breaches with all that was decided."""
    make_view(an)
    Recipient.objects.create(name="Hosting NV", kind="processor", contact_email="host@host.example", category="hosting")
    breach = make_breach(refs=[an.subject.ref])
    told_authority(breach)

    said = text_of(everything())

    for shown in ["Hosting NV", breach.ref, "Een lijst ging naar een verkeerd adres.", "GBA-1", "Register van verwerkingsactiviteiten"]:
        assert shown in said
    assert not [name for name in (an.email, an.last_name, str(an.subject.ref)) if name in said]


def test_the_figures_on_paper_are_those_of_the_page(an, bo):
    """G-69."""
    for member in (an, bo):
        cases.submit(Right.OBJECTION, subject=member.subject)
    cases.refuse(DataSubjectRequest.objects.first(), ground=RefusalGround.EXCEPTION, reasons="Een geschil.", actor_ref="dpo")

    assert "Objection 2 1 1 of 1 1 of 1 0.0" in text_of(everything("en"))


def test_a_long_text_stands_on_paper_to_its_end(an):
    make_breach(facts="Regel. " * 700 + "Einde.")

    assert "Regel. Einde." in text_of(everything())


def test_what_people_were_told_and_why_others_were_not_stands_there_to_its_end(an):
    """G-62, G-65."""
    make_view(an)
    told, silent = make_breach(risk="high"), make_breach(risk="high")
    told_persons(told, words="Regel. " * 500 + "Einde.", effects="Gevolg. " * 500 + "Slot.", measures="Stap. " * 500 + "Klaar.")
    breaching.spare(silent.ref, "persons", seen=1, outcome="encrypted", words="Grond. " * 500 + "Punt.", actor_ref="dpo")

    said = text_of(everything())

    for end in ["Regel. Einde.", "Gevolg. Slot.", "Stap. Klaar.", "Grond. Punt."]:
        assert end in said


def test_every_column_and_every_time_limit_of_the_register_stands_on_paper():
    """G-61: nothing is cut, and no word is missing."""
    with translation.override("nl"):
        categories = [each for entry in entries() for each in entry.categories]
    texts = [text for each in categories for text in (*(column.title for column in each.columns), each.fate, *each.time_limits)]

    said = text_of(dossier.register(language="nl"))

    assert ELLIPSIS not in said
    assert [word for text in texts for word in text.split() if word not in said] == []


def test_holds_on_paper_say_how_many_there_are_and_when_one_is_looked_at_again(an, bo):
    for member, days in [(an, 60), (bo, 30)]:
        hold(member, review_on=today() + timedelta(days=days))

    assert f"{formats.date_format(today() + timedelta(days=30), 'j F Y')} 2" in text_of(everything())


def test_hostile_words_on_paper_are_words(an):
    make_breach(facts="<b>vet</b> &amp; <para>x</para> \u202eomgekeerd\x07")

    assert "<b>vet</b> &amp; <para>x</para>" in text_of(everything())


def test_an_empty_house_has_a_paper_too():
    assert Breach.objects.count() == 0
    assert len(PdfReader(BytesIO(everything())).pages) > 1


def test_that_it_was_made_stands_in_the_trail(daan):
    dossier.everything(language="nl", actor_ref=daan.subject.ref)

    assert TrailEntry.objects.get(event="register.exported").actor_ref == str(daan.subject.ref)


def test_a_paper_is_signed_as_everything_of_ours():
    verdict = checked(everything())

    assert (verdict.state, verdict.issuer, verdict.faults) == (State.SIGNED, issuer(), [])
    assert verdict.made_at.startswith("20")


@pytest.mark.parametrize(
    "change",
    [
        lambda paper: paper.replace(b"/Creator", b"/Kreator", 1),
        lambda paper: paper.replace(b"%inzage-made 2", b"%inzage-made 1", 1),
        lambda paper: paper.replace(b"%%EOF\n", b"%%EOF\n\n", 1),
    ],
)
def test_one_changed_byte_is_seen(change):
    paper = everything()
    assert change(paper) != paper

    assert [fault.code for fault in checked(change(paper)).faults] == [Code.CHANGED]


@pytest.mark.parametrize("more", [b"x", b"\n", b"% more\n", b"%inzage-signature x..y\n"])
def test_nothing_stands_behind_the_signature(more):
    assert checked(everything() + more).state == State.TAMPERED


def test_a_stranger_s_key_signs_nothing_of_ours():
    assert [fault.code for fault in checked(everything(), KEYS).faults] == [Code.UNKNOWN_KEY]


def test_without_keys_nobody_says_that_it_is_ours():
    assert verify_paper(BytesIO(everything())).state == State.SIGNER_UNKNOWN


@pytest.mark.parametrize("raw", [b"", b"%PDF-1.4\n", b"x" * 10_000, b"{}\n%inzage-signature x"])
def test_what_is_no_signed_paper_is_none(raw):
    assert not is_signed_paper(BytesIO(raw))


def test_the_command_checks_a_paper(tmp_path, capsys):
    paper, keys = tmp_path / "registers.pdf", tmp_path / "keys.json"
    paper.write_bytes(everything())
    keys.write_text(json.dumps(public_keys()))

    assert main([str(paper), "--keys", str(keys), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["kind"] == "paper"
    assert main([str(paper), "--keys", str(keys)]) == 0
    assert "Intact: paper" in capsys.readouterr().out


def test_an_organisation_that_is_recorded_says_who_did_in_the_trail(daan):
    made = processors.record(Recipient(name="Hosting NV", kind="processor", contact_email="h@host.example"), actor_ref=daan.subject.ref)

    assert TrailEntry.objects.get(event="recipient.changed").reason == f"new.{made.pk}"
    assert io.BytesIO(everything()).getvalue().startswith(b"%PDF")
