"""Pages of the back office about one record, beside its own form."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse


class RecordPages(admin.ModelAdmin):
    def address(self, page: str, obj: models.Model, *more: Any) -> str:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}"
        return reverse(name, args=[obj.pk, *more], current_app=self.admin_site.name)

    def context_about(self, request: HttpRequest, obj: models.Model, **more: Any) -> dict[str, Any]:
        """What the template of every such page reads, and what it gets besides."""
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "object": obj,
            "back": self.address("change", obj),
            **more,
        }
