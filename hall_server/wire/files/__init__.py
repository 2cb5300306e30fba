"""The hall's files: read whole or refused with every fault, and compared with those in force."""

from hall_server.wire.files.changes import diff
from hall_server.wire.files.items_csv import read_catalogue
from hall_server.wire.files.reading import HallFiles, read_hall
from hall_server.wire.files.wrong import FileFault, HallFilesRefused

__all__ = ["FileFault", "HallFiles", "HallFilesRefused", "diff", "read_catalogue", "read_hall"]
