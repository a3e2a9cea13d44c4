"""Sizes of files as people say them."""

import pytest
from django.utils import translation

from privacy.pages.sizes import size


@pytest.mark.parametrize(
    ("count", "said"), [(0, "1 kB"), (30_000, "30 kB"), (999_499, "999 kB"), (999_500, "1,0 MB"), (4_249_000, "4,2 MB")]
)
def test_a_size_is_whole_kilobytes_and_tenths_only_from_a_megabyte_on(count, said):
    with translation.override("nl"):
        assert size(count) == said
