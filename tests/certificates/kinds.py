"""For a worker of its own process: the kind of the tests, registered as it starts."""

from oda_portal.certificates import registry
from tests.certificates.samples import the_kind

registry.register(the_kind())
