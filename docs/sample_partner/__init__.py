"""Breukenbos, an invented tool for exercises: the whole of a partner's side, to be read in ten minutes (README.md says in which order)."""
