"""A piece of long work: how far it is, who works at it, what it could not do, what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.audit.models import record_transition
from oda_portal.files.fields import CheckedDocumentField
from oda_portal.publishing.parts import in_parts

from .refusals import TakenOverError

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

# Nobody has given a sign of life for so long: whoever worked at it is gone.
SILENCE = timedelta(minutes=2)
# A call that nobody heard for so long is made again.
PATIENCE = timedelta(minutes=1)
# So long a file that a job has made is there to be fetched.
KEPT = timedelta(days=1)
LONGEST_NOTE = 500
KEYS_AT_ONCE = 500


class JobQuerySet(models.QuerySet):
    def unfinished(self) -> Self:
        return self.filter(finished_at=None, cancelled_at=None)

    def nobodys(self) -> Self:
        """Unfinished ones that a worker may take: none has them, or the one that had is gone."""
        silent = Q(worked_at__lt=timezone.now() - SILENCE)
        return self.unfinished().filter(Q(token="") | silent)

    def visible_to(self, user: Any) -> Self:
        """One's own; all of them for who may see every job."""
        return self if user.has_perm("jobs.view_job") else self.filter(asked_by=user.pk)

    def forgotten(self) -> Self:
        """Those that nobody took for a while: the call was lost, or the worker is gone."""
        return self.nobodys().filter(worked_at__lt=timezone.now() - PATIENCE)

    def with_old_results(self) -> Self:
        return self.filter(finished_at__lt=timezone.now() - KEPT).exclude(result="")


