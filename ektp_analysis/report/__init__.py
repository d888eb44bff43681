"""The evaluation as files: a deck as data, and its drawings as PowerPoint, PDF and workbook."""
