"""Postil: articles in, an annotated static site out."""

import os

__version__ = "0.1.0"

# The matrices of this package are small: a second thread mostly waits, and takes as much of the
# processor as the first. Numpy's libraries read this when they start, whoever imports them first,
# and so do the processes of workers.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
