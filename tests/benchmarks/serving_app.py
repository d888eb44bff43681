"""Our server with some of its layers taken away or replaced, for the benchmark of what each gains: LAYERS names those in use."""

import os

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from ektp_analysis import server, serving

wanted = os.environ["LAYERS"].split(",")
layers = [layer for layer in server.middleware() if layer.cls.__name__ in wanted or layer.cls is server.SecurityHeaders]
assert serving is not None
if "GZip" in wanted:
    layers.append(Middleware(GZipMiddleware, minimum_size=500, compresslevel=6))
app = st.App("../../pages/router.py", routes=server.routes(), middleware=layers, lifespan=server.lifespan)
