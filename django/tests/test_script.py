"""`{% mizan_script %}`: the runtime for pages without a bundler."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha384
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.utils.functional import SimpleLazyObject
from pytest_django import Settings

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
