"""Under which conditions others may use what the office shows."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Licence(models.IntegerChoices):
    """Korea Open Government License types."""

    TYPE_0 = 0, _("KOGL Type 0: no conditions")
    TYPE_1 = 1, _("KOGL Type 1: credit the source")
    TYPE_2 = 2, _("KOGL Type 2: credit the source, no commercial use")
    TYPE_3 = 3, _("KOGL Type 3: credit the source, no changes")
    TYPE_4 = 4, _("KOGL Type 4: credit the source, no commercial use, no changes")
