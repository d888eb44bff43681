"""Traps and habits that tables of real offices hold: read exactly, asked or refused; never wrong in silence."""

import pytest

from tests.layouts import offices, traps
from tests.test_ingest_layouts import hold


@pytest.mark.parametrize(("label", "file"), traps.asked(), ids=[label for label, _ in traps.asked()])
def test_traps_are_asked(label, file):
    hold(file)


@pytest.mark.parametrize(("label", "file"), offices.cases(), ids=[label for label, _ in offices.cases()])
def test_offices(label, file):
    hold(file)
