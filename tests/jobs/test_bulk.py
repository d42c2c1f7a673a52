"""One act on many records: few at once, many in the background, each for itself."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from news.models import Article
from oda_portal.jobs import tasks
from oda_portal.jobs.models import Job
from oda_portal.publishing import bulk
from oda_portal.publishing.models import Status
from tests import factories
from tests.accounts.test_roles import member
from tests.admin.forms import filled
from tests.doors import sign_in_staff

pytestmark = pytest.mark.django_db
LIST = "admin:news_article_changelist"


@pytest.fixture(autouse=True)
def _soon_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 2)


def articles(count: int, **values: Any) -> list[Article]:
    return [factories.ArticleFactory(**values) for _one in range(count)]


def act(client: Client, name: str, rows: list[Article], **form: Any) -> Any:
    """Asked first, then confirmed as it was shown."""
    chosen = {"action": name, "_selected_action": [row.pk for row in rows]}
    asked = client.post(reverse(LIST), chosen)
    return client.post(reverse(LIST), {**filled(asked), **chosen, "sure": "yes", **form})


def test_many_are_published_in_the_background_and_by_whoever_asked(client: Client):
    staff = member("editor")
    sign_in_staff(client, staff)
    rows = articles(3, status=Status.DRAFT)

    answer = act(client, "publish_selected", rows)

    job = Job.objects.get()
    assert answer.url == job.get_admin_url()
    assert not Article.objects.filter(status=Status.PUBLISHED).exists()
    tasks.work(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.failed) == (Job.State.FINISHED, 3, 0)
    assert Article.objects.filter(status=Status.PUBLISHED).count() == 3


def test_many_are_taken_down_with_the_reason(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    rows = articles(3)

    act(client, "take_down_selected", rows, reason="잘못된 내용")
    tasks.work(Job.objects.get().pk)

    assert Article.objects.filter(status=Status.WITHDRAWN).count() == 3


def test_a_department_is_set_for_few_at_once_and_for_many_in_the_background(client: Client):
    staff = factories.StaffFactory()
    sign_in_staff(client, staff)
    department = factories.DepartmentFactory()
    few, many = articles(2), articles(3)

    act(client, "change_selected", few, department=department.pk)
    assert Article.objects.filter(department=department).count() == 2
    assert not Job.objects.exists()
    act(client, "change_selected", many, department=department.pk)
    tasks.work(Job.objects.get().pk)

    assert Article.objects.filter(department=department).count() == 5
    assert many[0].history.first().history_user == staff


def test_a_time_is_not_changed_behind_the_back_of_readers(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    [public], [draft, other] = articles(1), articles(2, status=Status.DRAFT)
    when = {"publish_at": "2030-01-01 09:00", "publish_at_0": "2030-01-01", "publish_at_1": "09:00"}

    act(client, "change_selected", [public, draft, other], **when)
    tasks.work(Job.objects.get().pk)

    job = Job.objects.get()
    assert (job.done, job.failed) == (3, 1)
    assert job.notes.get().number == public.pk
    public.refresh_from_db()
    draft.refresh_from_db()
    assert public.publish_at is None
    assert draft.publish_at.year == 2030


def test_nothing_chosen_changes_nothing(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    rows = articles(1)

    answer = act(client, "change_selected", rows)

    assert "errorlist" in answer.content.decode()


def test_a_translator_changes_no_many(client: Client):
    sign_in_staff(client, member("translator_en"))
    rows = articles(3)
    department = factories.DepartmentFactory()

    chosen = {"action": "change_selected", "_selected_action": [row.pk for row in rows]}
    client.post(reverse(LIST), {**chosen, "sure": "yes", "department": department.pk})

    assert not Article.objects.filter(department=department).exists()
    assert not Job.objects.exists()


def test_whoever_lost_the_right_meanwhile_changes_nothing_any_more(client: Client):
    staff = member("editor")
    sign_in_staff(client, staff)
    rows = articles(3, status=Status.DRAFT)
    act(client, "publish_selected", rows)
    staff.groups.clear()

    tasks.work(Job.objects.get().pk)

    assert Job.objects.get().state == Job.State.FAILED
    assert not Article.objects.filter(status=Status.PUBLISHED).exists()


def test_one_that_is_gone_keeps_no_other(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    rows = articles(3, status=Status.DRAFT)
    act(client, "publish_selected", rows)
    rows[1].delete()

    tasks.work(Job.objects.get().pk)

    job = Job.objects.get()
    assert (job.state, job.done, job.failed) == (Job.State.FINISHED, 3, 1)
    assert Article.objects.filter(status=Status.PUBLISHED).count() == 2


@pytest.mark.parametrize("name", ["publish_selected", "take_down_selected"])
def test_more_than_anybody_means_are_refused_before_they_are_read(
    client: Client, name: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(bulk, "MOST", 2)
    sign_in_staff(client, factories.StaffFactory())
    rows = articles(3)

    chosen = {"action": name, "_selected_action": [row.pk for row in rows]}
    told = client.post(reverse(LIST), chosen, follow=True)

    assert "2" in str(next(iter(told.context["messages"])))
    assert "page" not in told.context
    assert not Job.objects.exists()
