"""Tests of the simulated halls."""
