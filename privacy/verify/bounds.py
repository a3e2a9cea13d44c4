"""How much of a stranger's file is read before it is refused (T-11)."""

from dataclasses import dataclass

MIB = 1024 * 1024
# Of the manifest, the one file that is held in memory as a whole: read as JSON it may take 25 times as much. 10,000 files take 3 MiB.
MANIFEST_BYTES = 4 * MIB
SIGNATURE_BYTES = 4096
# A certificate with a line for each of a hundred tables takes 40 KiB.
CERTIFICATE_BYTES = MIB
# One entry of a ZIP's directory: 46 bytes, a name of ours, the sizes of ZIP64.
DIRECTORY_BYTES = 160
# Under this size no file is called dense: short texts that repeat themselves are.
DENSE_FROM = 4 * MIB


@dataclass(frozen=True)
class Bounds:
    """The defaults let through a million rows many times over: they take about 1 GB unpacked, a tenth of it packed."""

    files: int = 10_000
    # Unpacked, of all files together.
    size: int = 16 * 1024 * MIB
    # Unpacked bytes per packed one; DEFLATE ends at 1032.
    ratio: int = 200


BOUNDS = Bounds()
