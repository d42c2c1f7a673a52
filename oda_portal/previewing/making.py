"""From a form that was sent to be looked at, a preview; and what stands in its way."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import uuid4

from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from oda_portal.privacy.numbers import REFUSED

from .applying import RefusedError, admin_of, apply
from .filled import MOST_LETTERS, filled, query_of, without_rows_of_files
from .looking import Look, looking
from .models import OWN, Preview, hash_of, token_of
from .turns import BusyError, taken_back

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

# Looks of one's own that are kept: whoever presses often needs the last ones.
MOST_OWN = 20
LONGEST_TITLE = 300


def make_preview(
    request: HttpRequest, model: type[models.Model], object_id: str, *, by: User
) -> Preview:
    """Keep the form that was sent, if it could be saved; raises RefusedError with the reasons."""
    data = without_rows_of_files(request.POST, request.FILES)
    what = filled(data)
    if what.refused:
        raise RefusedError([("", str(REFUSED))])
    if what.letters > MOST_LETTERS:
        raise RefusedError([("", _("This form holds too much text to be kept."))])
    uuid = uuid4()
    preview = Preview(
        by=by,
        model=model._meta.label_lower,
        object_id=object_id,
        query=query_of(request),
        sealed=what.sealed,
        uuid=uuid,
        lost_files=bool(request.FILES),
        token_hash=hash_of(token_of(uuid)),
        expires_at=timezone.now() + OWN,
    )
    preview.title, preview.anchor = _named(preview, request)
    _keep(preview)
    return preview


def _named(preview: Preview, request: HttpRequest) -> tuple[str, str]:
    """What the record would be called, and where on its page it would stand."""

    def named() -> tuple[str, str]:
        with looking(Look(lambda row: [])):
            obj = apply(preview, request)
            root = admin_of(preview).preview_roots(obj)[0]
            return str(obj)[:LONGEST_TITLE], urlsplit(root).fragment[:100]

    try:
        return taken_back(preview, named)
    except BusyError as error:
        sentence = _("Somebody is saving this record just now. Wait a moment.")
        raise RefusedError([("", sentence)]) from error


@transaction.atomic
def _keep(preview: Preview) -> None:
    preview.save()
    own = Preview.objects.filter(by=preview.by, shared_at=None)
    too_many = own.order_by("-pk").values_list("pk", flat=True)[MOST_OWN:]
    Preview.objects.filter(pk__in=list(too_many)).delete()
