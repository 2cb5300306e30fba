"""The hall's public face: commands, events, views, frames and the link."""
