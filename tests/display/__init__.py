"""The walls: what they show, say and look like."""
