"""What a person agreed to: partners and grants."""
