"""Spreadsheets in: a dry run first, then what it showed."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from . import registry


class ImportMixin(admin.ModelAdmin):
    """The pages of imports in the list of every model that an app has registered for it."""

    def get_urls(self) -> list[URLPattern]:
        # They need the models loaded, and the admins are loaded with them.
        from . import pages  # noqa: PLC0415

        own = super().get_urls()
        if not registry.importables_at(self.model):
            return own
        read, write = require_safe, require_POST
        views: dict[str, tuple[str, Any, Any]] = {
            "import": ("import/", pages.upload_page, None),
            "import_template": ("import/template/", pages.template_file, read),
            "import_one": ("import/<uuid:uuid>/", pages.import_page, read),
            "import_apply": ("import/<uuid:uuid>/apply-import/", pages.apply_page, None),
            "import_discard": ("import/<uuid:uuid>/discard-import/", pages.discard, write),
            "import_go_on": ("import/<uuid:uuid>/go-on/", pages.go_on, write),
            "import_leave": ("import/<uuid:uuid>/leave/", pages.leave, write),
            "import_reasons": ("import/<uuid:uuid>/reasons/", pages.reasons, read),
        }
        name, guarded = f"{self.opts.app_label}_{self.opts.model_name}", self.admin_site.admin_view
        return [
            *(
                path(route, guarded(_view(self, view, methods)), name=f"{name}_{page}")
                for page, (route, view, methods) in views.items()
            ),
            *own,
        ]

    def get_list_acts(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Links above the list, label and address."""
        from . import pages  # noqa: PLC0415  (see above)

        acts: list[tuple[str, str]] = super().get_list_acts(request)  # type: ignore[misc]
        if not pages.importables_for(request, self.model):
            return acts
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_import"
        address = reverse(name, current_app=self.admin_site.name)
        return [*acts, (_("Import from a spreadsheet"), address)]


def _view(model_admin: ImportMixin, page: Any, methods: Any) -> Any:
    view = partial(page, model_admin)
    return methods(view) if methods else view
