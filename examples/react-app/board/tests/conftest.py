from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from .browser import Browser


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
