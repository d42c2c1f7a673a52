"""The first loading, into an empty site and into one where staff have been."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models

from oda_portal.audit.models import Transition
from oda_portal.demo.demonstration import book_of, load_demonstration
from oda_portal.demo.files import Files
from oda_portal.demo.models import LoadedRecord
from oda_portal.publishing import freshness
from oda_portal.publishing.models import Dirty, Publishable
from partners.models import City, Country, Organisation
from programs.models import Program, Role, Run
from tests.factories import CityFactory, ProgramFactory

pytestmark = pytest.mark.django_db


@pytest.mark.thorough
def test_row_of_staff_under_the_same_address_stays_theirs():
    country = Country.objects.create(code="KR", alpha3="KOR", name_ko="한국", name_en="Korea")
    CityFactory(slug="busan", name_en="Our Busan", country=country)

    load_demonstration()
    load_demonstration()

    assert City.objects.get(slug="busan").name_en == "Our Busan"
    assert Organisation.objects.get(slug="koica").country == country
    assert not LoadedRecord.objects.filter(key__in=["busan", "KR"]).exists()


@pytest.mark.thorough
def test_parts_are_not_added_to_a_row_of_staff():
    ProgramFactory(code="laos-cpr")

    load_demonstration()

    assert not Run.objects.filter(program__code="laos-cpr").exists()


def test_everything_is_published_with_its_trail_and_its_history():
    load_demonstration()

    published: list[models.Model] = [
        row
        for model in book_of(Files()).entries
        if issubclass(model, Publishable)
        for row in model.objects.all()
    ]

    assert {row.status for row in published} == {"published"}
    assert Transition.objects.count() == len(published)
    laos = Program.objects.get(code="laos-cpr")
    kind = ContentType.objects.get_for_model(Program)
    trail = Transition.objects.get(content_type=kind, object_id=laos.pk)
    assert (trail.from_state, trail.to_state, trail.by) == ("draft", "published", None)
    assert laos.history.count() == laos.runs.first().history.count() == 1


@pytest.mark.thorough
def test_loading_marks_every_row_and_raises_the_generation_once(
    django_capture_on_commit_callbacks,
):
    before = freshness.generation()
    with django_capture_on_commit_callbacks(execute=True):
        counts = load_demonstration()

    assert Dirty.objects.count() == counts["created"]
    assert freshness.generation() != before


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="its statistics are asked")
def test_loading_lets_the_database_learn_how_many_rows_there_are():
    """Where it believes tables empty that are not, one list of the open data takes an hour."""
    load_demonstration()

    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'programs_role'::regclass")
        assert cursor.fetchone() == (Role.objects.count(),)
