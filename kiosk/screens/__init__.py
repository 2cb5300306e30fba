"""The kiosk's pages, one kv each."""
