"""Tests of the kiosk (取号机)."""
