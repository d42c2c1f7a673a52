"""Somebody’s files in a bucket: handed in, refused while it is away, and gone when they go."""

from __future__ import annotations

import time

import pytest
from django.test import Client

from tests.factories import OpeningFactory, RequiredDocumentFactory
from tests.faults.line import line
from tests.files.samples import picture, upload
from tests.recovery import person
from tests.storing.places import IN_A_BUCKET, address_of, client_of, contents, nowhere, stored, use
from tests.volunteers.applicants import address, written
from volunteers.models import ApplicationFile

pytestmark = [*IN_A_BUCKET, pytest.mark.django_db(transaction=True)]
SENTENCES = {
    "ko": "파일을 저장하지 못했습니다",
    "en": "We could not store the file. What you wrote is still here.",
    "zh-hans": "文件",
}


def test_who_is_destroyed_is_in_no_object_and_no_version(settings, s3_server):
    client, name = client_of(s3_server), "of-a-person"
    client.create_bucket(Bucket=name)
    client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    use(settings, address_of(s3_server, name))
    person.arrive()
    content = person.content_of_file()
    assert [each for each in contents().values() if content in each]

    person.leave()

    found = client.list_object_versions(Bucket=name)
    assert (stored(), found.get("Versions", []), found.get("DeleteMarkers", [])) == ([], [], [])


def test_a_file_that_is_replaced_leaves_nothing_behind(client: Client):
    opening = OpeningFactory()
    field = f"document_{RequiredDocumentFactory(call=opening.call).pk}"
    application = written(opening.call, opening)
    client.force_login(application.volunteer.user)
    path = address("apply_step", opening.call, "documents")

    for name in ("one.png", "two.png"):
        page = client.get(path)
        file = upload(name, picture("PNG"))
        client.post(path, {"base": page.context["base"], field: file})

    row = ApplicationFile.objects.get()
    assert (row.name, stored()) == ("two.png", [f"private/{row.file.name}"])
    assert b"".join(client.get(f"/volunteers/files/{row.uuid}/")).startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize("language", SENTENCES)
def test_a_storage_that_is_away_is_said_and_nothing_typed_is_lost(client, settings, language):
    opening = OpeningFactory()
    field = f"document_{RequiredDocumentFactory(call=opening.call).pk}"
    application = written(opening.call, opening)
    before = application.written
    client.force_login(application.volunteer.user)
    path = address("apply_step", opening.call, "documents", language=language)
    page = client.get(path)
    use(settings, nowhere())

    file = upload("a.png", picture("PNG"))
    begun = time.monotonic()
    answer = client.post(path, {"base": page.context["base"], field: file})
    took = time.monotonic() - begun

    assert answer.status_code == 422
    assert SENTENCES[language] in answer.content.decode()
    application.refresh_from_db()
    assert (application.written, ApplicationFile.objects.count()) == (before, 0)
    lost = sum(application.written.get(step) != value for step, value in before.items())
    case, files = f"storage gone, a file is uploaded ({language})", ApplicationFile.objects.count()
    print(line(case, 1, lost=lost, repeated=files, errors=1, seconds=[took]))
