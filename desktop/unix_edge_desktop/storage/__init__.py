"""What a person set or made, on disk, without Qt."""
