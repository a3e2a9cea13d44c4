"""An app that knows the engine only from its wheel."""
