"""The libraries whose types mypy reads: looked at once, when they are installed, and kept for every later check."""

import sqlite3

import altair
import babel.dates
import babel.messages.pofile
import click
import holidays.countries.indonesia
import numpy
import platformdirs
import psycopg
import pydantic
import pydantic_settings
import pyproj
import rapidfuzz
import sqlalchemy
import starlette
import streamlit
import uvicorn

__all__ = [
    "altair",
    "babel",
    "click",
    "holidays",
    "numpy",
    "platformdirs",
    "psycopg",
    "pydantic",
    "pydantic_settings",
    "pyproj",
    "rapidfuzz",
    "sqlalchemy",
    "sqlite3",
    "starlette",
    "streamlit",
    "uvicorn",
]
