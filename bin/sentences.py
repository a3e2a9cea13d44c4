"""Compiles the translated sentences of the project and its apps, *.po to *.mo, without gettext."""

from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent


def compile_sentences(root=ROOT):
    """Each *.mo that is missing or older than its *.po."""
    catalogue = "locale/*/LC_MESSAGES/*.po"
    for source in sorted([*root.glob(catalogue), *root.glob(f"*/{catalogue}")]):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(compiled))


if __name__ == "__main__":
    compile_sentences()
