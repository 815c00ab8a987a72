"""`{% mizan_script %}` and `{% mizan_htmx %}`: the scripts for pages without a bundler."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha384
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from conftest import Api
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import User
from django.contrib.sessions.middleware import SessionMiddleware
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.template import Context, RequestContext, Template
from django.test import Client, RequestFactory
from django.utils.functional import SimpleLazyObject
from pytest_django import Settings

from django_mizan import client
from django_mizan.registry import Registry
from django_mizan.templatetags.mizan import mizan_htmx

TAG = re.compile(
    r'<script src="(?P<src>[^"]+)" integrity="sha384-(?P<digest>[^"]+)"'
    r' crossorigin="anonymous"(?: nonce="(?P<nonce>[^"]+)")? defer></script>'
)
WASM = "/static/mizan/mizan.global.js"
TWIN = "/static/mizan/mizan.js.global.js"


def rendered(arguments: str = "", context: Context | None = None) -> dict[str, Any]:
    """The parts of the tag that the template writes."""
    template = Template(f"{{% load mizan %}}{{% mizan_script {arguments} %}}")
    found = TAG.fullmatch(template.render(context or Context()))
    assert found
    return found.groupdict()


def content(name: str) -> bytes:
    path = finders.find(name)
    assert path
    return Path(path).read_bytes()


def digest(data: bytes) -> str:
    return b64encode(sha384(data).digest()).decode()


@pytest.mark.parametrize(
    ("setting", "argument", "src"),
    [
        (None, "", WASM),
        ("wasm", "", WASM),
        ("js", "", TWIN),
        ("js", '"wasm"', WASM),
        (None, '"js"', TWIN),
        (None, "build", TWIN),
    ],
)
def test_the_argument_picks_the_build_or_else_the_setting(
    settings: Settings, setting: str | None, argument: str, src: str
) -> None:
    settings.MIZAN = {"SCRIPT": setting} if setting else {}
    tag = rendered(argument, Context({"build": "js"}))
    assert tag["src"] == src
    assert tag["digest"] == digest(content(src.removeprefix("/static/")))


def test_the_scripts_are_the_two_builds_of_the_runtime() -> None:
    wasm, twin = (content(f"mizan/{name}") for name in ("mizan.global.js", "mizan.js.global.js"))
    assert b"WebAssembly.Module" in wasm
    assert b"WebAssembly.Module" not in twin
    assert wasm.startswith((b'"use strict";var Mizan=', b"var Mizan="))
    assert twin.startswith((b'"use strict";var Mizan=', b"var Mizan="))


def test_what_is_collected_and_named_by_its_hash_has_that_digest(
    settings: Settings, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        "staticfiles": {
            "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
        },
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    tag = rendered()
    name = tag["src"].removeprefix("/static/")
    assert re.fullmatch(r"mizan/mizan\.global\.[0-9a-f]{12}\.js", name)
    with staticfiles_storage.open(name) as file:
        assert tag["digest"] == digest(file.read())


def test_a_file_of_the_project_with_that_name_comes_first(
    settings: Settings, tmp_path: Path
) -> None:
    own = tmp_path / "mizan" / "mizan.global.js"
    own.parent.mkdir()
    settings.STATICFILES_DIRS = [tmp_path]
    for text in (b"var Mizan = 1;", b"var Mizan = 22;"):
        own.write_bytes(text)
        assert rendered()["digest"] == digest(text)


def test_a_policy_s_nonce_is_on_it() -> None:
    """That of django-csp is the request's, that of Django a variable; both are made when used."""
    made: list[str] = []

    def nonce() -> str:
        made.append("n0")
        return 'n"0'

    request: Any = RequestFactory().get("/")
    request.csp_nonce = SimpleLazyObject(nonce)
    assert rendered(context=RequestContext(request, {"request": request}))["nonce"] == "n&quot;0"
    assert len(made) == 1
    context = Context({"csp_nonce": SimpleLazyObject(nonce)})
    assert rendered(context=context)["nonce"] == "n&quot;0"
    assert len(made) == 2


def test_without_a_policy_there_is_no_nonce() -> None:
    request = RequestFactory().get("/")
    assert rendered(context=RequestContext(request, {"request": request}))["nonce"] is None
    assert rendered(context=Context({"csp_nonce": None}))["nonce"] is None


def test_a_build_that_does_not_exist_is_an_error(settings: Settings) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"wasm or js, not 'es5'"):
        rendered('"es5"')
    settings.MIZAN = {"SCRIPT": "twin"}
    with pytest.raises(ImproperlyConfigured, match=r"wasm or js, not 'twin'"):
        rendered()
    (message,) = run_checks(tags=["mizan"])
    assert message.id == "mizan.E014"
    assert "'twin'" in message.msg
    assert message.hint == "Known are wasm, js."


def test_a_missing_file_is_an_error_that_says_what_to_run(settings: Settings) -> None:
    settings.STATICFILES_FINDERS = []
    with pytest.raises(ImproperlyConfigured, match=r"mizan/mizan\.global\.js .*`make build`"):
        rendered()


