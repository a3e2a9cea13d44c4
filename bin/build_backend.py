"""Builds the wheel: setuptools does it, once the sentences are compiled."""

from sentences import compile_sentences
from setuptools import build_meta
from setuptools.build_meta import (  # noqa: F401 - what a build front end asks of a backend
    build_sdist,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_wheel,
)


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    compile_sentences()
    return build_meta.build_wheel(wheel_directory, config_settings, metadata_directory)
