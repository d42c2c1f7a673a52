"""Certificates, and the batches in which many are issued."""

from .batches import Batch, BatchRow
from .certificates import Certificate

__all__ = ["Batch", "BatchRow", "Certificate"]
