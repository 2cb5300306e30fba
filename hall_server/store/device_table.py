"""The table of devices: how each one is, as its machine told last."""

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class Device(SQLModel, table=True):
    """One device of one machine, the machine itself among them."""

    __tablename__ = "device"

    hall: str = Field(primary_key=True, max_length=32)
    machine: str = Field(primary_key=True, max_length=32)
    device: str = Field(primary_key=True, max_length=32)
    kind: str = Field(max_length=16)
    window: str | None = Field(default=None, max_length=4)
    state: str = Field(max_length=16)
    trouble: str = Field(max_length=32)
    since: int = Field(sa_type=BigInteger)
