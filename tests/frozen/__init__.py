"""What the product answers and says, recorded as data: a change that is meant to change nothing is proven against it.

``python -m tests.frozen`` asks again and compares (``compared.py``), ``--record`` records anew. ``inputs.zip`` (histories and
tables) and ``stores/`` (SQLite files made through the command line) are kept as they were: they are made anew only by
``python -m tests.frozen --inputs``, so that stores of an earlier version go on being opened and verified.
"""
