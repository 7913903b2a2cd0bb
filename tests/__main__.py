"""`python -m tests`: format, lint, types, import contracts, tests; stops at the first failure.

`python -m tests -k listen` hands its arguments to pytest and skips nothing else.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STEPS = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
    ("mypy",),
    ("lint-imports",),
    ("pytest", "-n", "2"),
)


def main(pytest_arguments: list[str]) -> int:
    """Run every step with this environment's tools; the first failure ends it."""
    tools = Path(sys.executable).parent
    for step in STEPS:
        command = [*step, *(pytest_arguments if step[0] == "pytest" else [])]
        print("$", *command, flush=True)
        code = subprocess.run([str(tools / command[0]), *command[1:]], cwd=ROOT).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
