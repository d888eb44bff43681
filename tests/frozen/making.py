"""Makes the inputs that the record rests on: histories and tables by fixed seeds, and stores through the command line."""

from __future__ import annotations

import csv
import io
import json
import math
import random
import sqlite3
import zipfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from ektp_analysis.core.area import register
from tests.frozen import answers
from tests.layouts import generate, traps

COLUMNS = ("area_code", "as_of_date", "eligible", "recorded", "unrecorded", "coverage_reported", "basis", "status", "note")
FIRST = date(2024, 1, 1)
KECAMATAN = tuple(f"75.05.{n:02d}" for n in range(1, 12))
SAMPLES = answers.ROOT / "data" / "samples"
Rows = list[dict[str, Any]]


def series(
    area: str, values: Sequence[int], *, eligible: int | None = 9000, every: float = 7, growth: int = 0, **more: Any
) -> Rows:
    """Snapshots of an area with so many unrecorded, a step of ``every`` days apart."""
    return [
        {
            "area_code": area,
            "as_of_date": FIRST + timedelta(days=round(n * every)),
            "unrecorded": value,
            **more,
            **({} if eligible is None else {"eligible": eligible + n * growth}),
        }
        for n, value in enumerate(values)
    ]


def falling(rng: random.Random, first: int, count: int, share: float, *, uneven: float = 0.0) -> list[int]:
    """A count that falls by a share a step, more or less so."""
    found, left = [], float(first)
    for _ in range(count):
        found.append(max(0, round(left)))
        left *= 1 - share * (1 + uneven * rng.uniform(-1, 1))
    return found


def family(rng: random.Random, count: int, codes: Iterable[str] = KECAMATAN) -> Rows:
    """Areas side by side, each at a pace of its own."""
    return [
        row
        for code in codes
        for row in series(
            code,
            falling(rng, rng.randint(150, 900), count, rng.uniform(0.04, 0.2), uneven=0.5),
            eligible=rng.randint(6000, 12000),
            growth=2,
        )
    ]


def total(rows: Rows, area: str, *, off: int = 0) -> Rows:
    """What an area reports for itself: the sum, or some more."""
    days = sorted({row["as_of_date"] for row in rows})
    return [
        {
            "area_code": area,
            "as_of_date": day,
            **{name: sum(row[name] for row in rows if row["as_of_date"] == day) + off for name in ("eligible", "unrecorded")},
        }
        for day in days
    ]


def percents(area: str, printed: Sequence[str], **more: Any) -> Rows:
    return [
        {"area_code": area, "as_of_date": FIRST + timedelta(days=30 * n), "coverage_reported": text, **more}
        for n, text in enumerate(printed)
    ]


