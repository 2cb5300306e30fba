"""The kiosk's own small set of widgets."""
