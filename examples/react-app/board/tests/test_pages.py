from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from board.middleware import POLICY
from board.models import Project, Task

from .browser import Browser


@pytest.fixture(autouse=True)
def built(settings: Any, tmp_path: Path) -> None:
    """What Vite leaves behind, as far as Django reads it."""
    (tmp_path / ".vite").mkdir()
    (tmp_path / ".vite" / "manifest.json").write_text(
        '{"src/main.tsx": {"file": "assets/main-1.js", "css": ["assets/main-2.css"]}}'
    )
    settings.FRONTEND_DIST = tmp_path


@pytest.mark.parametrize("path", ["/", "/projects/1/", "/people/2/?task=3"])
def test_the_page_loads_the_built_app_under_a_strict_policy(browser: Browser, path: str) -> None:
    response = browser.get(path)
    html = response.content.decode()
    assert '<script type="module" src="/static/assets/main-1.js"></script>' in html
    assert '<link rel="stylesheet" href="/static/assets/main-2.css">' in html
    assert html.count("<script") == 1
    assert response.headers["Content-Security-Policy"] == POLICY
    assert "'unsafe-inline'" not in POLICY


def test_without_a_build_the_error_names_the_command(
    browser: Browser, settings: Any, tmp_path: Path
) -> None:
    settings.FRONTEND_DIST = tmp_path / "elsewhere"
    with pytest.raises(ImproperlyConfigured, match="npm run build --workspace react-app"):
        browser.get("/")


def form(**changes: object) -> dict[str, object]:
    project = Project.objects.first()
    return {"title": "Write it down", "project": project.pk, "status": "todo", **changes}


def test_the_form_creates_a_task_and_redirects_to_the_board(ada: Browser, user: Any) -> None:
    alan = user("alan")
    response = ada.post("/tasks/new/", form(assignee=alan.pk))
    task = Task.objects.get(title="Write it down")
    assert response.status_code == 302
    assert response.headers["Location"] == f"/projects/{task.project_id}/"
    assert Task.objects.column(task.project_id, "todo").last() == task
    assert sorted(response.headers["X-Mizan-Invalidate"].split(", ")) == [
        f"board;project_id={task.project_id}",
        "projects",
        f"user;user_id={alan.pk}",
    ]


def test_the_redirect_leaves_a_cookie_for_the_page(ada: Browser) -> None:
    response = ada.post("/tasks/new/", form())
    (name,) = [name for name in response.cookies if name.startswith("mizan_inv_")]
    assert response.cookies[name]["max-age"] == 10
    assert not response.cookies[name]["httponly"]


def test_an_invalid_form_shows_the_error_and_invalidates_nothing(ada: Browser) -> None:
    response = ada.post("/tasks/new/", form(title="x"))
    assert response.status_code == 422
    html = response.content.decode()
    assert "Say in a few words what is to be done." in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_title_error"' in html
    assert 'id="id_title_error"' in html
    assert 'value="x"' in html
    assert "X-Mizan-Invalidate" not in response.headers
    assert not Task.objects.filter(title="x").exists()


def test_the_form_starts_with_the_project_of_the_board(ada: Browser) -> None:
    project = Project.objects.last()
    html = ada.get("/tasks/new/", {"project": project.pk}).content.decode()
    assert f'<option value="{project.pk}" selected>' in html
    assert f'href="/projects/{project.pk}/"' in html


def test_strangers_are_sent_to_the_page(browser: Browser) -> None:
    response = browser.post("/tasks/new/", form())
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/?")
    assert not Task.objects.filter(title="Write it down").exists()


def test_the_request_log_has_one_line_per_request(
    browser: Browser, settings: Any, tmp_path: Path
) -> None:
    settings.REQUEST_LOG = str(tmp_path / "requests.log")
    settings.MIDDLEWARE = ["board.middleware.RequestLogMiddleware", *settings.MIDDLEWARE]
    browser = Browser()
    project_id = Project.objects.first().pk
    browser.context("board", project_id=project_id)
    browser.call("rename", name="Eve")
    assert (tmp_path / "requests.log").read_text().splitlines() == [
        f"GET /api/mizan/ctx/board/?project_id={project_id} 200",
        "POST /api/mizan/call/ 401",
    ]