def text_of(rows: Iterable[dict[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def histories() -> list[dict[str, Any]]:
    """The recorded histories: name, area, what else is asked, rows as CSV."""
    rng = random.Random(20231120)
    made: list[dict[str, Any]] = []

    def add(name: str, area: str, rows: Rows | str, **asked: Any) -> None:
        made.append({"name": name, "area": area, "asked": asked, "rows": rows if isinstance(rows, str) else text_of(rows)})

    modelled, reported = (
        (SAMPLES / f"gorontalo_utara_2023-06{end}.csv").read_text(encoding="utf-8") for end in ("", "_reported")
    )
    add("sample, kabupaten and kecamatan", "75.05", modelled + reported.partition("\n")[2])
    add("sample, a kecamatan", "75.05.03", modelled)
    add("sample, kabupaten alone", "75.05", reported)
    one = "75.05.03"
    add("steady", one, series(one, range(900, 300, -50)))
    add("steady, those of the list", one, series(one, range(900, 300, -50)), meaning="list")
    add("uneven", one, series(one, falling(rng, 1200, 14, 0.12, uneven=1.3), every=9.4, growth=3))
    add("stalled", one, series(one, [*falling(rng, 900, 8, 0.15), *[240] * 6]))
    add("waves", one, series(one, [round(600 * math.exp(-n / 16) + 70 * math.sin(n / 1.7) + 80 - 3 * n) for n in range(22)]))
    add("rising", one, series(one, range(300, 420, 10)))
    add("nearly flat trickle", one, series(one, [410, 408, 407, 405, 404, 404, 402, 401, 400, 398]))
    add("hard core", one, series(one, [round(120 + 700 * math.exp(-n / 3)) for n in range(14)]))
    add(
        "basis change",
        one,
        series(one, falling(rng, 800, 6, 0.1), basis="DKB 2023-2")
        + [
            {**row, "as_of_date": row["as_of_date"] + timedelta(days=42)}
            for row in series(one, falling(rng, 1100, 6, 0.1), eligible=9600, basis="DKB 2024-1")
        ],
    )
    add("a break at the last", one, series(one, [500, 470, 440, 410, 1500], eligible=9000))
    for count in (1, 2, 3):
        add(f"{count} snapshots", one, series(one, [640, 520, 430][:count]))
    add("percent alone", one, percents(one, ["96.10", "96.90", "97.40", "97.95", "98.30", "98.52"]))
    add("percent, whole", one, percents(one, ["91", "93", "94", "96", "97"]))
    add(
        "percent beside counts",
        one,
        series(one, [400, 340, 300], every=30)
        + [
            {**row, "as_of_date": row["as_of_date"] + timedelta(days=90)}
            for row in percents(one, ["97.40", "97.90", "98.30"], eligible=9000)
        ],
    )
    add("above 100 %", one, percents(one, ["98.10", "99.40", "103.94"]))
    add(
        "more recorded than eligible",
        one,
        [{"area_code": one, "as_of_date": FIRST + timedelta(days=n), "eligible": 900, "recorded": 890 + 7 * n} for n in range(3)],
    )
    add("eligible not known", one, series(one, falling(rng, 700, 9, 0.11), eligible=None))
    add("target reached", one, series(one, [300, 200, 120, 60, 49, 40]))
    add("zero reached", one, series(one, [60, 30, 8, 0, 0]))
    add("60 weekly", one, series(one, falling(rng, 1500, 60, 0.035, uneven=0.9), growth=3), horizon_days=365)
    left, daily = 900, []
    for n in range(56):
        daily.append(left)
        left -= 0 if n % 7 in (5, 6) else rng.randint(8, 19)
    add("daily, with a rhythm of the week", one, series(one, daily, every=1))
    add("modelled", one, series(one, falling(rng, 800, 6, 0.14), status="modelled"))
    eleven = family(rng, 7)
    add("11 kecamatan with their kabupaten", "75.05", eleven + total(eleven, "75.05", off=37))
    add(
        "11 kecamatan with their kabupaten, earlier",
        "75.05",
        eleven + total(eleven, "75.05", off=37),
        upto="2024-01-25",
        meaning="eligible",
    )
    add("11 kecamatan alone", "75.05", eleven)
    add("a kecamatan among its sisters", KECAMATAN[3], eleven)
    few = [row for row in eleven if row["area_code"] != one or row["as_of_date"] >= FIRST + timedelta(days=35)]
    add("two snapshots among sisters", one, few)
    add(
        "silent sisters",
        "75.05",
        [row for row in eleven if row["area_code"] < "75.05.08" or row["as_of_date"] < FIRST + timedelta(days=20)],
    )
    desa = family(rng, 4, register().children("75.05.03")[:5])
    add("desa of a kecamatan", one, desa)
    regencies = family(rng, 5, ["75.01", "75.02", "75.71"])
    below = family(rng, 5, KECAMATAN[:4])
    add("provinsi with kabupaten and kecamatan", "75", regencies + below + total(regencies, "75", off=2100))
    add("nation, small", "ID", family(rng, 5, ["11", "31", "51", "75", "91"]))
    return made


def next_files() -> dict[str, bytes]:
    """Files of layouts and names that the store 'kinds' remembers, or has forgotten."""
    return {
        "Angka 30 September 2025.csv": office_table(KECAMATAN, 170, ("KECAMATAN", "ANGKA A", "ANGKA B", "ANGKA C")),
        "Sasaran 31 Oktober 2025.csv": target_table(130),
        "Nama 30 September 2025.csv": office_table(KECAMATAN, 160, names={"Kwandang": "Kota Lama Pusat"}),
        "Nama lain 30 September 2025.csv": office_table(KECAMATAN, 150, names={"Anggrek": "Pelabuhan Utara"}),
    }


def tables() -> dict[str, bytes]:
    """Tables in random layouts and tables that are asked about; by number and name."""
    found = []
    for seed in (3, 6, 7, 10, 11, 12, 15, 29, 34, 36, 41, 48, 50, 51, 54):
        made = generate.make(seed)
        found.append((made.name, made.data))
    asked = [
        (f"soal {number}.{whole.name.rpartition('.')[2]}", whole.data)
        for number, (_what, whole) in enumerate(traps.asked())
        if len(whole.data) < 11_000
    ]
    found += asked[:14]
    found.append(("kanonik.csv", text_of(family(random.Random(5), 3)).encode()))
    found.append(
        ("rusak.csv", b"kode;per tanggal;wajib ktp;belum rekam\n75.05.01;2023-06-20;1000;lima\n75.05.99;2023-06-20;1;1\n")
    )
    return {f"{number:02d}/{name}": data for number, (name, data) in enumerate(found, 1)}


def office_table(
    codes: Sequence[str],
    first: int,
    header: Sequence[str] = ("KECAMATAN", "WAJIB KTP", "REKAM", "BELUM REKAM"),
    *,
    names: dict[str, str] | None = None,
    broken: str = "",
    title: str = "KABUPATEN GORONTALO UTARA",
) -> bytes:
    """A table as an office lays it out: a title, names, and the sum below."""
    lines, sums = [[title], list(header)], [0, 0, 0]
    for place, code in enumerate(codes):
        eligible, unrecorded = 7000 + 113 * place, first + 17 * place
        name = register().name(code)
        figures = [eligible, eligible - unrecorded, unrecorded]
        sums = [one + other for one, other in zip(sums, figures, strict=True)]
        lines.append([(names or {}).get(name, name), *(broken if code == broken else str(one) for one in figures)])
    if not broken:
        lines.append(["JUMLAH", *map(str, sums)])
    return "\r\n".join(";".join(line) for line in lines).encode()


def target_table(first: int) -> bytes:
    """One with two columns that may be the eligible."""
    lines = [["KABUPATEN GORONTALO UTARA"], ["KECAMATAN", "WAJIB KTP", "REKAM", "BELUM REKAM", "REKAM BULAN INI", "SASARAN"]]
    for place, code in enumerate(KECAMATAN):
        eligible, unrecorded = 7000 + 113 * place, first + 17 * place
        figures = (eligible, eligible - unrecorded, unrecorded, 40 + place, eligible + 100)
        lines.append([register().name(code), *map(str, figures)])
    return "\r\n".join(";".join(line) for line in lines).encode()


Do = Callable[..., dict[str, Any]]


def kinds(do: Do, put: Callable[[str, bytes], str]) -> None:
    """Everything that can happen to a batch, and all that can be remembered and forgotten."""
    rng = random.Random(11)
    weeks = {
        week: [{**row, "as_of_date": date(2025, 3, 3) + timedelta(weeks=week)} for row in rows]
        for week, rows in enumerate(
            zip(
                *(
                    series(
                        code,
                        falling(rng, rng.randint(200, 500), 6, rng.uniform(0.05, 0.2), uneven=0.4),
                        eligible=8000 + 40 * place,
                    )
                    for place, code in enumerate(KECAMATAN)
                ),
                strict=True,
            )
        )
    }
    for week in range(5):
        do("import", put(f"pekan {week + 1}.csv", text_of(weeks[week]).encode()))
    do("import", put("kabupaten.csv", text_of(total(list(weeks[4]), "75.05", off=25)).encode()))
    do("retract", "2", "--reason", "salah pekan")
    do("restore", "2", "--reason", "ternyata benar")
    do("retract", "5", "--reason", "angka lama")
    do(
        "import",
        put(
            "pekan 5 betul.csv",
            text_of([{**row, "unrecorded": row["unrecorded"] - 3, "note": "diperbaiki"} for row in weeks[4]]).encode(),
        ),
    )
    do("retract", "3", "--reason", "ditarik")
    do("restore", "3", "--reason", "dikembalikan")
    do("retract", "3", "--reason", "ditarik lagi")
    numbered = ("KECAMATAN", "ANGKA A", "ANGKA B", "ANGKA C")
    answer = [
        part
        for role, header in zip(("eligible", "recorded", "unrecorded"), numbered[1:], strict=True)
        for part in ("--column", f"{role}={header}")
    ]
    june = put("Angka 30 Juni 2025.csv", office_table(KECAMATAN, 230, numbered))
    do("import", june, code=1)
    do("import", june, *answer)
    do("import", june, *answer, "--date", "2025-07-01")  # the same bytes, read otherwise
    do("import", june, *answer, "--date", "2025-07-01")  # is there already
    do("retract", "9", "--reason", "tanggal keliru")
    do("import", put("Angka 31 Juli 2025.csv", office_table(KECAMATAN, 210, numbered)))  # by the layout that is remembered
    do(
        "import",
        put("Sasaran 31 Agustus 2025.csv", target_table(190)),
        "--column",
        "eligible=SASARAN",
        "--column",
        "recorded=none",
        "--column",
        "unrecorded=BELUM REKAM",
        "--basis",
        "DKB 2025-1",
    )
    do(
        "import",
        put("Nama 15 Agustus 2025.csv", office_table(KECAMATAN, 200, names={"Kwandang": "Kota Lama Pusat"})),
        "--alias",
        "Kota Lama Pusat=75.05.02",
    )
    do(
        "import",
        put("Nama lain 20 Agustus 2025.csv", office_table(KECAMATAN, 198, names={"Anggrek": "Pelabuhan Utara"})),
        "--alias",
        "Pelabuhan Utara=75.05.03",
    )
    do("aliases", "forget", "Pelabuhan Utara")
    half = put("sebagian 25 Agustus 2025.csv", office_table(KECAMATAN, 195, broken="75.05.06"))
    do("import", half, code=1)
    do("import", half, "--take-good-rows")
    layouts = [json.loads(line)["fingerprint"] for line in do("layouts", "list", "--json")["out"] if line]
    assert len(layouts) >= 2, layouts
    do("layouts", "forget", layouts[0])


def several(do: Do, put: Callable[[str, bytes], str]) -> None:
    """Areas of every level over some weeks: kabupaten, kecamatan, desa, percentages, above all, a provinsi beside it."""
    rng = random.Random(12)
    days = {FIRST + timedelta(weeks=week): date(2025, 3, 3) + timedelta(weeks=week) for week in range(40)}
    kecamatan, others = family(rng, 6), family(rng, 6, ["75.01", "75.02", "75.71", "71.01"])
    desa = family(rng, 3, register().children("75.05.03")[:3])
    moved = [
        [{**row, "as_of_date": days[row["as_of_date"]]} for row in rows]
        for rows in (kecamatan[:48], others, desa, total(others[:18], "75", off=3000))
    ]
    for number, rows in enumerate(moved, 1):
        do("import", put(f"kiriman {number}.csv", text_of(rows).encode()))
    do(
        "import",
        put(
            "persen.csv",
            text_of(
                [
                    {**row, "as_of_date": row["as_of_date"] + timedelta(days=430)}
                    for row in [*percents("75.03", ["96.4", "97.1", "97.9"]), *percents("75.04", ["99.2", "103.94"])]
                ]
            ).encode(),
        ),
    )
    do("import", put("Rekap 30 April 2025.csv", office_table(register().children("62.05"), 300, title="KABUPATEN BARITO UTARA")))


def make_store(name: str, fill: Callable[[Do, Callable[[str, bytes], str]], None] | None) -> None:
    """A store through the command line, a command every five hours; without ``fill`` the sample as it is built."""
    with answers.surroundings() as (patch, place):
        moment = datetime(2025, 9, 1, 3, tzinfo=UTC)

        def do(*arguments: str, code: int = 0) -> dict[str, Any]:
            nonlocal moment
            patch.setattr(answers._Moment, "present", moment)
            done = answers.command(*arguments)
            assert done["code"] == code, (arguments, done)
            moment += timedelta(hours=5)
            return done

        def put(file: str, data: bytes) -> str:
            (place / file).write_bytes(data)
            return str(place / file)

        if fill is None:
            do("status", "--sample")
        else:
            fill(do, put)
        kept = answers.sample_file() if fill is None else place / "ektp.sqlite"
        answers.forget()
        with closing(sqlite3.connect(kept)) as raw:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            raw.execute("VACUUM")
            raw.execute("PRAGMA journal_mode=DELETE")
        (answers.STORES / f"{name}.db").write_bytes(Path(kept).read_bytes())


def make() -> None:
    """All inputs anew."""
    answers.STORES.mkdir(exist_ok=True)
    with answers.surroundings(), zipfile.ZipFile(answers.INPUTS, "w", zipfile.ZIP_DEFLATED) as packed:
        files = {"histories.json": json.dumps(histories(), indent=0).encode()}
        files |= {f"tables/{name}": data for name, data in tables().items()}
        files |= {f"next/{name}": data for name, data in next_files().items()}
        for name, data in files.items():
            packed.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    for name, fill in (("kinds", kinds), ("several", several), ("sample", None)):
        make_store(name, fill)
