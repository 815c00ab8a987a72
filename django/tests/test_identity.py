from __future__ import annotations

from typing import Any

import pytest
from conftest import Api, problem
from django.contrib.auth.models import User
from django.http import HttpRequest
from pytest_django import Settings

from django_mizan import client


def identity(api: Api, **headers: str) -> str:
    return str(api.fetch("mixed", **headers)["X-Mizan-Identity"])


def test_each_user_has_an_identity_that_lasts(api: Api, ada: User, grace: User) -> None:
    seen = [identity(api)]
    for user in (ada, grace):
        api.client.force_login(user)
        first = identity(api)
        api.client.logout()
        api.client.force_login(user)
        assert identity(api) == first
        seen.append(first)
    api.client.logout()
    assert identity(api) == seen[0] == "anonymous"
    assert len(set(seen)) == 3


def test_an_identity_says_nothing_of_its_user(api: Api, ada: User) -> None:
    api.client.force_login(ada)
    token = identity(api)
    assert len(token) == 32
    assert "ada" not in token


def test_a_new_password_is_a_new_identity(api: Api, ada: User) -> None:
    api.client.force_login(ada)
    before = identity(api)
    ada.set_password("countess")
    ada.save()
    api.client.force_login(ada)
    assert identity(api) != before


@pytest.mark.usefixtures("empty")
def test_a_login_inside_a_call_is_the_identity_of_its_answer(api: Api, ada: User) -> None:
    from django.contrib.auth import login, logout

    @client
    def enter(request: HttpRequest) -> None:
        login(request, ada)

    @client
    def leave(request: HttpRequest) -> None:
        logout(request)

    entered = api.call("enter")["X-Mizan-Identity"]
    assert entered != "anonymous"
    assert api.client.get("/api/mizan/session/").json()["identity"] == entered
    assert api.call("leave")["X-Mizan-Identity"] == "anonymous"


def by_name(request: HttpRequest, token: str) -> User | None:
    return User.objects.filter(username=token).first()


async def by_name_async(request: HttpRequest, token: str) -> User | None:
    return await User.objects.filter(username=token).afirst()


@pytest.mark.parametrize("authenticator", ["by_name", "by_name_async"])
@pytest.mark.parametrize("context", ["secrets", "whoami"])
def test_a_token_is_turned_into_its_user(
    api: Api, ada: User, grace: User, settings: Settings, authenticator: str, context: str
) -> None:
    settings.MIZAN = {"BEARER": f"test_identity.{authenticator}"}
    api.client.force_login(grace)
    response = api.fetch(context, authorization="Bearer ada")
    assert next(iter(response.json().values())) == "for ada"
    api.client.force_login(ada)
    assert response["X-Mizan-Identity"] == identity(api)


def test_a_bad_token_is_401_with_a_challenge_and_no_fall_back(
    api: Api, ada: User, settings: Settings
) -> None:
    settings.MIZAN = {"BEARER": "test_identity.by_name"}
    api.client.force_login(ada)
    responses: list[Any] = [
        api.fetch("secrets", authorization="Bearer nobody"),
        api.fetch("user", "user_id=5", authorization="bearer nobody"),
        api.post("call/ping/", {}, authorization="Bearer nobody"),
        api.client.get("/api/mizan/session/", headers={"Authorization": "Bearer nobody"}),
    ]
    for response in responses:
        assert problem(response)["kind"] == "unauthenticated"
        assert response["WWW-Authenticate"] == 'Bearer error="invalid_token"'
        assert response["X-Mizan-Identity"] == "anonymous"


def test_a_token_without_an_authenticator_is_nobody(api: Api, ada: User) -> None:
    api.client.force_login(ada)
    response = api.fetch("secrets", authorization="Bearer ada")
    assert problem(response)["kind"] == "unauthenticated"


def test_a_project_without_sessions_serves_the_anonymous(api: Api, settings: Settings) -> None:
    settings.MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
    assert identity(api) == "anonymous"
    assert problem(api.fetch("secrets"))["kind"] == "unauthenticated"
