"""Handing the data that a member may take along over to another controller, and taking in what another hands over (docs/direct_transfer.md)."""
