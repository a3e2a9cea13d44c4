"""The project as an app, so that its commands are found; it has no tables."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "config"
