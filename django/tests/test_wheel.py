"""What is published, as the build back end makes it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

PACKAGE = Path(__file__).parents[1]


SCRIPTS = PACKAGE / "src" / "django_mizan" / "static" / "mizan"


def test_the_wheel_has_the_licence_and_the_scripts(tmp_path: Path) -> None:
    """The same as those of the repository, which a wheel cannot reach out to."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=PACKAGE, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with ZipFile(wheel) as archive:
        names = archive.namelist()
        (licence,) = [name for name in names if name.endswith(".dist-info/licenses/LICENSE")]
        assert archive.read(licence) == (PACKAGE.parent / "LICENSE").read_bytes()
        for script in ("mizan.global.js", "mizan.js.global.js", "mizan-htmx.js"):
            built = archive.read(f"django_mizan/static/mizan/{script}")
            assert built == (SCRIPTS / script).read_bytes()
    assert "django_mizan/py.typed" in names
