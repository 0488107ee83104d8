"""`serve`: the site as it will be, built again on every change, in the browser at once.

livereload, over its own Tornado, carries the messages to the pages, and nothing more: its own way
of watching loses reloads, and lets requests wait for builds. Here three things run beside each
other: `watch` sees what is saved, `worker`, a process of its own, builds, and `site` answers the
browser from what was built last.
"""
