"""Whose a session of Streamlit is, and whose a file that it keeps for one: what the server put on the request that began it. And
who that is, beside the page."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

import streamlit as st
from streamlit import runtime

from ektp_analysis.access import gate
from ektp_analysis.access.guard import area_named
from ektp_analysis.access.people import Role
from ektp_analysis.core import private
from ektp_analysis.core.area import NATION, register
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import T, Text, render

PROVIDER = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
LEAST_SECRET = 32  # characters
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


def watch_files() -> None:
    """From now on it is known for whom files are, and they wait for their readers. Once the server runs."""
    private.keep_owners(runtime.get_instance())
    private.keep_gone_files(runtime.get_instance())


def owners_of_file(name: str) -> frozenset[str]:
    """What stands for those in whose open pages a file of pictures or downloads stands."""
    sessions = private.media_sessions(runtime.get_instance(), name)
    return frozenset(found for one in sessions if (found := owner(one)) is not None)


def guards_sessions() -> bool:
    """Whether a page that was broken off goes on only for whose it is: Streamlit is told so in its settings."""
    mapped = st.get_option("server.trustedUserHeaders")
    return isinstance(mapped, Mapping) and HEADER in {str(name).lower() for name in mapped}


def has_provider() -> bool:
    """Whether the secrets name a provider, and a secret for cookies that is long enough not to be guessed."""
    try:
        given = st.secrets.get("auth", {})
    except FileNotFoundError:
        return False
    return all(given.get(name) for name in PROVIDER) and len(str(given["cookie_secret"])) >= LEAST_SECRET


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


@contextlib.contextmanager
def beside(lang: str) -> Iterator[None]:
    """Who is logged in, and the way out, below what else stands beside a page; nothing where nobody logs in."""
    try:
        yield
    finally:
        person = gate.acting() if gate.shared() else None
        if person is not None and person.key:
            names = register()
            given = (render(T("{role} in {area}", role=one.role.label, area=names.name(one.area)), lang) for one in person.grants)
            leave = render(T("Log out"), lang)
            way_out = (
                "" if settings().login == "proxy" else f'<br><a href="signout?lang={lang}" style="color: inherit">{leave}</a>'
            )
            said = render(T("Logged in as {name}", name=person.told), lang)
            st.sidebar.html(f"<small>{escape(said)}<br>{escape('; '.join(given))}{way_out}</small>")


# What a person has no right to is not offered. One rule for all pages, which hides only; it is the gate that refuses.


def lacking(role: Role, area: str | None = NATION) -> Text | None:
    """What whoever acts lacks to do what takes a role in an area (None: in any); None where nothing is lacking."""
    person = gate.acting()
    if person.areas(role) if area is None else person.may(role, area):
        return None
    if area is None:
        return T("This takes the role {role}; you may look only.", role=role.label)
    return T("This takes the role {role} for {area}; you may look only.", role=role.label, area=area_named(area))


def offered(lang: str, lacks: Text | None, *, disabled: bool = False, help: str | None = None) -> dict[str, Any]:
    """How a button is offered: as its page has it to who may press it, else switched off with what is lacking as its help."""
    return {"disabled": disabled, "help": help} if lacks is None else {"disabled": True, "help": render(lacks, lang)}


def may(lang: str, lacks: Text | None, instead: Text | None = None) -> bool:
    """Whether nothing is lacking; else a line in place of the fields that would be filled in for nothing, below ``instead``."""
    if lacks is not None:
        if instead is not None:
            st.write(render(instead, lang))
        st.caption(render(lacks, lang))
    return lacks is None
