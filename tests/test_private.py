"""What breaks when a pinned package changes: each private name that is used, by what it is used for."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import streamlit
import streamlit_folium
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches
from streamlit.components.lib.local_component_registry import LocalComponentRegistry
from streamlit.components.v1 import declare_component
from streamlit.components.v1.component_registry import ComponentRegistry
from xstatic.pkg import leaflet

from ektp_analysis.core import private


@pytest.fixture
def slide() -> Any:
    presentation = Presentation()
    return presentation.slides.add_slide(presentation.slide_layouts[6])


def test_the_register_is_read_whole() -> None:
    """Without it the register, the names in files and the map of squares have no areas."""
    names = dict(private.region_names())
    assert names["75.05"].upper().endswith("GORONTALO UTARA") and len(names) > 90_000


def test_a_map_is_rendered_without_being_sent() -> None:
    """Without it each click renders the same map again."""
    package = ModuleType("package")
    package._component_func = sender = lambda **given: "sent"  # type: ignore[attr-defined]
    with private.unsent(package):
        assert private.sender_of(package)(a=1) == {"a": 1}
    assert private.sender_of(package) is sender
    assert callable(private.sender_of(streamlit_folium))


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
        for node in ast.walk(ast.parse(source)):
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
        for node in ast.walk(ast.parse(Path(private.__file__).read_text(encoding="utf-8")))
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
