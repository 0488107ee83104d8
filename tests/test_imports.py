"""What `postil --help` may import: it must be there at once."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = [
    "spacy",
    "numpy",
    "jinja2",
    "markdown_it",
    "mdit_py_plugins",
    "babel",
    "PIL",
    "nh3",
    "yaml",
    "tomlkit",
    "sqlite3",
    "slugify",
    "livereload",
    "tornado",
]

LOOK = """
import sys
sys.argv = ["postil", *sys.argv[1:]]
from builder.cli import main
try:
    main()
except SystemExit:
    pass
print("LOADED", *sorted({name.partition(".")[0] for name in sys.modules}))
"""

COMMANDS = ["", "init", "new", "import", "build", "check", "clean", "explain", "annotate", "export"]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_imports_nothing_heavy(command):
    call = [sys.executable, "-c", LOOK, *command.split(), "--help"]
    told = subprocess.run(call, capture_output=True, text=True, check=True)

    loaded = told.stdout.partition("LOADED")[2].split()

    assert "click" in loaded
    assert set(loaded) & set(HEAVY) == set()
    assert told.stderr == ""
