"""The pages of the platform."""
