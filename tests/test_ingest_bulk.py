"""Large texts, read in bulk, are no less strict than small ones."""

from __future__ import annotations

from datetime import date

import pytest

from ektp_analysis.area import Level, register
from ektp_analysis.ingest import bulk, read


@pytest.mark.parametrize(("row", "fault"), [
    ("{code},2023-12-31,0x1F,30,1", "is not a count"),
    ("{bare},2023-06-30,100,90,10", "stands twice"),
    ("{code},30/06/2023,100,90,10", "stands twice"),
    ("{code},2023-12-31,100,90,9", "not eligible"),
])
def test_one_bad_row_at_the_end_is_refused(row: str, fault: str) -> None:
    codes = list(register().codes(Level.DESA))[:60_000]
    lines = [f"{code},2023-06-30,100,90,10" for code in codes]
    lines.append(row.format(code=codes[0], bare=codes[0].replace(".", "")))
    data = "\n".join(["area_code,as_of_date,eligible,recorded,unrecorded", *lines]).encode()
    assert len(data) > bulk.LARGE
    report = read(data, "a.csv", today=date(2026, 1, 1))
    assert (report.status, report.refused_count) == ("refused", 1)
    assert fault in report.refused_rows[0].fault.msgid
