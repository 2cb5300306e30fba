"""Whole ways through the hall, with every program real and every device simulated."""
