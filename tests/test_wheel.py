"""A wheel, taken elsewhere, still finds its levels and recordings."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.slow
def test_the_wheel_runs_from_elsewhere(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    environment = {**os.environ, "PYTHONPATH": str(site), "PYTHONSAFEPATH": "1"}
    for arguments, word in ((["levels"], "first-train"), (["lab", "run", "1", "--json"], "stars")):
        run = subprocess.run(
            [sys.executable, "-c", RUN, *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, run.stderr
        assert word in run.stdout
        assert str(site) in run.stderr


# An editable install on the path must not stand in for the wheel: it says where it came from.
RUN = """
import sys
sys.path = [p for p in sys.path if "site" in p or "lib" in p]
import game
print(game.__file__, file=sys.stderr)
from game.cli import main
sys.exit(main(sys.argv[1:]))
"""
