"""What `postil --help` may import: it must be there at once."""

from __future__ import annotations

import os
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


@pytest.mark.parametrize("module", ["builder.related", "builder.nlp", "builder.nlp.weights"])
def test_one_thread_is_asked_for_before_numpy_starts(module):
    look = """
import os, sys
class Look:
    def find_spec(self, name, path=None, target=None):
        if name == "numpy":
            print(os.environ.get("OPENBLAS_NUM_THREADS"))
sys.meta_path.insert(0, Look())
__import__(sys.argv[1])
import numpy
"""
    asked = {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"}
    without = {name: value for name, value in os.environ.items() if name not in asked}

    told = subprocess.run(
        [sys.executable, "-c", look, module],
        env=without,
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.split()[0] == "1"


def test_markdown_is_made_without_parsers_and_selectors_that_nobody_needs():
    look = """
import sys
from builder.render.downmark import as_markdown
print(as_markdown("<p>It <em>rained</em>.</p>"), *{"html5lib", "lxml", "soupsieve"} & {*sys.modules})
"""
    call = [sys.executable, "-W", "error", "-c", look]

    told = subprocess.run(call, capture_output=True, text=True, check=True)

    assert (told.stdout, told.stderr) == ("It *rained*.\n", "")
