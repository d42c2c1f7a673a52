"""Which tests run in one process where `--dist loadfile` is asked for: those of a file, and of a site.

xdist has marks for it (`loadgroup`), but writes them where pytest 9.2 no longer reads them.
"""

from __future__ import annotations

import pytest
from xdist.scheduler import LoadScopeScheduling

CRAWL, RUN = "tests/embedded/test_crawl.py", "tests/embedded/test_run.py"
# Both go through all pages of the site; both copy its data.
WITH = {"tests/embedded/test_html.py": CRAWL, "tests/recovery/test_drill_embedded.py": RUN}


class BySite(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return WITH.get(file, file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> BySite | None:
    return BySite(config, log) if config.getvalue("dist") == "loadfile" else None