class Job(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("job", "Waiting")
        RUNNING = "running", pgettext_lazy("job", "Running")
        FINISHED = "finished", pgettext_lazy("job", "Finished")
        CANCELLED = "cancelled", pgettext_lazy("job", "Cancelled")
        FAILED = "failed", pgettext_lazy("job", "Stopped by an error")

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=60, editable=False)
    title = models.CharField(_("title"), max_length=300, editable=False)
    # Keys and choices; never anything of a person's.
    arguments = models.JSONField(default=dict, editable=False)
    language = models.CharField(max_length=10, editable=False)
    # A form that is sent twice gives the same name twice.
    once = models.CharField(max_length=100, null=True, unique=True, editable=False)  # noqa: DJ001
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("requested by"),
    )
    asked_at = models.DateTimeField(_("requested at"), auto_now_add=True)
    # Who works at it, and the last sign of life; empty while nobody does.
    token = models.CharField(max_length=32, blank=True, editable=False)
    worked_at = models.DateTimeField(_("last run at"), default=timezone.now, editable=False)
    taken_over = models.PositiveSmallIntegerField(default=0, editable=False)
    total = models.PositiveIntegerField(_("total"), null=True, editable=False)
    done = models.PositiveIntegerField(pgettext_lazy("job", "done"), default=0, editable=False)
    failed = models.PositiveIntegerField(_("not done"), default=0, editable=False)
    finished_at = models.DateTimeField(_("finished at"), null=True, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, editable=False)
    # A sentence for whoever asked, in their language.
    error = models.CharField(_("reason"), max_length=500, blank=True, editable=False)
    result = CheckedDocumentField(_("file"), blank=True, editable=False)
    # What the file is called when it is fetched.
    result_name = models.CharField(max_length=150, blank=True, editable=False)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("long-running work")
        verbose_name_plural = _("long-running work")
        indexes = [
            models.Index(
                fields=["worked_at"],
                condition=Q(finished_at=None, cancelled_at=None),
                name="job_unfinished",
            ),
            models.Index(fields=["asked_by", "-id"], name="job_of_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | Q(finished_at=None),
                name="job_cancelled_or_finished",
            ),
            models.CheckConstraint(
                condition=Q(error="") | Q(finished_at__isnull=False), name="job_error_ends_it"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_admin_url(self) -> str:
        return reverse("admin:jobs_job_change", args=[self.uuid])

    @property
    def state(self) -> Job.State:
        if self.cancelled_at:
            return self.State.CANCELLED
        if self.finished_at:
            return self.State.FAILED if self.error else self.State.FINISHED
        return self.State.RUNNING if self.token else self.State.WAITING

    @property
    def is_over(self) -> bool:
        return bool(self.cancelled_at or self.finished_at)

    # --- the records that it is about -----------------------------------------------------------

    def keep_keys(self, keys: Iterable[int]) -> None:
        """The records that the work is about, as they were when somebody asked for it. Once."""
        parts = enumerate(in_parts(keys, KEYS_AT_ONCE))
        rows = (JobKeys(job=self, number=number, keys=part) for number, part in parts)
        # Asked for twice by one form: the first has them.
        JobKeys.objects.bulk_create(rows, batch_size=100, ignore_conflicts=True)

    def kept_keys(self) -> Iterator[list[int]]:
        """Those that are left, by what `done` says; some at a time."""
        first, skipped = divmod(self.done, KEYS_AT_ONCE)
        numbers = list(self.keys.filter(number__gte=first).values_list("number", flat=True))
        for number in numbers:
            part = self.keys.get(number=number).keys
            yield part[skipped:]
            skipped = 0

    # --- for the work itself --------------------------------------------------------------------

    @contextmanager
    def part(self) -> Iterator[None]:
        """One transaction for a part and the progress it makes: together or not at all.

        Nobody takes the job over meanwhile. Raises TakenOverError when somebody has, or when it
        was cancelled; nothing of the part is done then.
        """
        with transaction.atomic():
            mine = Job.objects.unfinished().filter(pk=self.pk, token=self.token)
            if not self.token or mine.select_for_update().first() is None:
                raise TakenOverError
            yield
            self._write_progress()

    def note(self, number: int, text: str, *, failed: bool = False) -> None:
        """A line of the report, about the record or row of this number; the same twice is one."""
        JobNote.objects.get_or_create(
            job=self, number=number, text=text[:LONGEST_NOTE], defaults={"failed": failed}
        )
        self._has_new_notes = True

    def beat(self) -> bool:
        """A sign of life with what is done; False when the work has to end here."""
        return (
            self._write_progress()
            and not Job.objects.filter(pk=self.pk).exclude(cancelled_at=None).exists()
        )

    def _write_progress(self) -> bool:
        if getattr(self, "_has_new_notes", False):
            lines = self.notes.filter(failed=True)
            self.failed = lines.values("number").distinct().count()
            self._has_new_notes = False
        values = {"done": self.done, "failed": self.failed, "total": self.total}
        mine = Job.objects.filter(pk=self.pk, token=self.token).exclude(token="")
        return bool(mine.update(**values, worked_at=timezone.now()))

    # --- states ---------------------------------------------------------------------------------

    def claim(self) -> bool:
        """Take it, if nobody has it; False when somebody works at it or it is over."""
        had, token = self.token, uuid4().hex
        values = {"token": token, "worked_at": timezone.now()}
        if had:
            values["taken_over"] = models.F("taken_over") + 1
        taken = Job.objects.nobodys().filter(pk=self.pk, token=had).update(**values)
        self.refresh_from_db()
        return bool(taken)

    def release(self) -> None:
        """Others get their turn; it goes on from what is done."""
        Job.objects.filter(pk=self.pk, token=self.token).update(token="")

    def cancel(self, *, by: User) -> bool:
        """Stop before the next part; what is done stays. False when it was over."""
        return self._end(self.State.CANCELLED, by=by, cancelled_at=timezone.now())

    def finish(self) -> bool:
        return self._end(self.State.FINISHED, by=None, finished_at=timezone.now())

    def fail(self, sentence: str) -> bool:
        now = timezone.now()
        return self._end(self.State.FAILED, by=None, finished_at=now, error=sentence[:500])

    def _end(self, target: Job.State, *, by: User | None, **values: Any) -> bool:
        """By whoever works at it, or by somebody who cancels it."""
        before = self.state
        rows = Job.objects.unfinished().filter(pk=self.pk)
        if target != self.State.CANCELLED:
            rows = rows.filter(token=self.token)
        with transaction.atomic():
            moved = rows.update(**values)
            if moved:
                record_transition(self, "state", before, target, by=by)
        self.refresh_from_db(fields=["cancelled_at", "finished_at", "error"])
        return bool(moved)

    def keep_result(self, content: Any, name: str) -> None:
        """The file that comes of it, under a random name; `name` is what it is fetched as."""
        self.result.save(name, content, save=False)
        self.result_name = name
        mine = Job.objects.unfinished().filter(pk=self.pk, token=self.token)
        if not mine.update(result=self.result.name, result_name=name):
            self.result.delete(save=False)
            raise TakenOverError

    def drop_result(self) -> None:
        """The file first: a process killed in between leaves a row without its file."""
        name = self.result.name
        if name:
            self.result.storage.delete(name)
            Job.objects.filter(pk=self.pk, result=name).update(result="")


class JobKeys(models.Model):
    """Some of the records that a job is about, by their numbers."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="keys", verbose_name=_("job"))
    number = models.PositiveIntegerField()
    keys = models.JSONField()

    class Meta:
        ordering = ["number"]
        verbose_name = _("records of a job")
        verbose_name_plural = _("records of jobs")
        constraints = [
            models.UniqueConstraint(fields=["job", "number"], name="job_keys_once"),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}: {self.number}"


class JobNote(models.Model):
    """A line of a job’s report."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="notes", verbose_name=_("job"))
    number = models.PositiveBigIntegerField(_("number"))
    text = models.CharField(_("text"), max_length=LONGEST_NOTE)
    failed = models.BooleanField(_("not done"), default=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("line of a report")
        verbose_name_plural = _("lines of a report")
        constraints = [
            models.UniqueConstraint(fields=["job", "number", "text"], name="job_note_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.text}"
