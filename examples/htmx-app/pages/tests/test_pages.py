"""What the pages show, that each region knows where it comes from, and under which policy."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from board.models import Comment, Profile, Project, Task
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_mizan.invalidation import read_field
from django_mizan.registry import registry

from .conftest import Browser

PAGES = ["/", "/projects/1/", "/projects/1/?assignee=2&task=1", "/people/1/", "/people/2/?task=3"]


class Regions(HTMLParser):
    """Each element that says what it shows."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[dict[str, str]] = []
        self.ids: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if "mizan-context" in attributes:
            self.found.append(attributes)
        if "id" in attributes:
            self.ids.append(attributes["id"])


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_two_scripts_under_a_policy_without_exceptions(
    browser: Browser, path: str
) -> None:
    response = browser.get(path)
    html = response.content.decode()
    assert re.findall(r'<script src="([^"]*)"', html) == [
        "/static/htmx/htmx.min.js",
        "/static/mizan/mizan-htmx.js",
    ]
    assert html.count("<script") == 2
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert not re.search(r"\son\w+=|\sstyle=|<style|hx-on", html)


@pytest.mark.parametrize("path", PAGES)
def test_no_id_stands_for_two_elements(ada: Browser, path: str) -> None:
    ids = Regions(ada.get(path).content.decode()).ids
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", ["browser", "ada"])
def test_each_region_is_served_alone_as_it_stands_in_the_page(
    request: pytest.FixtureRequest, path: str, who: str
) -> None:
    """Its address brings the very element, and what it shows is known to the server."""
    visitor = request.getfixturevalue(who)
    page = plain(visitor.get(path).content.decode())
    regions = Regions(page).found
    assert len(regions) >= 8
    for region in regions:
        for member in read_field(region["mizan-context"]):
            params = dict(member.params)
            assert set(params) <= set(registry.contexts[member.context].params), region
        response = visitor.get(region.get("mizan-src") or region["hx-get"])
        assert response.status_code == 200
        part = plain(response.content.decode())
        (same,) = (each for each in Regions(part).found if each["id"] == region["id"])
        assert same == region
        assert part in page


def plain(html: str) -> str:
    """Without what is another each time: tokens, and the spaces between elements."""
    html = re.sub(r'(csrfmiddlewaretoken" value=)"\w+"', r"\1", html)
    return re.sub(r"\s+", " ", html).strip()


def test_a_task_that_is_gone_says_so_wherever_it_is_still_open(ada: Browser) -> None:
    for path in ("/tasks/999/head/", "/projects/1/?task=999"):
        response = ada.get(path)
        assert response.status_code == 200
        assert b"This task is gone" in response.content
    assert ada.get("/tasks/999/comments/").status_code == 200
    assert ada.get("/tasks/999/comment/").status_code == 200


@pytest.mark.parametrize("path", ["/projects/99/", "/people/99/", "/projects/99/board/", "/none/"])
def test_what_is_not_there_is_404_in_words(browser: Browser, path: str) -> None:
    response = browser.get(path)
    assert response.status_code == 404
    assert b"There is no such thing here." in response.content


@pytest.mark.parametrize("query", ["?task=x", "?task=-1", "?assignee=²", "?comments=" + "9" * 40])
def test_an_address_that_somebody_made_up_is_a_page_still(browser: Browser, query: str) -> None:
    assert browser.get(f"/projects/1/{query}").status_code == 200


def test_the_comments_shown_are_as_many_as_the_address_says(ada: Browser) -> None:
    thread = Task.objects.filter(comments__isnull=False).order_by("pk").first()
    Comment.objects.all().delete()
    texts = [f"Comment {number}." for number in range(45)]
    for text in texts:
        Comment.objects.create(task=thread, author_id=1, text=text, created_at=timezone.now())

    def shown(query: str) -> tuple[list[str], list[str]]:
        html = ada.get(f"/tasks/{thread.pk}/comments/{query}").content.decode()
        return re.findall(r"Comment \d+\.", html), re.findall(r'hx-get="[^"]*=(\d+)"', html)

    newest = texts[::-1]
    assert shown("") == (newest[:20], ["40"])
    assert shown("?comments=40") == (newest[:40], ["60"])
    assert shown("?comments=60") == (newest, [])


def test_a_stranger_sees_the_board_and_none_of_its_forms(browser: Browser) -> None:
    html = browser.get("/projects/1/?task=1").content.decode()
    assert "You are looking on." in html
    assert re.findall(r'method="post" action="([^"]*)"', html) == ["/log-in/1/", "/log-in/2/"]
    assert browser.get("/inbox/").status_code == 200
    assert b"inbox-row" not in browser.get("/inbox/").content


def test_notifications_are_one_s_own(ada: Browser, user: Any) -> None:
    rows = set(map(int, re.findall(r'id="inbox-(\d+)"', ada.get("/inbox/").content.decode())))
    assert rows
    assert rows <= set(user("ada").notifications.values_list("pk", flat=True))


def test_the_form_of_the_react_example_has_the_look_of_these_pages(ada: Browser) -> None:
    html = ada.get("/tasks/new/?project=2").content.decode()
    assert "/static/pages/pages.css" in html
    assert 'href="/projects/2/"' in html


def grow() -> None:
    """Twice the people, ten times the tasks and comments: more rows must not mean more queries."""
    project, people = Project.objects.first(), list(Profile.objects.all())
    first, now = Task.objects.earliest("pk"), timezone.now()
    for profile in people:
        twin = get_user_model().objects.create(username=f"{profile.pk}-twin")
        Profile.objects.create(user=twin, name=f"{profile.name} II", role=profile.role)
    for number in range(300):
        Task.objects.create(
            project=project,
            title=f"Task {number}",
            status=("todo", "doing", "done")[number % 3],
            assignee_id=people[number % 5].pk,
            created_at=now,
        )
        Comment.objects.create(task=first, author_id=people[0].pk, text="Hm.", created_at=now)


@pytest.mark.parametrize("path", PAGES)
def test_the_number_of_queries_does_not_grow_with_the_rows(
    ada: Browser, django_assert_num_queries: Any, path: str
) -> None:
    with CaptureQueriesContext(connection) as few:
        ada.get(path)
    grow()
    with django_assert_num_queries(len(few)):
        assert ada.get(path).status_code == 200
