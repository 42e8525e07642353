"""What all tests share: programs from outside Python that some of them need.

On a stranger's machine a test without its program skips, with one line that says what to install. In CI
(the variable CI is set) it fails: there, a skipped test is a test that nobody knows to be broken.
"""

import os
import shutil
from typing import Final

import pytest

NEEDS: Final = {
    "needs_chromium": (("chromium", "chromium-browser", "google-chrome"), "chromium"),
    "needs_poppler": (("pdftoppm",), "poppler-utils"),
}
"""Marker: the names a program goes by, and the Debian package that has it."""


def program(marker: str) -> str:
    """The path of the program behind a marker; without it the test skips, in CI it fails."""
    names, package = NEEDS[marker]
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        missing = f"{names[0]} is missing: apt-get install {package}"
        if os.environ.get("CI"):
            pytest.fail(missing, pytrace=False)
        pytest.skip(missing)
    return found


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Look for the programs before anything else of a marked test runs."""
    for marker in NEEDS:
        if item.get_closest_marker(marker):
            program(marker)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium that runs without a screen."""
    return program("needs_chromium")
