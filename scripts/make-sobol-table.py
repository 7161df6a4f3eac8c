#!/usr/bin/env python3
"""Writes Sources/Randomness/SobolTable.swift from the direction numbers that come with SciPy.

The numbers are the set new-joe-kuo-6 of S. Joe and F. Y. Kuo, SIAM J. Sci. Comput. 30 (2008), 2635-2654.
Usage: scripts/make-sobol-table.py [DIMENSIONS]
"""

import pathlib
import sys

import numpy
import scipy.stats

dimensions = int(sys.argv[1]) if len(sys.argv) > 1 else 1024
source = pathlib.Path(scipy.stats.__file__).parent / "_sobol_direction_numbers.npz"
target = pathlib.Path(__file__).parent.parent / "Sources" / "Randomness" / "SobolTable.swift"

table = numpy.load(source)
lines = []
for polynomial, numbers in zip(table["poly"][1:dimensions], table["vinit"][1:dimensions]):
    degree = int(polynomial).bit_length() - 1
    inner = (int(polynomial) >> 1) & ((1 << (degree - 1)) - 1)
    lines.append(" ".join(str(n) for n in [inner, *numbers[:degree]]))

target.write_text(
    '''/// A line for every dimension from the second on: the inner coefficients of the polynomial as a binary number, then
/// the initial direction numbers. Written by scripts/make-sobol-table.py; see ``SobolDirections`` for the source.
let sobolTable = """
'''
    + "".join(f"    {line}\n" for line in lines)
    + '    """\n'
)
