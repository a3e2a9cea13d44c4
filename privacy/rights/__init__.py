"""One file per right, named as the regulation names it."""
