"""The message catalogues: what code and templates say, in Korean and Chinese.

Source texts are British English. Babel does the work, since a fresh machine has no gettext.
"""

from .catalogue import compile_catalogues, update
from .checks import problems
from .extraction import messages_in_code

__all__ = ["compile_catalogues", "messages_in_code", "problems", "update"]
