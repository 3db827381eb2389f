"""What the web server does before the first request."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.config.houses import CODE, an_environment

_BEGINS: Final = """
import gc, json, sys
from config import web_server, wsgi
web_server.post_worker_init(None)
print(json.dumps([
    "commitments.web.day" in sys.modules, gc.get_freeze_count(), len(gc.get_objects())
]))
"""


def test_pages_are_loaded_and_looked_through_for_garbage_no_more(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-c", _BEGINS],
        cwd=CODE,
        env=an_environment(VAR_DIR=str(tmp_path)),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    are_loaded, kept, looked_through = json.loads(done.stdout)
    assert are_loaded
    assert kept > 100_000
    assert looked_through < kept / 100
