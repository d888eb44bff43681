"""Codes in and out, and the register behind them."""

from __future__ import annotations

import pytest

from ektp_analysis.core.area import NATION, AreaCode, Level, level_of, register
from ektp_analysis.core.errors import UserError


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("75.05.03", "75.05.03"),
        ("750503", "75.05.03"),
        (" 75.05 ", "75.05"),
        ("7505032001", "75.05.03.2001"),
        ("75", "75"),
        ("ID", NATION),
        ("-", NATION),
        ("'750503", "75.05.03"),
        ("01", "01"),
    ],
)
def test_parse(text: str, code: str) -> None:
    assert str(AreaCode.parse(text)) == code


@pytest.mark.parametrize("text", ["", "7505030", "75.5.3", "Anggrek", "75.05.03.20", "7", "750", "٧٥", "75.05.03.2001.1"])
def test_what_is_no_code(text: str) -> None:
    with pytest.raises(UserError):
        AreaCode.parse(text)


def test_bps_codes_are_read_only_where_told_so() -> None:
    assert str(AreaCode.parse("7505030", bps={"7505030": "75.05.03"})) == "75.05.03"
    with pytest.raises(UserError, match="BPS"):
        AreaCode.parse("7505030")
    with pytest.raises(UserError, match="table"):
        AreaCode.parse("7505031", bps={"7505030": "75.05.03"})


def test_split_columns() -> None:
    assert str(AreaCode.from_parts(35, 19, 1, 2001)) == "35.19.01.2001"
    assert str(AreaCode.from_parts("75", "5")) == "75.05"
    for parts in [(), (75, 5, 3, 2001, 1), (750, 5), (75, "x")]:
        with pytest.raises(UserError):
            AreaCode.from_parts(*parts)


def test_levels_parents_and_order() -> None:
    desa = AreaCode("75.05.03.2001")
    assert [a.level for a in (*desa.ancestors, desa)] == list(Level)
    assert [str(a) for a in desa.ancestors] == [NATION, "75", "75.05", "75.05.03"]
    assert AreaCode("75.05").contains(desa) and AreaCode(NATION).contains(desa)
    assert not AreaCode("75.05").contains(AreaCode("75.06.03"))
    assert not AreaCode("75.05.03").contains(AreaCode("75.05"))
    assert sorted([AreaCode("75.05.10"), AreaCode("75.05.02")])[0] == AreaCode("75.05.02")
    assert level_of("75.05.03") is Level.KECAMATAN and level_of(NATION) is Level.NATION


def test_the_register() -> None:
    areas = register()
    assert areas.children("75.05") == tuple(f"75.05.{n:02d}" for n in range(1, 12))
    assert len(areas.children(NATION)) == 38
    assert areas.full_name("75.05.03") == "Kecamatan Anggrek"
    assert areas.name("75.05") == "Kabupaten Gorontalo Utara"
    assert areas.name(NATION) == "Indonesia" and areas.name("75.05.99") == "75.05.99"
    assert "75.05.03.2001" in areas and "75.05.99" not in areas and "" not in areas
    assert len(list(areas.codes(Level.DESA))) == 83_762
    assert len(list(areas.codes(Level.KECAMATAN))) == 7_285
    assert areas.search("anggrek", within=AreaCode("75.05")) == ("75.05.03",)


@pytest.mark.parametrize("within", ["75.05", "75", "91", "11.01.01", NATION])
def test_codes_within_an_area_are_those_that_begin_with_it(within: str) -> None:
    for level in (Level.KECAMATAN, Level.DESA):
        every = list(register().codes(level))
        assert every == sorted(every)
        assert list(register().codes(level, within)) == [
            code for code in every if within == NATION or code.startswith(within + ".")
        ]
