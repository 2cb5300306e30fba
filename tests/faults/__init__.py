"""Faults: what goes wrong in a hall, each with a control that must fail."""
