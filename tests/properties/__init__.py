"""The properties that carry the product, over every declared table."""
