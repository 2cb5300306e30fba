"""The kiosk (取号机)."""
