"""The memory, its walls and its writer."""
