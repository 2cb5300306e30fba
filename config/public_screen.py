"""What Kivy must be told before it is imported, for a screen that stands in public."""

# No way out by arguments or files of the machine's user, and no files of Kivy's own.
ENVIRONMENT = {
    "KIVY_NO_ARGS": "1",
    "KIVY_NO_CONFIG": "1",
    "KIVY_NO_FILELOG": "1",
    "KIVY_LOG_MODE": "MIXED",
    "KIVY_METRICS_DENSITY": "1",
    "KIVY_AUDIO": "sdl2",
}

LOOKS = 60  # times a second that a touch is looked for; a screen that rests draws nothing


def options(size: tuple[int, int], fullscreen: bool) -> list[tuple[str, str, str]]:
    """Kivy's options as section, name and value: a window of this size in pixels that no key
    closes, over the whole screen or, on a laptop, in a frame."""
    graphics = {
        "width": size[0],
        "height": size[1],
        "fullscreen": "auto" if fullscreen else 0,
        "resizable": 0 if fullscreen else 1,
        "show_cursor": 0 if fullscreen else 1,
        "allow_screensaver": 0,
        "maxfps": LOOKS,
        "multisamples": 0,  # without a graphics card 2 double the time of a frame
    }
    return [
        *(("graphics", name, str(value)) for name, value in graphics.items()),
        ("kivy", "exit_on_escape", "0"),
        ("kivy", "pause_on_minimize", "0"),
    ]


def size(text: str) -> tuple[int, int]:
    """A size as people write it: 540x960."""
    width, _, height = text.partition("x")
    return int(width), int(height)