class Parser(HTMLParser):
    """Of a text that is one script element."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs))
        self.found.append((tag, dict(attrs)))


def htmx(arguments: str = "", context: Context | None = None) -> dict[str, str | None]:
    """The attributes of the script for htmx."""
    template = Template(f"{{% load mizan %}}{{% mizan_htmx {arguments} %}}")
    text = template.render(context or Context())
    assert text.endswith("></script>")
    ((tag, attributes),) = Parser(text).found
    assert tag == "script"
    return attributes


def requested(*cookies: str) -> Context:
    """The context of a template that answers a request with these cookies."""
    request = RequestFactory().get("/", headers={"Cookie": "; ".join(cookies)})
    return RequestContext(request, {"request": request})


def test_the_script_for_htmx_needs_nothing_of_the_template() -> None:
    assert htmx() == {
        "src": "/static/mizan/mizan-htmx.js",
        "integrity": f"sha384-{digest(content('mizan/mizan-htmx.js'))}",
        "crossorigin": "anonymous",
        "defer": None,
    }


def test_the_script_for_htmx_has_the_policy_s_nonce() -> None:
    assert htmx(context=Context({"csp_nonce": 'n"0'}))["nonce"] == 'n"0'


def test_it_says_which_redirects_the_page_comes_after() -> None:
    names = ("sessionid", "mizan_inv_0123456789abcdef", "mizan_inv_Abc_-019", "other")
    context = requested(*(f"{name}=user" for name in names))
    assert htmx(context=context)["data-seen"] == "0123456789abcdef Abc_-019"


@pytest.mark.parametrize(
    "name",
    [
        "mizan_inv_",
        "mizan_inv_1234567",
        f"mizan_inv_{'x' * 74}",
        'mizan_inv_"><script>',
        "mizan_in",
    ],
)
def test_a_cookie_that_no_server_has_named_is_passed_over(name: str) -> None:
    assert "data-seen" not in htmx(context=requested(f"{name}=user"))


def visited(user: User | None, *, looked: bool) -> Context:
    """The context of a template for a visitor whose session has been looked at, or not."""
    client = Client()
    if user is not None:
        client.force_login(user)
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    request = RequestFactory().get("/", headers={"Cookie": cookie} if cookie else {})
    for middleware in (SessionMiddleware, AuthenticationMiddleware):
        middleware(lambda request: HttpResponse()).process_request(request)
    if looked:
        assert request.user.is_authenticated is (user is not None)
    return RequestContext(request, {"request": request})


def test_it_says_who_is_known_to_look(api: Api, ada: User) -> None:
    """As the header does: what another tab tells of the same person is then no news."""
    api.client.force_login(ada)
    told = api.client.get("/api/mizan/session/")["X-Mizan-Identity"]
    assert htmx(context=visited(ada, looked=True))["data-identity"] == told
    assert htmx(context=visited(None, looked=True))["data-identity"] == "anonymous"


def test_a_visitor_without_a_session_is_nobody_and_the_session_is_not_looked_at() -> None:
    context = visited(None, looked=False)
    assert htmx(context=context)["data-identity"] == "anonymous"
    assert not context["request"].session.accessed


def test_a_page_that_may_be_the_same_for_all_stays_so(ada: User) -> None:
    """Who looks at the session makes the page private."""
    context = visited(ada, looked=False)
    assert "data-identity" not in htmx(context=context)
    assert not context["request"].session.accessed


def test_an_async_view_that_has_not_asked_who_it_is_says_nobody(ada: User) -> None:
    context = visited(ada, looked=False)
    context["request"].session.accessed = True

    async def render() -> dict[str, str | None]:
        return htmx(context=context)

    assert "data-identity" not in async_to_sync(render)()


def test_of_many_redirects_the_newest_64_are_said() -> None:
    """A browser sends the oldest cookie first. One that is not said costs a refetch."""
    context = requested(*(f"mizan_inv_{number:08}=user" for number in range(70)))
    said = htmx(context=context)["data-seen"]
    assert said == " ".join(f"{number:08}" for number in range(6, 70))


@pytest.mark.parametrize(
    ("debug", "arguments", "expected"),
    [
        (True, "", True),
        (False, "", False),
        (True, "debug=False", False),
        (False, "debug=True", True),
        (False, "debug=debug", True),
    ],
)
def test_under_debug_it_says_which_contexts_there_are(
    settings: Settings, empty: Registry, debug: bool, arguments: str, expected: bool
) -> None:
    @client(context="user")
    def user(request: HttpRequest, user_id: int) -> int:
        return user_id

    @client(context="user")
    def user_tasks(request: HttpRequest, user_id: int, state: str = "open") -> int:
        return user_id

    @client(context="news")
    def news(request: HttpRequest, page: int = 1) -> HttpResponse:
        return HttpResponse()

    @client(affects=["news", "*"], affects_params={"news": ["topic"]})
    def close(request: HttpRequest, topic: str) -> HttpResponse:
        return HttpResponse()

    settings.DEBUG = debug
    said = htmx(arguments, Context({"debug": True})).get("data-debug")
    if expected:
        assert said is not None
        assert json.loads(said) == {"news": ["page", "topic"], "user": ["user_id", "state"]}
    else:
        assert said is None


def test_another_origin_whose_answers_count_is_escaped() -> None:
    context = Context({"base": 'https://api.example.com/"><script>'})
    assert htmx("base_url=base", context)["data-base-url"] == 'https://api.example.com/"><script>'


def test_other_template_engines_call_it_as_a_function() -> None:
    """With what they give: a mapping of the variables. The text is marked as safe."""
    request = RequestFactory().get("/", headers={"Cookie": "mizan_inv_0123456789abcdef=user"})
    text = mizan_htmx({"request": request, "csp_nonce": None}, debug=False)
    ((_, attributes),) = Parser(text.__html__()).found
    assert attributes["data-seen"] == "0123456789abcdef"
