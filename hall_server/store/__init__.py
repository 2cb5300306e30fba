"""The memory: tables and the questions asked of them; the only SQL."""
