"""The sentences, in Indonesian and English, from measures and projections; every text with a figure comes from here.

Most are clauses in lower case that can stand alone beside a figure or inside another sentence; :func:`sentence` makes
one that stands by itself when it is rendered.
"""

from ektp_analysis.i18n import sentence
from ektp_analysis.narrative import areas, chance, figures, forecast, headings, method, on_map
from ektp_analysis.narrative.warnings import banner, banners, warnings

__all__ = ["areas", "banner", "banners", "chance", "figures", "forecast", "headings", "method", "on_map", "sentence", "warnings"]
