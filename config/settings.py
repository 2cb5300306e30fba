"""Settings of the four programs: given in the call, else the environment, else a TOML file."""

import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, StringConstraints, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

CONFIG = Path(__file__).parent
SHORTEST_SECRET = 16  # characters; the hall makes secrets of 43

# Width and height in pixels, diagonal in inches.
KIOSK_SCREENS = {
    "portrait": (1080, 1920, 21.5),
    "landscape": (1920, 1080, 21.5),
    "tablet": (1280, 800, 10.1),
    "tablet-upright": (800, 1280, 10.1),
}

HallId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
DeviceName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]
WindowId = Annotated[str, StringConstraints(pattern=r"^[A-Z]?[0-9]{1,3}$")]
Host = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:_-]{1,253}$")]
# An origin or an address of ours: no path beyond a prefix, no user name, no spaces.
WebUrl = Annotated[
    str,
    StringConstraints(
        pattern=r"^https?://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?$",
        max_length=300,
    ),
]
# serial:/dev/ttyUSB0, tcp:10.0.0.9:9100, pty or simulated names: what drivers.port understands.
PortUrl = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{0,200}$")]
Profile = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{0,32}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]


def _figures(code: SecretStr) -> SecretStr:
    if not re.fullmatch("[0-9]{6,12}", code.get_secret_value()):
        raise ValueError("6 to 12 figures")
    return code


MaintenanceCode = Annotated[SecretStr, AfterValidator(_figures)]  # typed on a kiosk's screen


class _Settings(BaseSettings):
    """What all four share: a file that may be named, and the order in which values win."""

    model_config = SettingsConfigDict(
        extra="forbid",
        frozen=True,
        env_ignore_empty=True,
        hide_input_in_errors=True,  # an error must not show the password it stumbled over
    )

    file: Path | None = None  # the TOML file the rest is read from
    language: Language = "zh"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        given = (init_settings, env_settings)
        file = init_settings().get("file") or env_settings().get("file")
        if not file:
            return given
        if not Path(file).is_file():  # a file that is named and not there is never passed over
            raise FileNotFoundError(f"settings file {file} is not there")
        return *given, TomlConfigSettingsSource(settings_cls, Path(file))


class HallSettings(_Settings):
    """The hall server's settings (HALL_*). ``profile``: ``training`` is a hall to learn in and
    ``demo`` a hall to look at; neither sends anything out of the house."""

    model_config = SettingsConfigDict(env_prefix="HALL_")

    data: Path = Path("var")  # database, backups, voice cache
    database: SecretStr | None = None  # SQLAlchemy URL; none means SQLite in the data folder
    files: Path = CONFIG / "examples"  # hall.toml, items.csv, calendars/
    host: Host = "127.0.0.1"
    port: int = Field(default=8600, ge=1, le=65535)
    origins: tuple[WebUrl, ...] = Field(default=(), max_length=20)  # pages of other addresses
    public_url: WebUrl | None = None  # where a phone reaches the hall; none: no QR code on paper
    profile: Literal["production", "training", "demo"] = "production"

    def database_url(self) -> str:
        """Where the hall remembers: the URL that was set, or hall.db in the data folder."""
        if self.database:
            return self.database.get_secret_value()
        return f"sqlite:///{(self.data / 'hall.db').as_posix()}"

    @model_validator(mode="after")
    def _known_engine(self) -> Self:
        url = self.database_url()
        if not url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("database: sqlite:///… or postgresql+psycopg://… is allowed")
        if len(url) > 500:
            raise ValueError("database: at most 500 characters")
        return self


class _Joined(_Settings):
    """What a program needs to join a hall: where it is, which, under what name and secret."""

    server: WebUrl = "http://127.0.0.1:8600"
    hall: HallId = "demo"
    name: DeviceName
    secret: SecretStr = Field(min_length=SHORTEST_SECRET, max_length=200)


class KioskSettings(_Joined):
    """The kiosk's settings (KIOSK_*). ``journal`` keeps what was wished while the hall was away."""

    model_config = SettingsConfigDict(env_prefix="KIOSK_")

    name: DeviceName = "kiosk-1"
    printer: PortUrl = ""  # none: numbers are shown and not printed
    printer_profile: Profile = "gb18030_80"  # a table in config/devices/printers
    papers: Path = CONFIG / "examples" / "papers.toml"  # what stands on its papers
    scanner: PortUrl = ""  # of codes on papers and phones; evdev://… one that types
    id_reader: PortUrl = ""  # of ID cards; needs proof_key
    # Makes the keyed hashes by which a card or a phone's last four find an appointment; the same
    # at every kiosk of a hall, and nowhere else. None: neither is asked for.
    proof_key: SecretStr | None = Field(default=None, min_length=SHORTEST_SECRET, max_length=200)
    size: Literal["portrait", "landscape", "tablet", "tablet-upright"] = "portrait"
    # Diagonal; none: what is usual. A smaller screen has no room for fingertips of 20 mm.
    inches: float | None = Field(default=None, ge=10, le=100)
    fullscreen: bool = True
    journal: Path = Path("var/kiosk")
    idle_seconds: int = Field(default=60, ge=15, le=600)  # then home, and personal data is gone
    prompts: Path = CONFIG / "sounds" / "prompts"  # clips that its pages say: zh/items.ogg
    # When pages speak: in 大字版, always (a kiosk that stands alone, as at a village point), never.
    speaks: Literal["large_text", "always", "never"] = "large_text"
    maintenance_code: MaintenanceCode | None = None  # none: there is no maintenance page

    def pixels(self) -> tuple[int, int]:
        """Width and height of this size, in pixels."""
        return KIOSK_SCREENS[self.size][:2]

    def diagonal(self) -> float:
        """Its diagonal in inches: a kiosk's screen, or a tablet's at a village point."""
        return self.inches or KIOSK_SCREENS[self.size][2]


class DisplaySettings(_Joined):
    """A wall board's or window sign's settings (DISPLAY_*). Inches and metres give the size of
    its figures: their height is at least the reading distance divided by 200."""

    model_config = SettingsConfigDict(env_prefix="DISPLAY_")

    name: DeviceName = "board-a"
    layout: Literal["hall_board", "window_sign"] = "hall_board"
    window: WindowId | None = None  # the window of a window sign
    zones: tuple[DeviceName, ...] = Field(default=(), max_length=40)  # none: the whole hall
    width: int = Field(default=1920, ge=320, le=7680)
    height: int = Field(default=1080, ge=160, le=4320)
    inches: float = Field(default=55, ge=5, le=300)  # diagonal
    metres: float = Field(default=10, ge=0.5, le=50)  # how far away people read it
    fullscreen: bool = True
    voice: bool = True
    volume: int = Field(default=80, ge=0, le=100)  # per cent

    @model_validator(mode="after")
    def _sign_has_a_window(self) -> Self:
        if self.layout == "window_sign" and self.window is None:
            raise ValueError("window: a window sign needs its window")
        return self


class AgentSettings(_Joined):
    """A device agent's settings (AGENT_*): the file that lists its devices, and their tables.
    ``spool`` keeps what was pressed while the hall was away, and which papers were printed."""

    model_config = SettingsConfigDict(env_prefix="AGENT_")

    name: DeviceName = "agent-1"
    devices: Path = Path("devices.toml")
    tables: Path = CONFIG / "devices"
    spool: Path = Path("var/agent")
    papers: Path = CONFIG / "examples" / "papers.toml"  # what stands on a paper printed here
