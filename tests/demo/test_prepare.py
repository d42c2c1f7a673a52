"""The one set-up command."""

from io import StringIO

import pytest
from django.conf import settings as project
from django.core.management import call_command

from oda_portal.accounts.models import User
from oda_portal.care.tasks import look_after_everything
from oda_portal.demo import people
from oda_portal.demo.models import LoadedRecord
from programs.models import Program

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path) -> None:
    """Neither the stylesheet nor the catalogues of the project are written by a test."""
    settings.VAR_DIR = tmp_path
    (tmp_path / "static").symlink_to(project.BASE_DIR / "static")
    (tmp_path / "locale").mkdir()
    settings.BASE_DIR = tmp_path


def prepare() -> str:
    out = StringIO()
    call_command("prepare", stdout=out)
    return out.getvalue()


def test_prepare_loads_the_demonstration_and_says_how_to_sign_in(settings):
    settings.DEMO, settings.SITE_URL = True, "http://localhost:8123"

    said = prepare()

    assert Program.objects.filter(code="laos-cpr").exists()
    assert (settings.VAR_DIR / "build" / "site.css").exists()
    assert people.PASSWORD in said
    for line in ("admin@example.org", "http://localhost:8123/en/", "http://localhost:8123/admin/"):
        assert line in said


@pytest.mark.thorough
def test_prepare_again_adds_nothing(settings):
    settings.DEMO = True
    prepare()
    before = LoadedRecord.objects.count(), User.objects.count()

    said = prepare()

    assert (LoadedRecord.objects.count(), User.objects.count()) == before
    assert "0 rows new, 0 changed" in said


@pytest.mark.thorough
def test_prepare_has_what_was_loaded_looked_after(settings, django_capture_on_commit_callbacks):
    settings.DEMO = True

    with django_capture_on_commit_callbacks() as asked:
        prepare()

    assert look_after_everything.delay in asked


@pytest.mark.thorough
def test_prepare_outside_the_demonstration_loads_nothing_and_shuts_its_doors(settings):
    settings.DEMO = True
    people.open_doors()
    settings.DEMO = False

    said = prepare()

    assert Program.objects.count() == 0
    assert people.PASSWORD not in said
    assert "admin@example.org: the demonstration's password no longer opens anything." in said
    assert not User.objects.get(email="admin@example.org").has_usable_password()
