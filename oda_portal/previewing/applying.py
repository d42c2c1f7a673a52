"""A filled-in form, saved as its own admin saves it, to be called within `turns.taken_back`.

Everything that follows from saving is taken back with it: rows, history, mails, marks of what is
to be indexed, and all that waits for the commit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.messages.storage.base import BaseStorage
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import PermissionDenied
from django.db import DataError, IntegrityError, models
from django.forms.formsets import all_valid
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from oda_portal.publishing.models import Publishable

from .models import FilledForm

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

# What says where the portal is reached; all else of the visitor's request is nobody's business.
_OF_THE_PLACE = (
    "SERVER_NAME", "SERVER_PORT", "HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "wsgi.url_scheme",
    "REMOTE_ADDR",
)  # fmt: skip


class RefusedError(Exception):
    """The form cannot be saved; `reasons` are pairs of field and sentence."""

    def __init__(self, reasons: list[tuple[str, str]]) -> None:
        super().__init__("the form cannot be saved")
        self.reasons = reasons


class _Unheard(BaseStorage):
    """Messages that nobody reads."""

    def _get(self, *args: Any, **kwargs: Any) -> tuple[list[Any], bool]:
        return [], True

    def _store(self, messages: Any, response: Any, *args: Any, **kwargs: Any) -> list[Any]:
        return []


def bare_request(like: HttpRequest, path: str, query: str = "") -> HttpRequest:
    """A request of nobody's for this address, on the host that `like` came to."""
    request = HttpRequest()
    request.META = {name: like.META[name] for name in _OF_THE_PLACE if name in like.META}
    request.META |= {"REQUEST_METHOD": "GET", "QUERY_STRING": query, "PATH_INFO": path}
    request.method, request.path, request.path_info = "GET", path, path
    request.GET = QueryDict(query)
    request._messages = _Unheard(request)  # type: ignore[attr-defined]
    return request


def _sending(like: HttpRequest, filled: FilledForm, by: User) -> HttpRequest:
    """The request with which this person would have saved the form."""
    request = bare_request(like, like.path, filled.query)
    request.method = request.META["REQUEST_METHOD"] = "POST"
    request.POST = filled.fields  # type: ignore[assignment]
    request._files = MultiValueDict()  # type: ignore[attr-defined]
    request.user, request.session = by, SessionBase()
    return request


def admin_of(filled: FilledForm) -> Any:
    return admin.site._registry[filled.model_class]


def apply(filled: FilledForm, like: HttpRequest) -> models.Model:
    """Save the form.

    Raises RefusedError when it cannot be saved, PermissionDenied when the person may not.
    """
    model_admin = admin_of(filled)
    request = _sending(like, filled, filled.by)
    obj = None
    if filled.object_id:
        obj = model_admin.get_object(request, filled.object_id)
        if obj is None or not model_admin.has_change_permission(request, obj):
            raise PermissionDenied
    elif not model_admin.has_add_permission(request):
        raise PermissionDenied
    try:
        return _save(model_admin, request, obj)
    except (DataError, IntegrityError, OverflowError) as error:
        raise RefusedError([("", _("A value is out of range."))]) from error


def _save(model_admin: Any, request: HttpRequest, obj: Any) -> models.Model:
    """What Django's form page does when the form is sent, without its answer and its log."""
    change = obj is not None
    fieldsets = model_admin.get_fieldsets(request, obj)
    form_class = model_admin.get_form(
        request, obj, change=change, fields=flatten_fieldsets(fieldsets)
    )
    _as_if_opened_now(request, form_class, obj)
    form = form_class(request.POST, request.FILES, instance=obj)
    formsets, _inlines = model_admin._create_formsets(request, form.instance, change=change)
    is_valid = form.is_valid()
    new = model_admin.save_form(request, form, change=change) if is_valid else form.instance
    if not all_valid(formsets) or not is_valid:
        raise RefusedError([*_reasons(form), *_reasons_below(formsets)])
    later = _came_later(formsets)
    model_admin.save_model(request, new, form, change)
    model_admin.save_related(request, form, formsets, change)
    # Nobody gave these away.
    for rows in later:
        rows.delete()
    return new


def _came_later(formsets: Any) -> list[models.QuerySet]:
    """Rows that came below the record after the form was sent."""
    found = []
    for formset in formsets:
        sent = [form.instance.pk for form in formset.forms if form.instance.pk]
        rows = formset.queryset.exclude(pk__in=sent)
        if keys := list(rows.values_list("pk", flat=True)):
            found.append(formset.model._base_manager.filter(pk__in=keys))
    return found


def _as_if_opened_now(request: HttpRequest, form_class: Any, obj: Any) -> None:
    """That somebody saved meanwhile is no matter for a look; the form says so when it is saved."""
    fresh = form_class(instance=obj)
    if "version" in fresh.fields:
        data = request.POST.copy()
        data[fresh.add_prefix("version")] = fresh["version"].initial or ""
        request.POST = data  # type: ignore[assignment]


def _reasons(form: Any, above: str = "") -> list[tuple[str, str]]:
    found = []
    for name, errors in form.errors.items():
        field = form.fields.get(name)
        label = str(capfirst(field.label or "")) if field else ""
        named = ": ".join(part for part in (above, label) if part)
        found += [(named, str(error)) for error in errors]
    return found


def _reasons_below(formsets: Any) -> list[tuple[str, str]]:
    found = []
    for formset in formsets:
        label = str(capfirst(formset.model._meta.verbose_name))
        found += [(label, str(error)) for error in formset.non_form_errors()]
        for number, form in enumerate(formset.forms, start=1):
            if not (formset.can_delete and formset._should_delete_form(form)):
                found += _reasons(form, f"{label} {number}")
    return found


def make_public(filled: FilledForm, like: HttpRequest, obj: models.Model) -> None:
    """Rows that decide what is public are so at once.

    But for those that are not for the form’s writer to show.
    """
    model_admin = admin_of(filled)
    request = _sending(like, filled, filled.by)
    for row in model_admin.preview_owners(obj):
        if isinstance(row, Publishable) and model_admin.may_be_previewed(request, row):
            type(row).objects.filter(pk=row.pk).show_for_a_look()  # type: ignore[attr-defined]
