"""Handing over what a member takes along to another controller, and taking in what another hands over (docs/direct_transfer.md)."""
