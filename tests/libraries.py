"""The libraries whose types mypy reads: looked at once, when they are installed, and kept for every later check."""

import altair
import babel
import click
import numpy
import platformdirs
import pydantic
import pydantic_settings
import rapidfuzz
import sqlalchemy
import starlette
import streamlit
import uvicorn

__all__ = [
    "altair",
    "babel",
    "click",
    "numpy",
    "platformdirs",
    "pydantic",
    "pydantic_settings",
    "rapidfuzz",
    "sqlalchemy",
    "starlette",
    "streamlit",
    "uvicorn",
]
