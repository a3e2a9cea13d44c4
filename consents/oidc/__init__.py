"""Signing in at partners with an account here: OpenID Connect on django-oauth-toolkit, its known gaps closed (docs/partners.md)."""
