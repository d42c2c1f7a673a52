"""What the admin of the network’s personal records shares: they are read, and acted on by pages."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse

from oda_portal.mail.models import Message
from oda_portal.mail.previews import preview_of
from oda_portal.privacy.looks import RecordedLooks
from oda_portal.privacy.models import Act
from oda_portal.publishing.admin import ObjectAct
from oda_portal.publishing.admin_base import ReadOnlyAdmin


class NetworkRecordAdmin(RecordedLooks, ReadOnlyAdmin):
    """Nobody adds, changes or deletes one by hand; acts move it from state to state."""

    def may_act(self, request: HttpRequest) -> bool:
        name = f"{self.opts.app_label}.change_{self.opts.model_name}"
        return bool(request.user.has_perm(name))

    def get_acts(self, request: HttpRequest, obj: Any) -> list[ObjectAct]:
        return []

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> TemplateResponse:
        obj = kwargs["obj"]
        if obj is not None and self.may_act(request):
            context["acts"] = self.get_acts(request, obj)
        return super().render_change_form(request, context, *args, **kwargs)

    # --- pages beside the record's own -----------------------------------------------------------

    def to_act_on(self, request: HttpRequest, pk: int) -> Any:
        if not self.may_act(request):
            raise PermissionDenied
        obj = self.get_object(request, str(pk))
        if obj is None:
            raise Http404
        return obj

    def act_page(
        self, request: HttpRequest, obj: Any, *, what: str, title: str, form: Form | None = None,
        message: Message | None = None, template: str = "admin/partners/act_with_letter.html",
        **context: Any,
    ) -> TemplateResponse:  # fmt: skip
        """A page that asks once more, with the mail that would go; recorded as a look."""
        self.look(request, Act.DETAIL, [obj], what=what)
        letter = preview_of(message) if message else None
        shown = {"title": title, "button": title, "form": form, "letter": letter, **context}
        return TemplateResponse(request, template, self.context_about(request, obj, **shown))
