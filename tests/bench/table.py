# SPDX-License-Identifier: MIT
"""The table in Markdown; each line also comes out as soon as it is known."""
import os
import statistics
import sys
import time
import traceback

import measure
from measure import quartiles

HEAD = """| what | median | quartiles | the other against itself | target | |
|---|---|---|---|---|---|
"""


def number(value):
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


class Table:
    def __init__(self, path):
        self.path, self.lines, self.failed = path, [], 0
        self.noise = []
        print(HEAD, end="", flush=True)

    def line(self, *cells):
        self.lines.append("| " + " | ".join(cells) + " |\n")
        print(self.lines[-1], end="", flush=True)

    def add(self, r):
        low, high = quartiles(r.figures)
        itself = ""
        if r.itself:
            below, above = quartiles(r.itself)
            itself = f"{number(below)} – {number(above)}"
            self.noise.append(above / below - 1)
        unit = f" {r.unit}" if r.unit else ""
        self.line(r.name, number(r.median) + unit,
                  f"{number(low)} – {number(high)}"
                  if len(r.figures) > 1 else "", itself,
                  f"≤ {number(r.target)}{unit}" if r.target is not None else "",
                  r.verdict())

    def fail(self, name, why):
        self.failed += 1
        print("".join(traceback.format_exception(why, limit=-3)), file=sys.stderr)
        self.line(name, "could not be measured", "", "", "", "")

    def end(self):
        text = HEAD + "".join(self.lines) + "\n" + self.notes()
        with open(self.path, "w", encoding="utf-8") as f:
            f.write(text)
        print("\n" + self.notes() + f"\n{self.path}")
        return 1 if self.failed or not self.lines else 0

    def notes(self):
        return (f"{time.monotonic() - measure.begun:.0f} s, "
                f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}. "
                + self.quiet())

    def quiet(self):
        if not self.noise:
            return ""
        spread = statistics.median(self.noise) * 100
        return (f"What was compared with differs from itself by {spread:.0f} % "
                "between quartiles" + (
                    ": the machine is too noisy for margins of 10 %.\n"
                    if spread > 10 else ".\n"))
