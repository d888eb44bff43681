"""What the figures say: where an area stands, how it moved, who is silent, what a target requires.

All functions take the frame of ``store.figures()``, or one already rolled up by
:func:`~ektp_analysis.figures.rollup.roll_up` (do that once where several measures of the same figures are asked for).
"""
