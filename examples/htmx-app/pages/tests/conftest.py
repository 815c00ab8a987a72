from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client


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
def board(db: None) -> None:
    """The seeded board."""
    call_command("seed", stdout=StringIO())


@pytest.fixture
def user(board: None) -> Any:
    """Looks a person of the seed up by username."""
    return lambda username: get_user_model().objects.get(username=username)


@pytest.fixture
def browser(board: None) -> Browser:
    return Browser()


@pytest.fixture
def ada(browser: Browser, user: Any) -> Browser:
    """Ada's browser, logged in."""
    browser.force_login(user("ada"))
    return browser
