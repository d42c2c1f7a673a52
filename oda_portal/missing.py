"""What a reader is told who asks for something that there is not."""

from django.http import Http404


class MissingError(Http404):
    """404 with a sentence for the reader; the words of other 404s are for developers."""
