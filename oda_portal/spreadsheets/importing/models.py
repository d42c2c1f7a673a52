"""A spreadsheet that somebody sent: what it would change, and what became of it.

Rows keep what the dry run saw, so that applying writes that and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.audit.models import record_transition
from oda_portal.jobs.models import Job

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

LONGEST_SENTENCE = 600


class ImportQuerySet(models.QuerySet["Import"]):
    def light(self) -> Self:
        """Without the file itself, which may have millions of bytes."""
        return self.defer("content")


class Import(models.Model):
    class State(models.TextChoices):
        READING = "reading", pgettext_lazy("import", "Being checked")
        REFUSED = "refused", pgettext_lazy("import", "Cannot be read")
        FAULTY = "faulty", pgettext_lazy("import", "Has rows to correct")
        READY = "ready", pgettext_lazy("import", "Checked, nothing written yet")
        APPLYING = "applying", pgettext_lazy("import", "Being applied")
        APPLIED = "applied", pgettext_lazy("import", "Applied")
        DISCARDED = "discarded", pgettext_lazy("import", "Discarded")

    OPEN = (State.READING, State.FAULTY, State.READY)

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+",
        verbose_name=_("requested by"),
    )  # fmt: skip
    asked_at = models.DateTimeField(_("requested at"), auto_now_add=True)
    file_name = models.CharField(_("file"), max_length=200)
    ending = models.CharField(max_length=4)
    # Given up once it is applied, discarded or refused.
    content = models.BinaryField(null=True, editable=False)
    state = models.CharField(
        pgettext_lazy("import", "state"), max_length=10, choices=State, default=State.READING,
        db_index=True,
    )  # fmt: skip
    # One sentence, in the language of who asked.
    refusal = models.TextField(_("why it was refused"), blank=True)
    # Keys of the columns that stand in the file, and heads that are passed over.
    columns = models.JSONField(default=list)
    passed_over = models.JSONField(default=list)
    # What works at it now, or did last.
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = [models.Index(fields=["content_type", "-id"], name="import_newest_first")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def model(self) -> type[models.Model]:
        """Raises LookupError when the model is gone."""
        model = self.content_type.model_class()
        if model is None:
            raise LookupError(self.content_type)
        return model

    @property
    def stopped(self) -> bool:
        """Whether its work ended before its end: somebody cancelled it, or an error did."""
        is_worked_on = self.state in (self.State.READING, self.State.APPLYING)
        return is_worked_on and (self.job is None or self.job.is_over)

    @property
    def is_worked_on(self) -> bool:
        is_worked_on = self.state in (self.State.READING, self.State.APPLYING)
        return is_worked_on and not self.stopped

    def counts(self) -> dict[str, int]:
        """How many rows of each verdict, and of each outcome."""
        outcomes = {
            f"outcome_{value}": Count("pk", Q(outcome=value)) for value in ImportRow.Outcome.values
        }
        verdicts = {value: Count("pk", Q(verdict=value)) for value in ImportRow.Verdict.values}
        return self.rows.aggregate(total=Count("pk"), **verdicts, **outcomes)

    # --- states ---------------------------------------------------------------------------------

    def was_read(self) -> bool:
        """The dry run is through. False when it was discarded meanwhile."""
        has_wrong = self.rows.filter(verdict=ImportRow.Verdict.WRONG).exists()
        target = self.State.FAULTY if has_wrong else self.State.READY
        return self._move((self.State.READING,), target, by=None)

    def refuse(self, sentence: str) -> bool:
        values = {"refusal": sentence, "content": None}
        return self._move((self.State.READING,), self.State.REFUSED, by=None, **values)

    def confirm(self, *, by: User) -> bool:
        """False when it was decided before, or has rows to correct."""
        return self._move((self.State.READY,), self.State.APPLYING, by=by)

    def was_applied(self) -> bool:
        return self._move((self.State.APPLYING,), self.State.APPLIED, by=None, content=None)

    def discard(self, *, by: User) -> bool:
        """Nothing of it is written. False when it was decided before."""
        return self._move(self.OPEN, self.State.DISCARDED, by=by, content=None)

    def leave(self, *, by: User) -> bool:
        """Of what was stopped the rest is not written."""
        return self._move((self.State.APPLYING,), self.State.APPLIED, by=by, content=None)

    def _move(
        self, sources: tuple[Import.State, ...], to: Import.State, *, by: User | None, **values: Any
    ) -> bool:
        with transaction.atomic():
            rows = Import.objects.filter(pk=self.pk)
            before = rows.select_for_update().values_list("state", flat=True).get()
            moved = before in sources and rows.update(state=to, **values)
            if moved:
                record_transition(self, "state", before, to, by=by)
        self.refresh_from_db(fields=["state", "refusal", "job"])
        return bool(moved)


class ImportRow(models.Model):
    """One row of the file: what it would do, or why it cannot."""

    class Verdict(models.TextChoices):
        NEW = "new", pgettext_lazy("row", "New")
        CHANGED = "changed", pgettext_lazy("row", "Changed")
        SAME = "same", pgettext_lazy("row", "Same as stored")
        WRONG = "wrong", pgettext_lazy("row", "To correct")

    class Outcome(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("row", "Not written")
        WRITTEN = "written", pgettext_lazy("row", "Written")
        REFUSED = "refused", pgettext_lazy("row", "Refused")

    WRITES = (Verdict.NEW, Verdict.CHANGED)

    source = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    # As the spreadsheet program counts, heads included.
    number = models.PositiveIntegerField(pgettext_lazy("spreadsheet", "row"))
    verdict = models.CharField(max_length=8, choices=Verdict)
    # What names the record: its code or number, and its title.
    key = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=300, blank=True)
    object_id = models.PositiveBigIntegerField(null=True)
    # The newest history record of the object when the row was compared with it.
    version = models.PositiveBigIntegerField(null=True)
    # Whether readers see the record, so that they would see the change at once.
    is_public = models.BooleanField(default=False)
    # [{"column", "before", "after"}]; of a new row all that it says, of a wrong one nothing.
    changes = models.JSONField(default=list)
    # [{"column", "cell", "text"}]: why a row is wrong.
    problems = models.JSONField(default=list)
    # What makes it unlike every other row: compared with those that follow.
    marks = models.JSONField(default=list)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.WAITING)
    reason = models.CharField(max_length=LONGEST_SENTENCE, blank=True)

    class Meta:
        ordering = ["number"]
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of an import")
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="import_row_once"),
        ]
        indexes = [models.Index("source", "verdict", "number", name="import_rows_by_verdict")]

    def __str__(self) -> str:
        return f"{self.number}: {self.key or self.title}"

    @staticmethod
    def written(keys: Mapping[ImportRow, int]) -> None:
        """These rows are written, as the records of these numbers."""
        for row, object_id in keys.items():
            row.outcome, row.object_id = ImportRow.Outcome.WRITTEN, object_id
        ImportRow.objects.bulk_update(keys, ["outcome", "object_id"])

    def refuse(self, sentence: str) -> None:
        ImportRow.objects.filter(pk=self.pk).update(
            outcome=self.Outcome.REFUSED, reason=sentence[:LONGEST_SENTENCE]
        )
