"""CSRF is checked on every POST without a Bearer token, whatever `auth=` says."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Api, problem
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.test import Client
from pytest_django import Settings

from django_mizan import client
from django_mizan.registry import Registry

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def strict() -> Api:
    return Api(Client(enforce_csrf_checks=True, raise_request_exception=False))


@pytest.fixture(autouse=True)
def _functions(empty: Registry) -> None:
    @client
    def open_to_all(request: HttpRequest) -> str:
        return str(request.user)

    @client(auth=lambda request: True)
    def guarded(request: HttpRequest) -> str:
        return str(request.user)


@pytest.mark.parametrize("function", ["open_to_all", "guarded"])
@pytest.mark.parametrize("path", ["call/", "call/{}/"])
@pytest.mark.parametrize("logged_in", [False, True])
@pytest.mark.parametrize("media_type", [JSON, "text/plain", "multipart/form-data; boundary=x"])
def test_a_post_without_token_is_refused_whoever_asks_for_whatever(
    strict: Api, ada: User, function: str, path: str, logged_in: bool, media_type: str
) -> None:
    if logged_in:
        strict.client.force_login(ada)
    body = b'{"function": "%s"}' % function.encode() if path == "call/" else b"{}"
    url = "/api/mizan/" + path.format(function)
    response = strict.client.generic(
        "POST", url, body, content_type=media_type, headers={"Origin": "https://evil.example"}
    )
    assert response.status_code == 403
    assert problem(response)["kind"] == "csrf"


@pytest.mark.parametrize("function", ["open_to_all", "guarded"])
@pytest.mark.parametrize("logged_in", [False, True])
def test_a_post_with_the_token_of_the_session_endpoint_is_answered(
    strict: Api, ada: User, function: str, logged_in: bool
) -> None:
    if logged_in:
        strict.client.force_login(ada)
    response = strict.post("call/", {"function": function}, x_csrftoken=token(strict))
    assert response.json()["result"] == ("ada" if logged_in else "AnonymousUser")


def test_the_cookie_serves_as_token_too(strict: Api) -> None:
    cookie = strict.client.get("/api/mizan/session/").cookies["csrftoken"].value
    response = strict.post("call/", {"function": "open_to_all"}, x_csrftoken=cookie)
    assert response.status_code == 200


def test_a_token_does_not_help_another_origin(strict: Api) -> None:
    response = strict.post(
        "call/",
        {"function": "open_to_all"},
        x_csrftoken=token(strict),
        origin="https://evil.example",
    )
    assert problem(response)["kind"] == "csrf"


def test_a_bearer_needs_no_token_and_is_never_the_user_of_the_session(
    strict: Api, ada: User
) -> None:
    """The check was left out for the sake of the header, so the cookie must not count."""
    strict.client.force_login(ada)
    response = strict.post("call/", {"function": "guarded"}, authorization="Bearer whatever")
    assert response.json()["result"] == "AnonymousUser"
    assert response["X-Mizan-Identity"] == "anonymous"


@pytest.mark.parametrize("scheme", ["Basic", "Bearerx", "Token"])
def test_no_other_scheme_replaces_the_token(strict: Api, scheme: str) -> None:
    response = strict.post("call/", {"function": "guarded"}, authorization=f"{scheme} x")
    assert problem(response)["kind"] == "csrf"


def test_the_check_holds_without_the_middleware_of_django(strict: Api, settings: Settings) -> None:
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "Csrf" not in each]
    assert problem(strict.post("call/", {"function": "open_to_all"}))["kind"] == "csrf"
    response = strict.post("call/", {"function": "open_to_all"}, x_csrftoken=token(strict))
    assert response.status_code == 200


def test_the_token_may_live_in_the_session(strict: Api, settings: Settings) -> None:
    settings.CSRF_USE_SESSIONS = True
    response = strict.post("call/", {"function": "open_to_all"}, x_csrftoken=token(strict))
    assert response.status_code == 200
    assert problem(strict.post("call/", {"function": "open_to_all"}))["kind"] == "csrf"


def test_the_session_endpoint_is_not_stored_and_sets_the_cookie(strict: Api) -> None:
    response = strict.client.get("/api/mizan/session/")
    assert response["Cache-Control"] == "no-store"
    assert response.json().keys() == {"identity", "csrf"}
    assert response.json()["identity"] == response["X-Mizan-Identity"] == "anonymous"
    assert response.cookies["csrftoken"].value
    posted = strict.client.post("/api/mizan/session/")
    assert (posted.status_code, posted["Allow"]) == (405, "GET, HEAD")


def token(api: Api) -> Any:
    return api.client.get("/api/mizan/session/").json()["csrf"]
