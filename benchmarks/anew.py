"""The portal of `benchmarks.asking`, with every page made anew: none is taken from the page cache.

Cards and other pieces that a process writes once in a generation are there.
"""

from benchmarks.asking import application
from oda_portal.publishing import freshness

__all__ = ["application"]

freshness.MAX_KEPT_QUERY = -1  # every query is too long
