"""Our server with some of its layers taken away, for the benchmark of what each gains: LAYERS names those in use."""

import os

import streamlit as st

from ektp_analysis import server

wanted = os.environ["LAYERS"].split(",")
layers = [layer for layer in server.middleware() if layer.cls.__name__ in wanted or layer.cls is server.SecurityHeaders]
app = st.App("../../pages/router.py", routes=server.routes(), middleware=layers, lifespan=server.lifespan)
