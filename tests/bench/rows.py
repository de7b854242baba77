# SPDX-License-Identifier: MIT
"""All rows, by what they need."""
import rows_commit
import rows_cost
import rows_create
import rows_fleet
import rows_flood
import rows_fuse
import rows_memory

GROUPS = [rows_fuse, rows_create, rows_commit, rows_cost, rows_memory,
          rows_fleet, rows_flood]


def wanted(name, words):
    return not words or any(word in name for word in words)


def measure(w, table, words):
    for group in GROUPS:
        mine = [row for row in group.ROWS if wanted(row.name, words)]
        if not mine:
            continue
        try:
            with group.place(w) as place:
                for row in mine:
                    try:
                        table.add(row.measure(place))
                    except Exception as why:
                        table.fail(row.name, why)
        except Exception as why:
            table.fail(group.__name__, why)
