"""How an organisation becomes a partner, what its developers see of it, and who of ours decides."""
