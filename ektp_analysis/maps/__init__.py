"""The map of areas: a Leaflet map for the page, a picture for paper, a legend; all from the same classes."""
