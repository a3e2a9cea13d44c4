"""What is looked for after an erasure: what was one person's alone, and what she was called."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Identifiers:
    """`unique` may stand nowhere afterwards; `names` others may have too, and may write in texts of their own."""

    unique: list[str]
    names: list[str]

    def as_text(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def of_text(cls, text: str) -> "Identifiers":
        return cls(**json.loads(text))
