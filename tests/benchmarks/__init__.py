"""Smoke of the bench: that it measures, never how fast."""
