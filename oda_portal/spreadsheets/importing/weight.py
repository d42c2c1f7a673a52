"""How much of a part of an XLSX file its reader would hold at once.

It takes in a whole row before it gives out the first cell, and keeps what stands beside the rows
to the end. Packed, millions of them are a few kilobytes: counted here, they are never held.
"""

from __future__ import annotations

from typing import IO, Any
from xml.parsers import expat

# A row of a spreadsheet has 16,384 cells at most, and a hundred of ours with all their marks.
MOST_IN_ROW = 50_000
# Merged cells, links, rules and styles.
MOST_BESIDE = 500_000
# Ten thousand rows of a hundred cells, and what is in each of them.
MOST = 5_000_000
DEEPEST = 50

# `worksheet`, `sheetData`, `row`.
_ROW_DEPTH = 3
_ROW = "http://schemas.openxmlformats.org/spreadsheetml/2006/main row"


class _TooHeavyError(Exception):
    pass


def is_too_heavy(stream: IO[bytes], *, shared: bool) -> bool:
    """Of `shared` texts there may be many beside rows. What is no XML weighs nothing."""
    weight = _Weight(most_beside=MOST if shared else MOST_BESIDE)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = weight.start
    parser.EndElementHandler = weight.end
    try:
        parser.ParseFile(stream)
    except expat.ExpatError:
        # The reader comes no further than this either.
        return False
    except _TooHeavyError:
        return True
    return False


class _Weight:
    def __init__(self, *, most_beside: int) -> None:
        self.most_beside = most_beside
        self.depth = self.total = self.in_row = self.beside = 0
        self.is_row = False

    def start(self, name: str, _attributes: Any) -> None:
        self.depth += 1
        self.total += 1
        if self.depth <= _ROW_DEPTH:
            self.is_row, self.in_row = self.depth == _ROW_DEPTH and name == _ROW, 0
        if self.is_row:
            self.in_row += 1
        else:
            self.beside += 1
        if (
            self.in_row > MOST_IN_ROW
            or self.beside > self.most_beside
            or self.total > MOST
            or self.depth > DEEPEST
        ):
            raise _TooHeavyError

    def end(self, _name: str) -> None:
        self.depth -= 1
