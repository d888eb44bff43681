# ruff: noqa
"""Score a forecaster of 'days until remaining <= target' on real countdown series.

A case is (family, area, origin, snapshot schedule, target). The forecaster sees only the sampled snapshots up to
the origin and returns, for each target, the 5, 10, ..., 95 % quantiles of the days from the last snapshot until
remaining <= target; "never" is inf. The outcome is the first passage in the full series, capped at
H = min(365, series end - origin); forecasts are capped at the same H, so censored outcomes are scored properly.
CRPS is approximated by twice the mean pinball loss over the 19 quantiles, in days.

    forecaster(days, eligible, recorded, targets, *, horizon, rng) -> array (len(targets), 19) of days, inf = never
        days      float array, <= 0, increasing, last = 0
        eligible, recorded   float arrays, same length; remaining = eligible - recorded
        targets   float array of remaining counts to reach, decreasing
        horizon   float, days after which the score no longer cares
        rng       numpy.random.Generator, seeded per case

    python -m tests.benchmarks.countdown_scorer                                  the straight line (baseline) alone
    python -m tests.benchmarks.countdown_scorer --forecaster path/to/file.py:name   another beside it
    python -m tests.benchmarks.countdown_scorer --forecaster package.module:name --data DIR --json

Needs numpy and pandas only. Deterministic.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import os
import sys
import zlib
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent
LEVELS = np.arange(5, 100, 5) / 100.0
MAX_HORIZON = 365.0
MAX_SNAPSHOTS = 60
MAX_AREAS = 300
COVERAGE_ORIGINS = (0.7, 0.8, 0.9, 0.95, 0.98, 0.99)
REMAINING_FRACTIONS = (0.9, 0.75, 0.5, 0.25, 0.10, 0.05)


def seed_of(*parts) -> int:
    return zlib.crc32("|".join(map(str, parts)).encode())


# --- the baseline -------------------------------------------------------------------------------------------------
def straight_line(days, eligible, recorded, targets, *, horizon, rng, draws=400):
    """Ordinary least squares through the recent snapshots (14 if there are 28 or more, else 5)."""
    k = min(len(days), 14 if len(days) >= 28 else 5)
    t, r = days[-k:], (eligible - recorded)[-k:]
    tm, rm = t.mean(), r.mean()
    sxx = ((t - tm) ** 2).sum()
    slope = ((t - tm) * (r - rm)).sum() / sxx if sxx > 0 else 0.0
    df = max(k - 2, 1)
    s2 = ((r - rm - slope * (t - tm)) ** 2).sum() / df
    b = slope + rng.standard_t(df, draws) * np.sqrt(s2 / max(sxx, 1e-12))
    level = rm + rng.standard_t(df, draws) * np.sqrt(s2 / k) - b * tm
    with np.errstate(divide="ignore", invalid="ignore"):
        hit = (level[:, None] - targets[None, :]) / (-b[:, None])
    hit[b >= 0, :] = np.inf
    hit = np.sort(np.maximum(hit, 0), axis=0)
    return hit[np.clip(np.ceil(LEVELS * draws).astype(int) - 1, 0, draws - 1)].T


# --- cases --------------------------------------------------------------------------------------------------------
def build_cases(data: Path) -> list[dict]:
    cases = []
    for family, conf in json.loads((data / "families.json").read_text()).items():
        frame = pd.read_csv(data / f"{family}.csv.gz", parse_dates=["date"])
        areas = sorted(frame.area.unique())
        limit = conf.get("max_areas", MAX_AREAS)
        if len(areas) > limit:
            areas = sorted(np.random.default_rng(seed_of(family)).choice(areas, limit, replace=False))
        for area, g in frame[frame.area.isin(areas)].groupby("area"):
            t = (g.date - g.date.iloc[0]).dt.total_seconds().to_numpy() / 86400.0
            cases += series_cases(family, conf, area, t, g.eligible.to_numpy(float), g.remaining.to_numpy(float))
    return cases


def series_cases(family, conf, area, t, eligible, remaining):
    n, coverage = len(t), 1 - remaining / eligible
    monthly = conf["step_days"] > 7
    min_past, min_future = (2, 2) if monthly else (12, 8)
    origins = []
    for level in COVERAGE_ORIGINS:
        w = np.flatnonzero(coverage >= level)
        if len(w) and w[0] >= min_past:
            origins.append((w[0], f"c{round(level * 100)}"))
    for f in (1 / 3, 1 / 2, 2 / 3):
        i = int(f * (n - 1))
        if i >= min_past and conf.get("min_coverage", 0.7) <= coverage[i] < 0.998:
            origins.append((i, f"t{round(f * 100)}"))
    cases, used = [], []
    for i, tag in origins:
        horizon = min(MAX_HORIZON, t[-1] - t[i])
        b = max(0, i - (1 if monthly else 28))
        active = remaining[b] - remaining[i] >= max(1, 0.02 * remaining[i])
        if n - 1 - i < min_future or remaining[i] < 2 or not active:
            continue
        if any(abs(i - u) < (1 if monthly else 6) for u in used):
            continue
        used.append(i)
        labels = {int(np.floor(f * remaining[i])): f"{f:g}" for f in REMAINING_FRACTIONS}
        if 0.006 * eligible[i] < remaining[i]:
            labels.setdefault(int(np.floor(0.006 * eligible[i])), "99.4%")
        labels[0] = "zero"
        targets = np.array(sorted([m for m in labels if m < remaining[i]], reverse=True), float)
        outcome = np.array([first_passage(t, remaining, i, m) for m in targets])
        for schedule, idx in schedules(family, conf, area, i, t).items():
            if len(idx) >= 3:
                cases.append(
                    dict(
                        family=family,
                        area=area,
                        origin=tag,
                        schedule=schedule,
                        horizon=float(horizon),
                        days=t[idx] - t[i],
                        eligible=eligible[idx],
                        recorded=eligible[idx] - remaining[idx],
                        targets=targets,
                        labels=[labels[int(m)] for m in targets],
                        outcome=outcome,
                    )
                )
    return cases


def first_passage(t, remaining, i, target):
    w = np.flatnonzero(remaining[i + 1 :] <= target)
    if not len(w):
        return np.inf
    k = i + 1 + w[0]
    gap = t[k] - t[k - 1]
    if gap <= 2:
        return t[k] - t[i]
    return t[k - 1] - t[i] + gap * (remaining[k - 1] - target) / max(remaining[k - 1] - remaining[k], 1e-9)


def schedules(family, conf, area, i, t):
    dense = np.arange(max(0, i - MAX_SNAPSHOTS + 1), i + 1)
    if conf["step_days"] > 7:
        out, window = {"dense": dense}, i
    else:
        out, window = {"dense": dense, "weekly": np.arange(i, -1, -7)[::-1][-MAX_SNAPSHOTS:]}, min(i, 90)
    if i >= 4:
        r = np.random.default_rng(seed_of(family, area, i))
        out["irregular5"] = np.sort(np.r_[r.choice(np.arange(i - window, i), 4, replace=False), i])
    return out


# --- scoring ------------------------------------------------------------------------------------------------------
FORECASTERS = {"straight_line": straight_line}


def run_case(case):
    out = {}
    for name, forecast in FORECASTERS.items():
        rng = np.random.default_rng(seed_of(name, case["family"], case["area"], case["origin"], case["schedule"]))
        with np.errstate(all="ignore"):
            q = np.asarray(
                forecast(case["days"], case["eligible"], case["recorded"], case["targets"], horizon=case["horizon"], rng=rng),
                float,
            )
        if q.shape != (len(case["targets"]), len(LEVELS)):
            raise ValueError(f"{name}: shape {q.shape}, wanted {(len(case['targets']), len(LEVELS))}")
        out[name] = np.minimum(np.maximum.accumulate(np.maximum(np.where(np.isnan(q), np.inf, q), 0), 1), 1e9)
    return out


def score(cases, jobs):
    rows = [
        dict(family=c["family"], area=c["area"], schedule=c["schedule"], label=l, horizon=c["horizon"], outcome=y)
        for c in cases
        for l, y in zip(c["labels"], c["outcome"])
    ]
    frame = pd.DataFrame(rows)
    with Pool(jobs) as pool:
        results = pool.map(run_case, cases, chunksize=32)
    frame["hit"] = frame.outcome <= frame.horizon
    frame["y"] = np.minimum(frame.outcome, frame.horizon)
    rate = frame.groupby(["family", "label"]).hit.transform("mean")
    frame["informative"] = (rate >= 0.05) & (rate <= 0.97)
    h, y, hit = frame.horizon.to_numpy(), frame.y.to_numpy(), frame.hit.to_numpy()
    for name in FORECASTERS:
        q = np.concatenate([r[name] for r in results])
        capped = np.minimum(q, h[:, None])
        d = y[:, None] - capped
        frame[f"{name}.crps"] = 2 * np.maximum(LEVELS * d, (LEVELS - 1) * d).mean(1)
        frame[f"{name}.cover80"] = (y >= capped[:, 1] - 2e-3) & (y <= capped[:, 17] + 2e-3)
        frame[f"{name}.width80"] = (capped[:, 17] - capped[:, 1]) / h
        frame[f"{name}.late"] = np.where(np.isclose(capped[:, 9], y, atol=2e-3), 0.5, y > capped[:, 9])
        frame[f"{name}.wrong_never"] = np.where(hit, capped[:, 9] >= h - 2e-3, np.nan)
        frame[f"{name}.false_promise"] = np.where(~hit, capped[:, 17] < h - 2e-3, np.nan)
    return frame


def summarise(frame, plateau):
    rows = []
    for name in FORECASTERS:
        for family, all_cases in frame.groupby("family"):
            g, never = all_cases[all_cases.informative], all_cases[~all_cases.informative]
            rows.append(
                dict(
                    forecaster=name,
                    family=family,
                    cases=len(g),
                    crps_days=g[f"{name}.crps"].mean(),
                    ratio=g[f"{name}.crps"].mean() / g["straight_line.crps"].mean(),
                    **{m: g[f"{name}.{m}"].mean() for m in ("cover80", "width80", "late", "wrong_never")},
                    false_promise=never[f"{name}.false_promise"].mean(),
                )
            )
    table = pd.DataFrame(rows)
    pooled = {}
    for name, g in table.groupby("forecaster", sort=False):
        for kind, part in (("countdown", g[~g.family.isin(plateau)]), ("plateau", g[g.family.isin(plateau)])):
            if len(part):
                pooled[f"{name} / {kind}"] = dict(
                    ratio=float(np.exp(np.log(part.ratio).mean())),
                    worst=float(part.ratio.max()),
                    **{m: float(part[m].mean()) for m in ("cover80", "width80", "late", "wrong_never", "false_promise")},
                )
    return table, pd.DataFrame(pooled).T


def load(spec):
    path, name = spec.rsplit(":", 1)
    if path.endswith(".py"):
        s = importlib.util.spec_from_file_location("forecaster_under_test", path)
        module = importlib.util.module_from_spec(s)
        s.loader.exec_module(module)
    else:
        sys.path.insert(0, os.getcwd())
        module = importlib.import_module(path)
    return name, getattr(module, name)


def command():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--forecaster", action="append", default=[], metavar="FILE.py:NAME | MODULE:NAME")
    parser.add_argument("--data", type=Path, default=HERE / "data")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--every", type=int, default=1, help="use every Nth case, for a quick look")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    for spec in args.forecaster:
        name, function = load(spec)
        FORECASTERS[name] = function
    conf = json.loads((args.data / "families.json").read_text())
    frame = score(build_cases(args.data)[:: args.every], args.jobs)
    table, pooled = summarise(frame, {f for f, c in conf.items() if c.get("plateau")})
    if args.json:
        print(json.dumps({"families": table.to_dict("records"), "pooled": pooled.to_dict("index")}))
    else:
        pd.set_option("display.width", 200, "display.max_columns", 20)
        print(table.round(3).to_string(index=False), "\n\n", pooled.round(3).to_string(), sep="")


if __name__ == "__main__":
    command()
