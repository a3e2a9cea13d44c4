"""The engine: declare once what each column means for a person; every right follows from that line."""
