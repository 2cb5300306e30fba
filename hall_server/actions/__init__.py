"""Deeds: one function per command, which asks the rules and changes the store."""
