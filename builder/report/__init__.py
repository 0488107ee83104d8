"""What was found, for people to check and for scripts to read."""

from __future__ import annotations

from builder.report.annotation import annotate
from builder.report.dump import export
from builder.report.explanation import explain
from builder.report.ninjs import ninjs
from builder.report.reading import Reader

__all__ = ["Reader", "annotate", "explain", "export", "ninjs"]
