#!/usr/bin/env python3
"""Makes a usage workbook with openpyxl: price-rated records, each with an id of its own.

    make_usage.py FILE ROWS SUBSCRIPTIONS
"""

import decimal
import pathlib
import sys

import openpyxl

COLUMNS = [
    "record_id", "record_note", "item_search_criteria", "item_search_value", "quantity",
    "start_time_utc", "end_time_utc", "asset_search_criteria", "asset_search_value", "amount",
]


def main():
    path, rows, subscriptions = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    path.parent.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("records")
    sheet.append(COLUMNS)
    for number in range(rows):
        day, asset = 1 + number % 31, 1 + number * 7919 % subscriptions
        sheet.append([
            f"ec2-5540{number:08d}-20260519-{number % 97:02d}", f"Usage of machine {number % 1000}", "item.mpn",
            "GB-EU" if number % 3 else "CALLS", decimal.Decimal(number % 5000) if number % 3 == 0 else decimal.Decimal(number) / 8,
            f"2026-05-{day:02d} 00:00:00", f"2026-05-{day:02d} 23:59:59", "asset.id",
            f"AS-0000-{asset // 10000:04d}-{asset % 10000:04d}", decimal.Decimal(number % 100000) + decimal.Decimal("0.117162"),
        ])
    book.save(path)


if __name__ == "__main__":
    main()
