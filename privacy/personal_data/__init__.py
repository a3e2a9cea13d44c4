"""What the engine itself holds of people: references that lead nowhere once the person is erased."""

from . import desk, evidence, of_django, requests, treatments, without_people

__all__ = ["desk", "evidence", "of_django", "requests", "treatments", "without_people"]
