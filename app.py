"""The server: the pages behind security headers, a health address and a start-up check. Nothing else."""

from __future__ import annotations

import streamlit as st

from ektp_analysis import server

address = st.get_option("server.address")
server.check_or_exit(address)
app = st.App(
    "pages/router.py",
    routes=server.routes(),
    middleware=server.middleware(address),
    lifespan=server.lifespan,
    on_script_error=server.on_error,
)
