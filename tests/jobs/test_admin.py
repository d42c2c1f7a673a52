"""The pages of long work: for whoever asked, for who may see all, and for nobody else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from oda_portal.accounts.models import User
from oda_portal.audit.models import Transition
from oda_portal.jobs import actions
from oda_portal.jobs.models import Job
from tests.accounts.test_roles import member
from tests.doors import sign_in_staff
from tests.factories import StaffFactory
from tests.jobs.kinds import KIND, a_kind, counting

pytestmark = pytest.mark.django_db


def a_job(by: User, total: int | None = 4) -> Job:
    return actions.start(KIND, by=by, total=total, arguments={}, title="글 4건 게시")


def address(page: str, job: Job) -> str:
    return reverse(f"admin:jobs_job_{page}", args=[job.uuid])


def with_report(job: Job) -> Iterator[None]:
    job.note(1, "게시했습니다")
    job.note(2, "제목이 없습니다", failed=True)
    job.keep_result(ContentFile("가,나".encode()), "목록.csv")
    job.done = 4
    yield


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_the_page_says_how_far_it_is_and_the_part_alone_as_well(client: Client, language: str):
    staff = member("editor")
    sign_in_staff(client, staff)
    with a_kind(), translation.override(language):
        job = a_job(staff)
        Job.objects.update(done=1, token="x")

        page, part = client.get(address("change", job)), client.get(address("progress", job))

    for response in (page, part):
        assert '<progress id="job-progress" max="4" value="1">' in response.content.decode()
        assert "data-running" in response.content.decode()
    assert "글 4건 게시" in page.content.decode()
    assert "no-store" in part.headers["Cache-Control"]
    assert "<html" not in part.content.decode()


def test_whoever_asked_stops_it_and_a_second_time_nothing_happens(client: Client):
    staff = member("editor")
    sign_in_staff(client, staff)
    with a_kind():
        job = a_job(staff)
        assert address("cancel", job) in client.get(address("change", job)).content.decode()

        client.post(address("cancel", job))
        client.post(address("cancel", job))

        page = client.get(address("change", job)).content.decode()
    assert Job.objects.get().state == Job.State.CANCELLED
    assert Transition.objects.filter(object_id=job.pk, to_state="cancelled").count() == 1
    assert address("cancel", job) not in page
    assert "data-running" not in page


def test_looking_at_the_address_that_stops_it_stops_nothing(client: Client):
    staff = member("editor")
    sign_in_staff(client, staff)
    with a_kind():
        job = a_job(staff)

    assert client.get(address("cancel", job)).status_code == 405
    assert Job.objects.get().state == Job.State.WAITING


def test_of_others_jobs_nobody_knows_but_who_may_see_all(client: Client):
    with a_kind(with_report):
        job = a_job(member("editor"))
        actions.work_off(job)
        pages = [address(page, job) for page in ("change", "progress", "result", "report")]
        sign_in_staff(client, member("editor"))
        assert [client.get(page).status_code for page in pages] == [302, 404, 404, 404]
        assert client.post(address("cancel", job)).status_code == 404
        assert "글 4건" not in client.get(reverse("admin:jobs_job_changelist")).content.decode()

        sign_in_staff(client, StaffFactory())
        # All but the file: that holds what whoever asked was allowed to take out.
        assert [client.get(page).status_code for page in pages] == [200, 200, 404, 200]
        assert "글 4건" in client.get(reverse("admin:jobs_job_changelist")).content.decode()


def test_the_report_and_the_file_are_there_for_whoever_asked(client: Client):
    staff = member("editor")
    sign_in_staff(client, staff)
    with a_kind(with_report):
        job = a_job(staff)
        actions.work_off(job)

        page = client.get(address("change", job)).content.decode()
        file = client.get(address("result", job))
        report = client.get(address("report", job))

    assert page.index("제목이 없습니다") < page.index("게시했습니다")
    assert address("result", job) in page
    assert b"".join(file.streaming_content).decode() == "가,나"
    assert "filename*=UTF-8''%EB%AA%A9%EB%A1%9D.csv" in file.headers["Content-Disposition"]
    assert file.headers["Cache-Control"].startswith("private, no-store")
    lines = b"".join(report.streaming_content).decode().splitlines()
    assert lines[1:] == ["1,,게시했습니다", "2,✕,제목이 없습니다"]


def test_a_file_that_is_gone_is_said_so_and_not_offered(client: Client):
    staff = member("editor")
    sign_in_staff(client, staff)
    with a_kind(with_report):
        job = a_job(staff)
        actions.work_off(job)
        Job.objects.get().drop_result()

        page = client.get(address("change", job)).content.decode()

    assert address("result", job) not in page
    assert client.get(address("result", job)).status_code == 404


@pytest.mark.parametrize("wrong", ["0", "x", "00000000-0000-0000-0000-000000000000"])
def test_a_wrong_address_is_no_job(client: Client, wrong: str):
    sign_in_staff(client, StaffFactory())
    base = reverse("admin:jobs_job_changelist")

    assert client.get(f"{base}{wrong}/progress/").status_code == 404
    assert client.get(f"{base}{wrong}/change/").status_code in (302, 404)


@pytest.mark.parametrize("state", list(Job.State))
def test_the_list_is_filtered_by_state_and_asks_as_much_for_many(client: Client, state: Job.State):
    staff = StaffFactory()
    sign_in_staff(client, staff)
    counts = []
    client.get(reverse("admin:jobs_job_changelist"))  # what is kept for a minute
    with a_kind(counting):
        for _many in range(2):
            for _one in range(3):
                a_job(staff)
            jobs = list(Job.objects.order_by("pk"))
            jobs[0].cancel(by=staff)
            actions.work_off(jobs[1])
            actions.work_off(a_job(staff, total=None))
            with CaptureQueriesContext(connection) as queries:
                page = client.get(f"{reverse('admin:jobs_job_changelist')}?state={state}")
            counts.append(len(queries))
            assert page.status_code == 200
            found = {job.state for job in page.context["cl"].result_list}
            assert found <= {state}
    assert counts[0] == counts[1] <= 12
