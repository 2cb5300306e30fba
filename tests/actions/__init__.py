"""The deeds, through the one way in."""
