"""Backups of database and files, and bringing them back.

`age()` tells how old the newest backup is.
"""

from .folder import age

__all__ = ["age"]
