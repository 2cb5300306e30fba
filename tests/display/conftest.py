"""The robot comes first: it chooses the off-screen window before anything of Kivy is imported."""

from tests import robot

__all__ = ["robot"]
