"""What programs send about their stream, and what they get: the bodies of SSF 1.0 and RFC 8936, with bounds on all that is written."""

from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import ConfigDict

# No control characters: a database takes no null, and a page shows none.
Text = Annotated[str, Field(max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]
Header = Annotated[str, Field(max_length=4000, pattern=r"^[ -~]*$")]
Address = Annotated[str, Field(max_length=2000, pattern=r"^[!-~]*$")]


class Problem(Schema):
    """RFC 9457."""

    title: str
    status: int
    detail: str = ""


class Delivery(Schema):
    method: Literal["urn:ietf:rfc:8935", "urn:ietf:rfc:8936"]
    endpoint_url: Address | None = None
    authorization_header: Header | None = Field(None, description="Shown at `endpoint_url` with every event; never told back.")


class Wishes(Schema):
    """What a receiver says; the rest is ours, and may be repeated as it is but not changed."""

    model_config = ConfigDict(extra="ignore")

    delivery: Delivery | None = None
    events_requested: list[Address] | None = Field(None, max_length=100)
    description: Text | None = None
    iss: Any = None
    aud: Any = None
    events_supported: Any = None
    events_delivered: Any = None
    min_verification_interval: Any = None


class Changes(Wishes):
    stream_id: Text


class Configuration(Schema):
    stream_id: str
    iss: str
    aud: str
    delivery: dict[str, str]
    events_supported: list[str]
    events_requested: list[str]
    events_delivered: list[str]
    min_verification_interval: int
    description: str | None = None


class StatusOf(Schema):
    stream_id: str
    status: Literal["enabled", "paused", "disabled"]
    reason: str | None = None


class NewStatus(Schema):
    stream_id: Text
    status: Literal["enabled", "paused", "disabled"]
    reason: Text | None = None


class AboutSubject(Schema):
    stream_id: Text
    subject: dict[str, Any]
    verified: bool | None = None


class Test(Schema):
    stream_id: Text
    state: Text | None = None


class Poll(Schema):
    maxEvents: int | None = Field(None, ge=0)
    returnImmediately: bool = Field(False, description="We always answer at once.")
    ack: list[Text] = Field([], max_length=1000)
    setErrs: dict[Text, Any] = Field({}, max_length=1000)


class Polled(Schema):
    sets: dict[str, str]
    moreAvailable: bool
