"""Review: what was found in an article, for an editor to judge, and the answers as corrections."""

from __future__ import annotations
