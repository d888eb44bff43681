"""Many areas at once, part by part: on processes of this machine, or on a Dask cluster by its address."""
