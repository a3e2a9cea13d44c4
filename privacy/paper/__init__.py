"""The one style of what we put on paper: reports, letters, certificates."""

from .document import Column, Paper

__all__ = ["Column", "Paper"]
