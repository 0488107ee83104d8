"""Postil: articles in, an annotated static site out."""

__version__ = "0.1.0"
