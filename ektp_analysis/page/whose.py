"""Whose a session of Streamlit is, and whose a file that it keeps for one: what the server put on the request that began it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit import runtime

from ektp_analysis.core import private

HEADER = "x-ektp-acting"  # put on each request by the server, taken off those that come in with it


def acting() -> str | None:
    """What stands for who acts in the page that runs; None outside of one."""
    found = st.context.headers.get(HEADER)
    return None if found is None else str(found)


def owner(session: str) -> str | None:
    """What stands for whose open page a session is; None where there is no such page."""
    client = runtime.get_instance().get_client(session)
    found = None if client is None or client.client_context is None else dict(client.client_context.headers).get(HEADER)
    return None if found is None else str(found)


def owners_of_file(name: str) -> frozenset[str]:
    """What stands for those in whose open pages a file of pictures or downloads stands."""
    sessions = private.media_sessions(runtime.get_instance(), name)
    return frozenset(found for one in sessions if (found := owner(one)) is not None)


def guards_sessions() -> bool:
    """Whether a page that was broken off goes on only for whose it is: Streamlit is told so in its settings."""
    mapped = st.get_option("server.trustedUserHeaders")
    return isinstance(mapped, Mapping) and HEADER in {str(name).lower() for name in mapped}


def said_by_provider(cookies: Mapping[str, str]) -> tuple[str, Mapping[str, Any]] | None:
    """What ``st.login`` keeps in the browser, as it was signed, and what the provider said in it; None where there is none."""
    found = private.user_cookie(dict(cookies))
    try:
        said = None if found is None else json.loads(found)
    except ValueError:
        return None
    return (found.decode(), said) if found is not None and isinstance(said, dict) and said.get("is_logged_in") is True else None


def provider_address() -> str:
    """The address that leads to the provider, relative to the page."""
    return f"auth/login?provider={private.login_token()}"
