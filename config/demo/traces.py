"""What members leave behind on the platform, as rows that are not saved yet: resources, scores, favourites, messages, comments."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from usage.models import Comment, Favourite, Folder, Message, Resource, Score

from . import words
from .views import DAYS_BACK


def resources(random) -> list[Resource]:
    """About 300; shuffled, since the first ones are opened most."""
    topics = [(taught, topic) for taught, topics in words.TOPICS.items() for topic in topics]
    made = [
        Resource(title=kind.format(topic), subject_taught=taught)
        for number, (taught, topic) in enumerate(topics)
        for kind in (words.KINDS[(number + offset) % len(words.KINDS)] for offset in (0, 2, 5))
    ]
    random.shuffle(made)
    return made


def scores(members, resources, random) -> Iterator[Score]:
    for member in members:
        for resource in random.sample(resources, random.randint(3, 15)):
            yield Score(member=member, resource=resource, value=random.choice([2, 3, 4, 4, 5, 5]), given_at=some_time_ago(random))


def folders(members, random) -> list[Folder]:
    return [Folder(member=member, name=name) for member in members for name in random.sample(words.FOLDERS, random.randint(1, 3))]


def favourites(folders, resources, random) -> Iterator[Favourite]:
    for folder in folders:
        for resource in random.sample(resources, random.randint(2, 6)):
            yield Favourite(folder=folder, resource=resource, note=random.choice(words.NOTES), added_at=some_time_ago(random))


def messages(members, random) -> list[Message]:
    """Everybody begins one or two conversations; in the order in which they were sent."""
    sent = [message for member in members for _number in range(random.randint(1, 2)) for message in _conversation(member, members, random)]
    return sorted(sent, key=lambda message: message.sent_at)


def _conversation(first, members, random) -> Iterator[Message]:
    second = random.choice([member for member in random.sample(members, min(2, len(members))) if member is not first])
    sent_at = some_time_ago(random)
    topic = random.choice(words.TOPICS[random.choice(list(words.TOPICS))])
    texts = [random.choice(words.OPENINGS).format(second.first_name, topic), *random.sample(words.REPLIES, random.randint(1, 4))]
    for number, text in enumerate(texts):
        sender, recipient = (first, second) if number % 2 == 0 else (second, first)
        read_at = sent_at + timedelta(minutes=random.randint(5, 900))
        yield Message(sender=sender, recipient=recipient, text=text, sent_at=sent_at, read_at=read_at if read_at < timezone.now() else None)
        sent_at = min(read_at + timedelta(minutes=random.randint(1, 60)), timezone.now())


def comments(members, resources, random) -> Iterator[Comment]:
    """Published under the name of their author."""
    for member in members:
        for resource in random.sample(resources, random.randint(0, 4)):
            yield Comment(
                author=member,
                shown_name=member.get_full_name(),
                resource=resource,
                text=random.choice(words.COMMENTS),
                published_at=some_time_ago(random),
            )


def some_time_ago(random):
    return timezone.now() - timedelta(days=random.uniform(1, DAYS_BACK))
