"""Deeds: one function per command."""
