"""The sweep makes up for what was missed, and touches nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from oda_portal.files import renditions, staging, sweeping, tasks
from oda_portal.files.models import Rendition
from oda_portal.files.storages import private_storage, public_storage
from programs.models import Document, Photo
from tests.factories import PhotoFactory, ProgramFactory
from tests.files import samples
from tests.files.test_renditions import made_of, photo
from tests.storing.places import IN_BOTH, age, stored

pytestmark = [*IN_BOTH, pytest.mark.django_db]


def test_sweep_makes_what_is_missing():
    whole, begun, hidden = photo((300, 200)), photo((300, 200)), photo((300, 200))
    renditions.make_renditions(whole)
    renditions.make_first_rendition(begun)
    hidden.program.withdraw(by=None)

    tasks.sweep_renditions()

    expected = {("avif", 300, 200), ("webp", 300, 200), ("jpg", 300, 200)}
    assert (made_of(whole), made_of(begun), made_of(hidden)) == (expected, expected, set())


def test_sweep_makes_what_has_become_public_by_the_clock():
    later = timezone.now() + timedelta(seconds=1)
    picture = photo((300, 200), program=ProgramFactory(publish_at=later))
    tasks.sweep_renditions()
    assert made_of(picture) == set()

    type(picture.program).objects.update(publish_at=timezone.now())
    tasks.sweep_renditions()

    assert len(made_of(picture)) == 3


def test_sweep_goes_past_pictures_that_cannot_be_read(monkeypatch):
    monkeypatch.setattr(sweeping, "MOST_AT_ONCE", 1)
    old = photo((300, 200))
    for _ in range(3):
        PhotoFactory(image=ContentFile(b"\xff\xd8\xffbroken", name="a.jpg"))

    tasks.sweep_renditions()

    assert len(made_of(old)) == 3


def test_sweep_removes_renditions_of_deleted_pictures():
    picture = photo((300, 200))
    renditions.make_renditions(picture)
    picture.delete()

    tasks.sweep_renditions()

    assert not Rendition.objects.exists()


def test_sweep_removes_files_without_a_row_once_they_are_old():
    picture, storage = photo((300, 200)), public_storage()
    (row,) = renditions.make_renditions(picture, ["jpg"])
    for name in ("renditions/left.webp", "renditions/being-written.webp"):
        storage.save(name, ContentFile(b"x"))
    age(storage, "renditions/left.webp")
    age(storage, row.file.name)
    picture.program.delete()
    renditions.forget_deleted()
    kept = photo((300, 200))
    (kept_row,) = renditions.make_renditions(kept, ["jpg"])
    age(storage, kept_row.file.name)

    sweeping._delete_orphans()

    left = {"media/renditions/being-written.webp", f"media/{kept_row.file.name}"}
    assert set(stored("media")) == left


def test_sweep_removes_what_a_killed_process_left_waiting():
    waiting = [staging.stage(ContentFile(b"x"), "pdf") for _ in range(2)]
    age(private_storage(), waiting[0].stored)

    tasks.sweep_renditions()

    assert stored("private") == [f"private/{waiting[1].stored}"]


def test_sweep_leaves_stored_originals_alone():
    picture = photo((300, 200))
    age(private_storage(), picture.image.name, hours=1000)

    tasks.sweep_renditions()

    assert private_storage().exists(picture.image.name)


def replaced(picture: Photo) -> tuple[str, str]:
    """The name of a photo's old file and of the new one that took its place."""
    old = picture.image.name
    picture.image = ContentFile(samples.picture("PNG"), name="b.png")
    picture.save()
    for name in (old, picture.image.name):
        age(private_storage(), name)
    return old, picture.image.name


def test_sweep_removes_replaced_originals_a_month_later():
    storage = private_storage()
    old, new = replaced(photo((300, 200)))
    # Its history still names the old one, and must not keep it.
    assert Photo.history.filter(image=old).exists()

    tasks.sweep_renditions()
    assert not storage.exists(old)
    aside = f"replaced/{old}"
    age(storage, aside, hours=29 * 24)
    tasks.sweep_renditions()
    assert storage.exists(aside)

    age(storage, aside, hours=31 * 24)
    tasks.sweep_renditions()
    assert not storage.exists(aside)
    assert storage.exists(new)


def test_sweep_puts_an_original_aside_from_the_day_it_is_found():
    old, _new = replaced(photo((300, 200)))
    # Stored long ago, replaced today.
    age(private_storage(), old, hours=1000)

    for _ in range(2):
        tasks.sweep_renditions()

    assert private_storage().exists(f"replaced/{old}")


def test_sweep_brings_back_an_original_that_a_row_names_again():
    picture = photo((300, 200))
    old, new = replaced(picture)
    tasks.sweep_renditions()
    Photo.objects.filter(pk=picture.pk).update(image=old)

    tasks.sweep_renditions()

    assert private_storage().exists(old)
    assert private_storage().exists(f"replaced/{new}")


def test_sweep_leaves_alone_what_may_still_be_on_its_way_to_a_row():
    name = private_storage().save("photo/fresh.jpg", ContentFile(b"x"))

    tasks.sweep_renditions()

    assert private_storage().exists(name)


def test_sweep_removes_documents_without_a_row_and_leaves_other_folders_alone():
    storage = private_storage()
    kept = Document.objects.create(
        program=ProgramFactory(), file=ContentFile(b"%PDF-", name="a.pdf"), title_ko="글"
    )
    names = [storage.save(name, ContentFile(b"x")) for name in ("document/a.pdf", "other/a.pdf")]
    for name in (*names, kept.file.name):
        age(storage, name)

    tasks.sweep_renditions()

    assert [storage.exists(name) for name in (*names, kept.file.name)] == [False, True, True]


def test_sweep_of_an_empty_portal_does_nothing():
    tasks.sweep_renditions()

    assert not Rendition.objects.exists()
