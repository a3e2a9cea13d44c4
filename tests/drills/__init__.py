"""Drills: the product as it runs, with processes that are really killed."""
