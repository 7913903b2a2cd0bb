"""Somebody who looks for a game: `python -m tests.server.finder NAME`.

Says its address, and what the self-test finds wrong with this machine, as one line of JSON.
"""

import json
import sys
import time
from contextlib import closing

from game.client.browse import Browser

WAIT_S = 20.0


def main(name: str) -> int:
    with closing(Browser()) as browser:
        end_s = time.monotonic() + WAIT_S
        found = ""
        while not found and time.monotonic() < end_s:
            found = next((game.address for game in browser.games if game.name == name), "")
            time.sleep(0.02)
        problems = browser.self_test()
    sys.stdout.write(json.dumps({"address": found, "problems": problems}) + "\n")
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
