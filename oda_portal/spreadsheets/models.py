"""The models of the app; exports keep theirs with the job that makes them."""

from .importing.models import Import, ImportRow

__all__ = ["Import", "ImportRow"]
