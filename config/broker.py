"""The embedded broker: a folder of messages, each of which appears whole.

kombu's own opens a message under its final name and writes afterwards: a worker that looks in between reads nothing, and stops for good
(tests/drills/test_broker.py).
"""

import logging
import time
import uuid
from pathlib import Path

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps

log = logging.getLogger("config.broker")


class Channel(filesystem.Channel):
    def _put(self, queue, payload, **kwargs):
        """Written beside the messages, then given its name in one step."""
        draft = Path(self.data_folder_out, f".{uuid.uuid4()}")
        try:
            draft.write_text(dumps(payload))
            draft.rename(draft.with_name(f"{time.time_ns()}_{uuid.uuid4()}.{queue}.msg"))
        except OSError as error:
            raise ChannelError(f"Cannot write to {self.data_folder_out}") from error

    def _get(self, queue):
        """The next message that can be read; one torn by a power failure is dropped, and the sweep finds what it was about."""
        while True:
            try:
                return super()._get(queue)
            except ValueError:
                log.warning("A message in queue %s could not be read and was dropped.", queue)


class Transport(filesystem.Transport):
    Channel = Channel
