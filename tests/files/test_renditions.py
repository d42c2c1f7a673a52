"""Renditions exist exactly while their picture may be seen."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from oda_portal.files import renditions, tasks
from oda_portal.files.models import Rendition
from oda_portal.publishing import freshness
from oda_portal.publishing.models import Status
from programs.models import Photo
from tests.factories import PhotoFactory, ProgramFactory
from tests.files import samples
from tests.storing.places import MOSTLY_IN_FOLDERS, full, stored

pytestmark = [*MOSTLY_IN_FOLDERS, pytest.mark.django_db]


def photo(size: tuple[int, int] = (2000, 1500), format: str = "JPEG", **values) -> Photo:
    ending = {"JPEG": "jpg", "PNG": "png"}[format]
    mode = values.pop("mode", "RGB")
    image = ContentFile(samples.picture(format, mode, size), name=f"a.{ending}")
    return PhotoFactory(image=image, **values)


def made_of(picture: Photo) -> set[tuple[str, int, int]]:
    rows = Rendition.objects.filter(object_id=picture.pk)
    return set(rows.values_list("format", "width", "height"))


def public_files() -> int:
    return len(stored("media"))


def test_make_renditions_makes_every_format_and_size():
    picture = photo()

    renditions.make_renditions(picture)

    sizes = [(480, 360), (960, 720), (1600, 1200)]
    assert made_of(picture) == {
        (format, *size) for format in ("avif", "webp", "jpg") for size in sizes
    }
    assert public_files() == 9
    for row in Rendition.objects.all():
        with Image.open(row.file) as image:
            assert image.size == (row.width, row.height)
            assert image.format == {"avif": "AVIF", "webp": "WEBP", "jpg": "JPEG"}[row.format]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((300, 200), {(300, 200)}),
        ((480, 10), {(480, 10)}),
        ((700, 350), {(480, 240), (700, 350)}),
        ((5000, 1), {(480, 1), (960, 1), (1600, 1)}),
    ],
)
def test_make_renditions_never_enlarges(size, expected):
    picture = photo(size)

    renditions.make_renditions(picture, ["jpg"])

    assert {(width, height) for _format, width, height in made_of(picture)} == expected


def test_make_renditions_gives_random_names():
    one, other = photo((300, 200)), photo((300, 200))

    renditions.make_renditions(one, ["jpg"])
    renditions.make_renditions(other, ["jpg"])

    first, second = Rendition.objects.values_list("file", flat=True)
    assert first != second
    assert str(one.pk) not in Path(first).stem.strip("0123456789abcdef")


def test_make_renditions_of_what_hardly_packs_stays_light():
    image = ContentFile(samples.noisy_jpeg(1600), name="noise.jpg")
    picture = PhotoFactory(image=image)

    renditions.make_renditions(picture, ["jpg"])

    lightest = Image.effect_noise((960, 960), 80).convert("RGB")
    content = io.BytesIO()
    lightest.save(content, "JPEG", quality=82)
    sizes = {row.width: row.file.size for row in Rendition.objects.all()}
    assert sizes[480] <= 200_000
    assert sizes[960] < len(content.getvalue())


def test_make_renditions_shows_clear_parts_on_white_in_a_jpeg():
    image = ContentFile(samples.half_clear_png(), name="logo.png")
    picture = PhotoFactory(image=image)

    renditions.make_renditions(picture)

    with Image.open(Rendition.objects.get(format="jpg").file) as jpeg:
        assert [value // 16 for value in jpeg.getpixel((5, 5))] == [15, 7, 7]
    with Image.open(Rendition.objects.get(format="webp").file) as webp:
        assert webp.mode == "RGBA"


def test_make_renditions_twice_makes_nothing_new():
    picture = photo()
    first = renditions.make_first_rendition(picture)
    renditions.make_renditions(picture)
    names = set(Rendition.objects.values_list("file", flat=True))

    assert renditions.make_renditions(picture) == []

    assert set(Rendition.objects.values_list("file", flat=True)) == names
    assert (first[0].format, first[0].width) == ("jpg", 960)
    assert first[0].file.name in names
    assert public_files() == len(names) == 9


def test_make_renditions_of_two_processes_are_stored_once():
    """Both have encoded before either has stored."""
    picture = photo((300, 200))
    with picture.image.open() as stored:
        encoded = renditions.encode(stored, ["jpg", "webp"])

    first = renditions._store(picture, picture.image.name, encoded)
    second = renditions._store(picture, picture.image.name, encoded)

    assert (len(first), second) == (2, [])
    assert public_files() == Rendition.objects.count() == 2


def test_rendition_twice_is_refused_by_the_database():
    picture = photo((300, 200))
    (row,) = renditions.make_renditions(picture, ["jpg"])
    row.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize(
    "values",
    [
        {"status": Status.DRAFT},
        {"status": Status.WITHDRAWN},
        {"publish_at": timezone.now() + timedelta(hours=1)},
        {"expire_at": timezone.now() - timedelta(hours=1)},
    ],
)
def test_make_renditions_of_what_may_not_be_seen_stores_nothing(values):
    picture = photo((300, 200), program=ProgramFactory(**values))

    assert renditions.make_renditions(picture) == []

    assert not Rendition.objects.exists()
    assert public_files() == 0


def test_make_renditions_sees_a_withdrawal_that_came_meanwhile():
    picture = photo((300, 200))
    type(picture.program).objects.get().withdraw(by=None)
    assert picture.may_be_seen()  # what this process still believes

    assert renditions.make_renditions(picture) == []
    assert public_files() == 0


def test_make_renditions_on_a_full_disk_leaves_no_row_and_no_file():
    image = ContentFile(samples.noisy_jpeg(700), name="noise.jpg")
    picture = PhotoFactory(image=image)

    with full(), pytest.raises(OSError, match=r"large|Quota"):
        renditions.make_renditions(picture, ["jpg"])

    assert not Rendition.objects.exists()
    assert public_files() == 0


def test_refresh_shows_a_new_picture_when_the_request_ends(django_capture_on_commit_callbacks):
    picture = photo()
    before = freshness.generation()

    with django_capture_on_commit_callbacks(execute=True):
        renditions.refresh(picture.program)

    assert made_of(picture) == {("jpg", 960, 720)}
    assert freshness.generation() != before


def test_refresh_after_a_withdrawal_removes_rows_and_files(django_capture_on_commit_callbacks):
    picture = photo((300, 200))
    renditions.make_renditions(picture)
    picture.program.withdraw(by=None)
    before = freshness.generation()

    with django_capture_on_commit_callbacks(execute=True):
        renditions.refresh(picture.program)

    assert not Rendition.objects.exists()
    assert public_files() == 0
    assert freshness.generation() != before


def test_refresh_keeps_the_files_when_the_withdrawal_is_rolled_back():
    picture = photo((300, 200))
    renditions.make_renditions(picture)

    with transaction.atomic():
        picture.program.withdraw(by=None)
        renditions.refresh(picture.program)
        transaction.set_rollback(True)

    assert Rendition.objects.count() == public_files() == 3


def test_refresh_replaces_what_was_made_of_an_earlier_picture(django_capture_on_commit_callbacks):
    picture = photo((300, 200))
    renditions.make_renditions(picture)
    picture.image = ContentFile(samples.picture("JPEG", size=(400, 100)), name="b.jpg")
    picture.save()

    with django_capture_on_commit_callbacks(execute=True):
        renditions.refresh(picture)

    assert made_of(picture) == {("jpg", 400, 100)}


def test_refresh_after_the_picture_was_cleared_removes_its_renditions():
    picture = photo((300, 200))
    renditions.make_renditions(picture)
    picture.image = ""
    picture.save()

    renditions.refresh(picture)

    assert not Rendition.objects.exists()


def test_refresh_of_the_owner_removes_what_was_made_of_a_deleted_picture():
    deleted, kept = photo((300, 200)), photo((300, 200))
    renditions.make_renditions(deleted)
    renditions.make_renditions(kept)
    deleted.delete()

    renditions.refresh(deleted.program)

    assert set(Rendition.objects.values_list("object_id", flat=True)) == {kept.pk}


def test_refresh_of_a_picture_that_cannot_be_read_does_not_fail(django_capture_on_commit_callbacks):
    broken = PhotoFactory(image=ContentFile(b"\xff\xd8\xffbroken", name="a.jpg"))
    good = photo((300, 200), program=broken.program)

    with django_capture_on_commit_callbacks(execute=True):
        renditions.refresh(broken.program)

    assert (made_of(broken), made_of(good)) == (set(), {("jpg", 300, 200)})


@pytest.mark.parametrize("many", [1, 12])
def test_renditions_for_asks_once(many):
    program = ProgramFactory()
    photos = [photo((60, 40), program=program) for _ in range(many)]
    for one in photos:
        renditions.make_renditions(one, ["jpg", "webp"])
    shown = [*photos, PhotoFactory(program=program)]

    with CaptureQueriesContext(connection) as queries:
        found = renditions.renditions_for(shown)

    assert len(queries) == 1
    assert {pk: len(rows) for pk, rows in found.items()} == {one.pk: 2 for one in photos}


def test_renditions_for_leaves_out_those_of_an_earlier_picture():
    picture = photo((300, 200))
    renditions.make_renditions(picture)
    picture.image = ContentFile(samples.picture("JPEG"), name="b.jpg")
    picture.save()

    assert renditions.renditions_for([picture]) == {}


def test_make_renditions_task_makes_the_rest_and_may_run_twice():
    picture = photo((300, 200))
    renditions.make_first_rendition(picture)

    for _ in range(2):
        tasks.make_renditions("programs.photo", picture.pk)

    assert made_of(picture) == {("avif", 300, 200), ("webp", 300, 200), ("jpg", 300, 200)}


def test_make_renditions_task_of_a_withdrawn_picture_removes():
    picture = photo((300, 200))
    renditions.make_renditions(picture)
    picture.program.withdraw(by=None)

    tasks.make_renditions("programs.photo", picture.pk)
    tasks.make_renditions("programs.photo", picture.pk + 1)  # deleted meanwhile

    assert not Rendition.objects.exists()


def test_picture_of_a_withdrawn_programme_is_gone_from_its_address(
    client, django_capture_on_commit_callbacks
):
    picture = photo((300, 200))
    renditions.make_renditions(picture, ["jpg"])
    address = Rendition.objects.get().file.url
    assert client.get(address).status_code == 200

    with django_capture_on_commit_callbacks(execute=True):
        picture.program.withdraw(by=None)
        renditions.refresh(picture.program)

    assert client.get(address).status_code == 404


def test_picture_is_seen_on_the_page_right_after_it_was_saved(
    client, django_capture_on_commit_callbacks
):
    program = ProgramFactory()
    page = program.get_absolute_url()
    assert "<picture>" not in client.get(page).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        picture = photo(program=program, alt_ko="우물", alt_en="A well")
        renditions.refresh(program)

    name = Rendition.objects.get(object_id=picture.pk).file.url
    assert f'src="{name}"' in client.get(page).content.decode()


def test_expired_picture_is_removed_by_the_sweep(django_capture_on_commit_callbacks):
    picture = photo(
        (300, 200), program=ProgramFactory(expire_at=timezone.now() + timedelta(hours=1))
    )
    renditions.make_renditions(picture)

    with django_capture_on_commit_callbacks(execute=True):
        tasks.sweep_renditions()
    assert Rendition.objects.count() == 3
    with (
        time_machine.travel(timezone.now() + timedelta(hours=2)),
        django_capture_on_commit_callbacks(execute=True),
    ):
        tasks.sweep_renditions()

    assert not Rendition.objects.exists()
    assert public_files() == 0
