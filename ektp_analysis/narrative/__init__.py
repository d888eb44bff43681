"""The sentences, in Indonesian and English, from figures and projections; every text with a figure comes from here.

Most are clauses in lower case that can stand alone beside a figure or inside another sentence;
:func:`~ektp_analysis.core.text.sentence` makes one that stands by itself when it is rendered.
"""
