"""What the platform's templates need beside their own data."""
