"""Loading again: what staff changed, deleted and added stays as they left it."""

from collections import Counter

import pytest

from oda_portal.demo.demonstration import book_of, load_demonstration
from oda_portal.demo.files import Files
from oda_portal.demo.models import LoadedRecord
from oda_portal.publishing.models import Dirty
from partners.models import Organisation
from programs.models import Milestone, Program, Theme
from tests.factories import ProgramFactory, RunFactory

pytestmark = pytest.mark.usefixtures("loaded")

TITLE = "CPR training for Lao health workers"


def rows() -> Counter[str]:
    """How many rows there are of each model of the demonstration."""
    models_of_book = book_of(Files()).entries
    return Counter({model._meta.label: model._default_manager.count() for model in models_of_book})


def test_loading_twice_changes_nothing():
    before = rows()
    Dirty.objects.all().delete()

    counts = load_demonstration()

    assert counts == {"created": 0, "changed": 0, "spared": 0}
    assert rows() == before
    assert Dirty.objects.count() == 0


@pytest.mark.thorough
def test_every_record_leads_to_its_own_row():
    pairs = set(LoadedRecord.objects.values_list("model", "object_id"))

    assert len(pairs) == LoadedRecord.objects.count()
    clinic = Organisation.objects.get(slug="haeundae-paik")
    assert clinic.parent.slug == "inje"
    assert Organisation.objects.get(slug="koica-busan").parent.slug == "koica"


def test_edit_by_staff_survives_while_other_fields_are_brought_up_to_date(edited):
    laos = Program.objects.get(code="laos-cpr")
    laos.title_en = "A title of our own"
    laos.save()

    folder = edited("programmes.yaml", TITLE, "A new title in the files")
    text = (folder / "facts" / "programmes.yaml").read_text()
    changed = text.replace("라오스 의료인력 심폐소생술 연수", "라오스 심폐소생술 연수", 1)
    (folder / "facts" / "programmes.yaml").write_text(changed)
    counts = load_demonstration(folder)

    laos.refresh_from_db()
    assert laos.title_en == "A title of our own"
    assert laos.title_ko == "라오스 심폐소생술 연수"
    assert counts == {"created": 0, "changed": 1, "spared": 1}


def test_new_text_in_the_files_reaches_the_site(edited, django_capture_on_commit_callbacks):
    Dirty.objects.all().delete()

    load_demonstration(edited("programmes.yaml", TITLE, "A better title"))

    laos = Program.objects.get(code="laos-cpr")
    assert laos.title_en == "A better title"
    assert [(dirty.model, dirty.object_id) for dirty in Dirty.objects.all()] == [
        ("programs.program", str(laos.pk))
    ]
    assert laos.history.first().title_en == "A better title"


def test_text_cleared_by_staff_stays_empty():
    Organisation.objects.filter(slug="bgcf").update(about_en="", about_ko=None)

    load_demonstration()

    bgcf = Organisation.objects.get(slug="bgcf")
    assert (bgcf.about_en, bgcf.about_ko) == ("", None)


@pytest.mark.thorough
def test_links_changed_by_staff_survive(edited):
    laos = Program.objects.get(code="laos-cpr")
    laos.themes.set([Theme.objects.get(slug="finance")])

    load_demonstration(
        edited(
            "mapping.yaml", "laos-cpr:\n      themes: [health-care]", "laos-cpr:\n      themes: []"
        )
    )

    assert [theme.slug for theme in laos.themes.all()] == ["finance"]


@pytest.mark.thorough
def test_links_changed_in_the_files_are_changed(edited):
    load_demonstration(
        edited(
            "mapping.yaml",
            "laos-cpr:\n      themes: [health-care]",
            "laos-cpr:\n      themes: [education]",
        )
    )

    laos = Program.objects.get(code="laos-cpr")
    assert [theme.slug for theme in laos.themes.all()] == ["education"]


def test_row_deleted_by_staff_stays_deleted_with_its_parts():
    Program.objects.get(code="laos-cpr").delete()
    before = rows()

    counts = load_demonstration()

    assert counts["created"] == 0
    assert rows() == before
    assert not Program.objects.filter(code="laos-cpr").exists()


@pytest.mark.thorough
def test_new_part_of_a_deleted_row_is_not_loaded(edited):
    Program.objects.get(code="choeung-ek").delete()

    load_demonstration(edited("sister_villages.yaml", "date: '2019'", "date: '2018'"))

    assert not Milestone.objects.filter(on__year=2018, title_ko="").exists()


@pytest.mark.thorough
def test_rows_added_by_staff_are_untouched():
    laos = Program.objects.get(code="laos-cpr")
    added = RunFactory(program=laos, number=9, note_en="Ours")
    program = ProgramFactory(code="our-own", title_en="Ours")

    load_demonstration()

    added.refresh_from_db()
    program.refresh_from_db()
    assert (added.note_en, program.title_en) == ("Ours", "Ours")


def test_program_taken_down_by_staff_is_not_published_again(edited):
    laos = Program.objects.get(code="laos-cpr")
    laos.withdraw(by=None)

    load_demonstration(edited("programmes.yaml", TITLE, "A better title"))

    laos.refresh_from_db()
    assert (laos.status, laos.title_en) == ("withdrawn", "A better title")
