"""A kecamatan written wrongly is known by its desa, or it is asked."""

from datetime import date

from ektp_analysis.ingest.cells import names
from ektp_analysis.ingest.reading import read_file

REGENCY, RIGHT, WRONG = "15.05", "Bahar Utara", "Behar Utara"  # Muaro Jambi
HERE = next(code for code, name in names.children(REGENCY).items() if name == RIGHT)
VILLAGES = dict(names.children(HERE))


def read_rows(rows):
    lines = ["KECAMATAN;DESA;WAJIB KTP;SUDAH REKAM;BELUM REKAM"]
    lines += [f"{district};{village};100;90;10" for district, village in rows]
    return read_file("\n".join(lines).encode(), "Muaro Jambi 30 Juni 2023.csv", today=date(2026, 1, 1))


def all_rows():
    """Every desa of the kabupaten whose name stands once in its kecamatan."""
    return [
        (district, village, code)
        for parent, district in names.children(REGENCY).items()
        for code, village in names.children(parent).items()
        if list(names.children(parent).values()).count(village) == 1
    ]


def spelt(number=99, name=WRONG):
    """The rows with so many of the kecamatan's own under another name."""
    made = []
    for district, village, _ in all_rows():
        if district == RIGHT and number:
            district, number = name, number - 1
        made.append((district, village))
    return made


def test_a_name_written_wrongly_throughout_or_here_and_there_is_known_by_its_desa():
    truth = {code for _, _, code in all_rows()}
    for number in (1, 2, 4, 99):
        report = read_rows(spelt(number))
        assert report.status == "accepted", (number, report.reason)
        assert set(report.rows.area_code) == truth
        said = [(str(one.choice), [str(reason) for reason in one.reasons]) for one in report.evidence if one.topic == "areas"]
        assert any(WRONG in text and {"its desa are there", "resembles only this one"} & set(reasons) for text, reasons in said)


def test_a_name_that_is_not_alike_is_asked():
    """The desa may have moved to a kecamatan that the register does not know."""
    for number in (1, 99):
        report = read_rows(spelt(number, "Tunas Harapan"))
        assert report.status == "needs_choice" and report.questions[0].topic == "alias"


def test_a_desa_under_both_names_is_asked():
    village = next(iter(VILLAGES.values()))
    report = read_rows([*spelt(0), (WRONG, village)])
    assert report.status == "needs_choice"


def test_a_desa_of_two_kecamatan_proves_neither():
    """Its name stands in another kecamatan of the kabupaten too, whose name is as far."""
    twice = [
        (village, parent)
        for parent in names.children(REGENCY)
        for village in names.children(parent).values()
        if sum(village in names.children(other).values() for other in names.children(REGENCY)) > 1
    ]
    village, parent = twice[0]
    district = names.children(REGENCY)[parent]
    rows = [(one, other) for one, other, _ in all_rows() if (one, other) != (district, village)]
    wrong = district[:2] + ("e" if district[2] != "e" else "a") + district[3:]
    report = read_rows([*rows, (wrong, village)])
    assert report.status == "needs_choice"


def test_desa_of_several_kecamatan_under_one_unknown_name_are_asked():
    others = [(district, village) for district, village, _ in all_rows() if district != RIGHT][:3]
    rows = [row for row in spelt() if row not in others]
    report = read_rows([*rows, *((WRONG, village) for _, village in others)])
    assert report.status == "needs_choice"
