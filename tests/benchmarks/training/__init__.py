"""How the constants of the learnt projection are made; see make_constants.py."""
