"""What spreadsheets have done in the background."""

from django.utils.translation import gettext_lazy as _

from oda_portal.jobs.registry import JobKind, register

from . import exports


def register_all() -> None:
    register(JobKind(exports.KIND, _("Export of a list"), exports.work, in_one_go=True))
