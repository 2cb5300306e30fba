"""The decisions, table by table; nothing is touched."""
