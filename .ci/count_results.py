"""Print one closing line over all test runs: `N passed, N failed, N skipped`.

Takes the folder of pytest's JUnit files, and the number of broken steps that were no test run.
"""

import sys
from pathlib import Path
from xml.etree import ElementTree


def main(folder: str, broken_steps: str) -> None:
    totals = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for path in Path(folder).glob("*.xml"):
        for suite in ElementTree.parse(path).getroot().iter("testsuite"):
            for name in totals:
                totals[name] += int(suite.get(name, 0))
    failed = totals["failures"] + totals["errors"]
    passed = totals["tests"] - failed - totals["skipped"]
    # A run that broke before any test could fail counts as one failure.
    failed = failed or int(broken_steps)
    print(f"{passed} passed, {failed} failed, {totals['skipped']} skipped")


main(*sys.argv[1:])
