"""What Inzage promises, one claim per test."""
