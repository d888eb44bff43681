"""What an import of boundaries found, in sentences: the same on the page and on the command line."""

from __future__ import annotations

from ektp_analysis.area import register
from ektp_analysis.boundaries.changes import Change
from ektp_analysis.boundaries.report import Named, Report
from ektp_analysis.office.boundaries import Kept
from ektp_analysis.text import TN, T, Text


def summary(report: Report) -> list[Text]:
    """Matched, where the codes stand, repaired, overlaps and gaps, detail before and after, and each warning."""
    said = [T("{file}: {n} areas of {area} at the level {level}, matched by the codes in the column {column}",
              file=report.file, n=len(report.matched), area=register().name(report.area), level=report.level.label,
              column=report.code_column)]
    if report.system == "bps":
        said.append(T("The codes are those of BPS; they were translated by the table of pairs"))
    if report.repaired:
        said.append(TN("{n} invalid ring was repaired", "{n} invalid rings were repaired", n=report.repaired))
    if report.gathered:
        said.append(T("Parts of one area were gathered: {codes}", codes=", ".join(report.gathered[:12])))
    if report.overlaps:
        said.append(T("{n} overlaps, together {km2} km2; not repaired", n=len(report.overlaps),
                      km2=_km2(sum(km2 for _a, _b, km2 in report.overlaps))))
    if report.gaps:
        said.append(T("{n} gaps between neighbours, together {km2} km2; not repaired", n=len(report.gaps),
                      km2=_km2(sum(report.gaps))))
    said.append(T("Simplified from {before} to {after} vertices, {kb_before} to {kb_after} kB", before=report.vertices_before,
                  after=report.vertices_after, kb_before=report.size // 1000, kb_after=report.size_after // 1000))
    if report.others:
        said.append(T("Drawn without figures: {names}", names=", ".join(report.others[:12])))
    return [*said, *report.warnings]


def lists(report: Report) -> tuple[tuple[Text, tuple[Named, ...]], ...]:
    """What does not fit, by name."""
    return ((T("Outlines that the register does not know"), report.unmatched_polygons),
            (T("Areas without an outline"), report.unmatched_areas),
            (T("Code and name disagree"), report.disagreements),
            (T("Suggested by name, not taken"), report.suggestions))


def line(one: Kept) -> Text:
    """One file in use."""
    layer = one.layer
    text = T("{file}: {n} areas of {area} ({level}); {source}", file=one.name, n=len(layer.shapes),
             area=register().name(layer.area), level=layer.level.label, source=layer.source or layer.credit or "-")
    if layer.valid_from:
        text = T("{text}; valid from {year}", text=text, year=layer.valid_from)
    return text if one.own else T("{text}; comes with the app", text=text)


def change(one: Change) -> Text:
    """What became of one area between two sets of outlines."""
    if one.kind == "recoded":
        return T("{area} has the code {new} in the outlines of {later} and {old} in those of {earlier}: figures are joined by "
                 "code alone", area=one.name, new=one.code, old=one.other, later=_from(one.new), earlier=_from(one.old))
    if one.kind == "split":
        return T("{area} was split off from {other} between the outlines of {earlier} and {later}", area=one.name,
                 other=one.other_name, earlier=_from(one.old), later=_from(one.new))
    return T("{area} was merged into {other} between the outlines of {earlier} and {later}", area=one.name,
             other=one.other_name, earlier=_from(one.old), later=_from(one.new))


def _from(valid_from: str) -> Text | str:
    return valid_from[:4] if valid_from else T("an unknown year")


def _km2(area: float) -> str:
    return f"{area:.2f}" if area >= 0.005 else "0"
