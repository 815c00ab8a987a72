import socket
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_port_in_use_is_one_line_with_the_port_and_the_way_out(
    taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", str(taken))
    with pytest.raises(CommandError) as error:
        call_command("demo")
    assert f"Port {taken} is in use" in str(error.value)
    assert "PORT=" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("port", ["http", "-1", "65536", "8000.5"])
def test_a_port_that_is_none_is_refused(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(CommandError, match="is not a port"):
        call_command("demo")
