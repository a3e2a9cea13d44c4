"""Telling partners' programs what happened: OpenID Shared Signals 1.0 as its transmitter, and back-channel logout (docs/signals.md)."""
