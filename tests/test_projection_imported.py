"""Campaigns that anyone can judge by eye, as files of an office through import and `project`: a few of the benchmark's 500."""

from __future__ import annotations

from ektp_analysis.core.settings import settings
from ektp_analysis.office import stores
from tests.benchmarks import sane
from tests.spec import sane as spec


def test_what_a_planner_expects_of_files_that_an_office_sends() -> None:
    try:
        found = list(sane.judged(map(spec.case, range(12))))
    finally:
        stores.close_all()
        settings.cache_clear()
    wrong = [(case.kind, form, dict(case.made), what) for case, form, what in found if what]
    assert {form for _case, form, _what in found} == set(sane.FORMS) and len({case.kind for case, *_ in found}) >= 5
    assert len(wrong) <= 1, wrong


def test_what_does_not_hold_is_told() -> None:
    (case, form, found), *_ = sane.judged([spec.case(0)])
    assert found == []
    late = tuple(spec.Expected(one.fraction, (5000, 6000), (0.9, 1.0)) for one in case.expected)
    last = sane.LAST
    told = sane.wrong(spec.Sane(case.kind, case.days, case.remaining, case.eligible, late, case.made), sane.FORMS[form], last)
    assert len(told) == 2 * len(late) and "median" in told[0] and "never" in told[1]
