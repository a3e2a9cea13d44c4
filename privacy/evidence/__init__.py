"""What we can show afterwards (Art. 5(2))."""
