"""Signing in at an OpenID provider that this installation names (INZAGE_OIDC_*)."""
