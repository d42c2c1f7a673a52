"""The back office of certificates."""

from . import batches, certificates

__all__ = ["batches", "certificates"]
