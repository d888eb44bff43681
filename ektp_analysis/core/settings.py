"""What an installation may choose, from the environment or a file .env; and where the project's own data files lie.

Those are described in data/README.md with source, date, licence and quality.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from platformdirs import user_data_path
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from ektp_analysis.core.area import AreaCode
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.text import T

_LIBRARY = Path(__file__).resolve().parents[1]
# What lies beside the library in the project's own folder lies inside it in a wheel (pyproject.toml).
IN_WHEEL = (_LIBRARY / "installed").is_dir()
PROJECT = _LIBRARY / "installed" if IN_WHEEL else _LIBRARY.parent
PROGRAM = "ektp" if IN_WHEEL else "python -m ektp_analysis"  # what is typed before a command
DATA = PROJECT / "data"
BOUNDARIES = DATA / "boundaries"
NATIONAL = BOUNDARIES / "indonesia_kecamatan.npz"
UNJOINED = BOUNDARIES / "indonesia_kecamatan_unjoined.csv"
SAMPLES = DATA / "samples"
TARGETS = DATA / "targets.csv"
REPORTED = DATA / "reported.csv"
OUTREACH = DATA / "outreach.csv"
KECAMATAN = DATA / "areas" / "kecamatan.csv"
LEAST_TOKEN = 16  # letters: what is shorter can be found by trying
HOST = re.compile(r"(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9][A-Za-z0-9._-]*)(?::[0-9]{1,5})?")


class Settings(BaseSettings):
    """Read once at start; immutable."""

    model_config = SettingsConfigDict(env_prefix="EKTP_", env_file=".env", extra="ignore", frozen=True)

    database_url: str = Field(
        default="",
        description="Where the store is: sqlite:///FILE or postgresql+psycopg://...; empty: one SQLite file in the data folder",
    )
    data_dir: Path = Field(
        default_factory=lambda: user_data_path("ektp-analysis", appauthor=False),
        description="Folder of the store, its copies and the prepared sample",
    )
    backup_dir: Path | None = Field(
        default=None, description="Folder of the backups made from the page; empty: the folder backups in the data folder"
    )
    home_area: str = Field(default="75.05", description="Kemendagri code of the area that opens first")
    language: Literal["id", "en"] = Field(default="id", description="Language of a first visit and of the command line")
    timezone: str = Field(default="Asia/Makassar", description="Time zone in which a day begins and ends")
    uploader: str = Field(
        default="",
        description="Name recorded with an import where no one is logged in; empty: the name of the operating system's user",
    )
    office_name: str = Field(default="", max_length=90, description="Name of the office on slides and printed pages")
    logo: Path | None = Field(default=None, description="Its logo: a PNG or SVG file of at most 2 MB")
    today: date | None = Field(default=None, description="The day on which a projection is said; empty: the clock's")
    base_map: bool = Field(
        default=True, description="Whether a reader may switch on the online base map; off: the browser itself forbids it"
    )
    hosts: str = Field(
        default="", description="Further names by which browsers call the server, with commas between, each perhaps with its port"
    )

    metrics_token: str = Field(
        default="",
        repr=False,
        description="What a program shows that reads /metrics: 16 letters or more; empty: there is no such address",
    )

    login: Literal["", "accounts", "oidc", "proxy"] = Field(
        default="",
        description="How people log in: accounts (made here), oidc (a provider), proxy (which vouches for them); empty: nobody "
        "does, and the app answers on this machine alone",
    )
    proxy_header: str = Field(
        default="", description="With EKTP_LOGIN=proxy: the header in which the proxy names the person, such as Remote-User"
    )
    proxy_addresses: str = Field(
        default="", description="With EKTP_LOGIN=proxy: the numbers of the machines whose header counts, with commas between"
    )
    token: str = Field(
        default="", repr=False, description="A token of this server: commands then act as whoever has it, and do nothing else"
    )
    sisters: Literal["totals", "none"] = Field(
        default="totals",
        description="What people see of the other kabupaten of their province: totals, or none",
    )

    @field_validator("metrics_token")
    @classmethod
    def _metrics_token_is_long(cls, value: str) -> str:
        if value and (len(value) < LEAST_TOKEN or not value.isascii() or not value.isprintable()):
            raise ValueError(f"is shorter than {LEAST_TOKEN} letters, or has others than those of ASCII")
        return value

    @field_validator("home_area")
    @classmethod
    def _home_area_is_a_code(cls, value: str) -> str:
        return str(AreaCode.parse(value))

    @field_validator("timezone")
    @classmethod
    def _timezone_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("is not a time zone such as Asia/Makassar") from error
        return value

    @field_validator("hosts")
    @classmethod
    def _hosts_are_names(cls, value: str) -> str:
        for name in filter(None, map(str.strip, value.split(","))):
            if HOST.fullmatch(name) is None:
                raise ValueError(f"'{name[:60]}' is no name such as ektp.kantor.lan, 192.168.1.5 or ektp.kantor.lan:8443")
        return value

    @field_validator("proxy_header")
    @classmethod
    def _proxy_header_is_one(cls, value: str) -> str:
        if value and re.fullmatch(r"[A-Za-z0-9-]+", value) is None:
            raise ValueError("is no name of a header such as Remote-User")
        return value.lower()

    @field_validator("proxy_addresses")
    @classmethod
    def _proxy_addresses_are_numbers(cls, value: str) -> str:
        for one in filter(None, map(str.strip, value.split(","))):
            try:
                ip_address(one)
            except ValueError as error:
                raise ValueError(f"'{one[:60]}' is no number of a machine such as 127.0.0.1") from error
        return value

    @property
    def proxies(self) -> tuple[str, ...]:
        """The numbers of :attr:`proxy_addresses`."""
        return tuple(str(ip_address(one)) for one in filter(None, map(str.strip, self.proxy_addresses.split(","))))

    @property
    def host_names(self) -> tuple[str, ...]:
        """The names of :attr:`hosts`."""
        return tuple(filter(None, map(str.strip, self.hosts.split(","))))

    @property
    def store_url(self) -> str:
        """The address of the real store."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'ektp.sqlite').as_posix()}"

    @property
    def day(self) -> date:
        """The day on which a projection is said."""
        return self.today or datetime.now(self.zone).date()

    @property
    def zone(self) -> ZoneInfo:
        """The time zone as an object."""
        return ZoneInfo(self.timezone)


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process.

    Raises:
        UserError: a variable has a value that cannot be used; the sentence names the variable.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "EKTP_" + "_".join(str(part) for part in first["loc"]).upper()
        raise UserError(T("The setting {name} cannot be used: {reason}.", name=name, reason=first["msg"])) from error
    except UserError as error:
        raise UserError(T("The setting {name} cannot be used: {reason}.", name="EKTP_HOME_AREA", reason=error.message)) from error
