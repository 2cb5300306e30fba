"""A picture of every screen and every paper of the hall; the robot comes first, before Kivy."""

from tests import robot

__all__ = ["robot"]
