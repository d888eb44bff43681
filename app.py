"""The server: the pages behind security headers, a health address and a start-up check. Nothing else."""

from __future__ import annotations

import streamlit as st

from ektp_analysis import server

server.check_or_exit()
app = st.App(
    "pages/router.py",
    routes=server.routes(),
    middleware=server.middleware(st.get_option("server.address")),
    lifespan=server.lifespan,
    on_script_error=server.on_error,
)
