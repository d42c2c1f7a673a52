"""Which records of the archive point to somebody without being about them."""

from oda_portal.privacy.registry import except_from_rules

WRITTEN_BY_STAFF = "names who of the staff wrote it, as every history does"


def register_all() -> None:
    except_from_rules("forums.correction", WRITTEN_BY_STAFF)
    except_from_rules("forums.historicalcorrection", WRITTEN_BY_STAFF)
