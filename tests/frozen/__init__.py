"""What the product answered and said at the version that is named in record/version.json, as data.

``python -m tests.frozen`` records anew; ``tests/test_frozen.py`` asks again and compares. ``inputs.zip`` (histories and
tables) and ``stores/`` (SQLite files made through the command line) are kept as they were: they are made anew only by
``python -m tests.frozen --inputs``, so that stores of the earlier version go on being opened and verified.
"""
