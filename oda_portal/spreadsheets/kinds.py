"""What spreadsheets have done in the background."""

from django.utils.translation import gettext_lazy as _

from oda_portal.jobs.registry import JobKind, register

from . import exports


def register_all() -> None:
    label, may_fetch = _("Export of a list"), exports.may_fetch
    register(JobKind(exports.KIND, label, exports.work, may_fetch=may_fetch, in_one_go=True))
