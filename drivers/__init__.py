"""Devices on serial lines, and the agent that ties them to the hall."""
