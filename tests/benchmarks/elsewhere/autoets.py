"""Run by the other environment: seconds of AutoETS for a series of a file. Arguments: file of series (.npy), steps ahead.

Prints one line of JSON: the version, seconds a series by the clock (wall) and by the processor (busy), finite forecasts.
"""

import json
import sys
import time
from importlib.metadata import version

import numpy as np
from statsforecast.models import AutoETS


def main() -> None:
    series, ahead = np.load(sys.argv[1]), int(sys.argv[2])
    AutoETS(season_length=1).forecast(y=series[0], h=ahead, level=[80])  # the first one pays for loading
    wall, busy, finite = time.perf_counter(), time.process_time(), 0
    for row in series:
        made = AutoETS(season_length=1).forecast(y=row, h=ahead, level=[80])
        finite += bool(np.isfinite(made["mean"]).all())
    print(
        json.dumps(
            {
                "version": version("statsforecast"),
                "wall": (time.perf_counter() - wall) / len(series),
                "busy": (time.process_time() - busy) / len(series),
                "finite": finite,
            }
        )
    )


if __name__ == "__main__":
    main()
