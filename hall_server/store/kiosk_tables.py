"""The tables behind what a kiosk needs beyond its numbers: leased blocks and their key."""

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel


class LeaseKey(SQLModel, table=True):
    """The secret by which a hall signs the blocks that it leases."""

    __tablename__ = "lease_key"

    hall: str = Field(primary_key=True, max_length=32)
    key: str = Field(max_length=64)


class LeaseBlock(SQLModel, table=True):
    """A block of offline numbers (离线号段): of one prefix and day each block is leased once."""

    __tablename__ = "lease_block"

    hall: str = Field(primary_key=True, max_length=32)
    day: int = Field(primary_key=True)
    prefix: str = Field(primary_key=True, max_length=2)
    block: int = Field(primary_key=True)
    kiosk: str = Field(max_length=32)
    at: int = Field(sa_column=Column(BigInteger, nullable=False))
