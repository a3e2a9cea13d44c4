"""Every table of this app, from the file that says what it is about."""

from .collections import Favourite, Folder
from .conversations import Message
from .feedback import Feedback
from .following import Follow
from .opinions import Comment, Score
from .resources import Level, Publication, Resource
from .traces import (
    Download,
    PopularSearch,
    ResourceDownloads,
    ResourceReads,
    ResourceView,
    Search,
    SignIn,
    SignInCounts,
)

__all__ = [
    "Comment",
    "Download",
    "Favourite",
    "Feedback",
    "Folder",
    "Follow",
    "Level",
    "Message",
    "PopularSearch",
    "Publication",
    "Resource",
    "ResourceDownloads",
    "ResourceReads",
    "ResourceView",
    "Score",
    "Search",
    "SignIn",
    "SignInCounts",
]
