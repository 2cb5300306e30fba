"""What a wall shows, one kv each."""
