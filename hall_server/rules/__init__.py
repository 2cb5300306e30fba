"""Decisions: values in, value or Refused out; nothing is touched."""
