"""What members leave behind on the platform, a file per kind of trace."""

from . import collections, conversations, feedback, following, material, opinions, visits


def leave(teachers, *, random, shelf, progress) -> list[int]:
    """Everything but views, which are the most and come last; gives the keys of the resources, the most read first."""
    published = material.publish(teachers, random=random, shelf=shelf, progress=progress)
    resources = [each.resource for each in published]
    opinions.write(teachers, published, random=random, progress=progress)
    collections.write(teachers, resources, random=random, progress=progress)
    conversations.write(teachers, random=random, progress=progress)
    following.write(teachers, published, random=random, progress=progress)
    feedback.write(teachers, random=random, progress=progress)
    visits.write(teachers, resources, random=random, progress=progress)
    return resources
