"""Why a job does not go on."""


class JobRefusedError(Exception):
    """Raised by the work with a sentence for whoever asked; the job ends with it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TakenOverError(Exception):
    """Somebody else works at it now, or it is over: end here, and leave everything to them."""
