"""What the demonstration put into the database, so that loading again spares what staff changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LoadedRecord(models.Model):
    """One row that came from the files, and what each of its fields said when it was loaded.

    It outlives its row: that the row is gone then says that staff deleted it.
    """

    model = models.CharField(_("kind"), max_length=80)
    key = models.CharField(_("key in the files"), max_length=200)
    object_id = models.PositiveBigIntegerField(_("row"))
    digests = models.JSONField(_("what was loaded"), default=dict)

    class Meta:
        ordering = ["model", "key"]
        verbose_name = _("loaded record")
        verbose_name_plural = _("loaded records")
        constraints = [
            models.UniqueConstraint(fields=["model", "key"], name="loaded_record_once"),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.key}"
