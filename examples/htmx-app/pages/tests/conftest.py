from typing import Any

import pytest

# The other example's, for its board: fixtures are found by their names here.
from board.tests.conftest import ada, board, user
from django.test import Client

__all__ = ["ada", "board", "browser", "script", "user"]


class Browser(Client):
    """Django's test client, with htmx and without."""

    def htmx(self, path: str, data: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.post(path, data or {}, headers={"HX-Request": "true", **headers})


@pytest.fixture(autouse=True)
def script(settings: Any, tmp_path: Any) -> None:
    """What the build leaves behind, as far as a page looks at it."""
    (tmp_path / "mizan").mkdir()
    (tmp_path / "mizan" / "mizan-htmx.js").write_text("// the script\n")
    settings.STATICFILES_DIRS = [tmp_path]


@pytest.fixture
def browser(board: None) -> Browser:
    return Browser()
