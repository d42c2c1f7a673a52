"""The drawings of the demonstration: in the library, in the gallery, and left as staff have them."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from oda_portal.demo import pictures, tasks
from oda_portal.demo.models import LoadedRecord
from oda_portal.languages import path_in
from oda_portal.library import uses
from oda_portal.library.models import Picture
from programs.models import Photo

pytestmark = [pytest.mark.thorough, pytest.mark.usefixtures("loaded")]

DRAWINGS = sorted(path.stem for path in pictures.DRAWINGS.glob("*.svg"))


def test_drawings_come_into_the_library_described_and_once():
    assert pictures.hang_pictures() == len(DRAWINGS)
    assert pictures.hang_pictures() == 0

    assert Picture.objects.ready().count() == Picture.objects.count() == len(DRAWINGS)
    assert {picture.credit for picture in Picture.objects.all()} == {pictures.DETAILS.credit}
    rows = uses.with_uses(Picture.objects.all())
    used = {row.name.partition("(")[0]: row.uses for row in rows}
    assert used == {
        "부산 바다와 다리": 0,
        "연수 강의실": 3,
        "몽골 초원의 봉사단": 1,
        "양곤 의료 봉사": 1,
        "실무 회의": 1,
        "포럼 무대": 1,
    }


@pytest.mark.parametrize(
    ("language", "words"), [("ko", "그림:"), ("en", "Drawing:"), ("zh-hans", "图画：")]
)
def test_the_gallery_says_that_it_is_a_drawing(
    client: Client, django_capture_on_commit_callbacks, language: str, words: str
):
    with django_capture_on_commit_callbacks(execute=True):
        pictures.hang_pictures()
    photo = Photo.objects.get(caption_en="Busan Global Friends in Yangon, 2019")

    shown = client.get(path_in(f"/gallery/program-{photo.pk}/", language)).content.decode()

    assert f'alt="{words}' in shown
    assert pictures.DETAILS.credit in shown


def test_what_staff_took_away_stays_away():
    pictures.hang_pictures()
    Picture.objects.filter(name__startswith="부산").delete()
    Photo.objects.filter(caption_en__contains="Yangon").update(image="")

    assert pictures.hang_pictures() == 0
    assert Picture.objects.count() == len(DRAWINGS) - 1
    assert not Photo.objects.get(caption_en__contains="Yangon").image


def test_a_photo_of_staff_is_kept():
    known = LoadedRecord.objects.get(model="programs.photo", key="gallery/1").object_id
    Photo.objects.filter(pk=known).update(image="photo/own.jpg", credit="김직원")

    pictures.hang_pictures()

    assert Photo.objects.get(pk=known).image.name == "photo/own.jpg"


def test_loading_leaves_the_drawing_to_the_worker(settings, django_capture_on_commit_callbacks):
    settings.DEMO = True

    with django_capture_on_commit_callbacks() as asked:
        call_command("load_demo", stdout=StringIO())

    assert tasks.hang_pictures.delay in asked
    assert Picture.objects.count() == 0


def test_nothing_is_hung_outside_the_demonstration(settings):
    settings.DEMO = False

    assert tasks.hang_pictures() == 0
    assert Picture.objects.count() == 0
