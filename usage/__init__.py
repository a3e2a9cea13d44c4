"""What the platform knows of its members' activity."""
