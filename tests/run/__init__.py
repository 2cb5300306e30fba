"""Tests of ./run: what a stranger types first."""
