"""From request to answer (Art. 12)."""
