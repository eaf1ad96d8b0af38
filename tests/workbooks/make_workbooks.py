#!/usr/bin/env python3
"""Makes the workbooks that tests/workbooks reads and uploads, with openpyxl and LibreOffice Calc.

    make_workbooks.py FOLDER            the small ones, each named after what is special about it
    make_workbooks.py FOLDER --big N    usage.xlsx with N price-rated usage rows, all ids different, and
                                        usage-shared.xlsx, the same with a table of texts, as Excel writes it
    make_workbooks.py FOLDER --styled   a million empty rows that have a style
    make_workbooks.py FOLDER --soffice  by-calc.xlsx, .ods and .xls: values.xlsx as LibreOffice Calc writes it; and of
                                        each small file of usage a second one, NAME-by-calc.xlsx

openpyxl is an independent writer, used by many of the people who send us files. It comes from PyPI:
`python3 -m venv ENV && ENV/bin/pip install openpyxl==3.1.5`.
"""

import argparse
import datetime
import decimal
import pathlib
import re
import shutil
import subprocess
import tempfile
import zipfile

import openpyxl
from openpyxl.styles import Font, PatternFill

COLUMNS = [
    "record_id", "record_note", "item_search_criteria", "item_search_value", "quantity",
    "start_time_utc", "end_time_utc", "asset_search_criteria", "asset_search_value", "category_id",
    "amount", "tier", "item_name", "item_unit", "item_mpn", "item_precision",
    "v.invoice_number", "v.customer_id",
]


def usage_row(number):
    day = 1 + number % 28
    return [
        f"aws-5540{number:08d}-AmazonEC2-2026051900-{number:04d}", f"Usage of seat {number}", "item.mpn",
        f"MPN-{number % 200}", decimal.Decimal(number) / 8, f"2026-05-{day:02d} 00:00:00",
        f"2026-05-{day:02d} 23:59:59", "asset.id", f"AS-{number // 10000:04d}-{number % 10000:04d}-0001",
        f"Cat{number % 5}", decimal.Decimal(number % 100000) + decimal.Decimal("0.11716200"), 0,
        "Amazon Elastic Compute Cloud", "Unit", f"MPN-{number % 200}", "Decimal(8)",
        f"INV-{number // 100}", f"customer-{number % 1000}",
    ]


def big(folder, rows):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("records")
    sheet.append(COLUMNS)
    for number in range(rows):
        sheet.append(usage_row(number))
    categories = book.create_sheet("categories")
    categories.append(["category_id", "category_name", "category_description"])
    for number in range(5):
        categories.append([f"Cat{number}", f"Category {number}", ""])
    book.save(folder / "usage.xlsx")
    share_texts(folder / "usage.xlsx", folder / "usage-shared.xlsx")


def styled(folder):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("records")
    sheet.append(["record_id", "quantity"])
    sheet.append(["one", 1])
    blank = openpyxl.cell.WriteOnlyCell(sheet, value=None)
    blank.fill = PatternFill("solid", fgColor="FFFF00")
    for _ in range(1_000_000):
        sheet.append([blank, blank])
    book.save(folder / "styled.xlsx")


def values(folder):
    """One row per kind of value: what it is, the cell."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Records"
    sheet.append(["kind", "value"])
    for row in [
        ("text", "plain"),
        ("text with blanks", "  a  b "),
        ("text with markup", "R&D <\"'> =1+1"),
        ("text with line ends", "one\ntwo"),
        ("text like an escape", "_x0041_"),
        ("text of several scripts", "Größe 数量 🚀"),
        ("integer", 554027867388),
        ("tenth", 0.1),
        ("sum of floats", 0.1 + 0.2),
        ("price", 83.25),
        ("sixteen digits", decimal.Decimal("12345678.12345678")),
        ("negative", decimal.Decimal("-0.00000001")),
        ("large", 1e21),
        ("true", True),
        ("false", False),
        ("date", datetime.date(2026, 5, 31)),
        ("date and time", datetime.datetime(2019, 11, 13, 7, 20, 42)),
        ("moment", datetime.datetime(2026, 5, 31, 23, 59, 59, 999000)),
        ("time of day", datetime.time(7, 20, 42)),
        ("length of time", datetime.timedelta(hours=36)),
        ("formula", "=1+1"),
        ("error", "#N/A"),
        ("empty", None),
    ]:
        sheet.append(row)
    book.save(folder / "values.xlsx")


def from_1904(folder):
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = book.active
    sheet.title = "records"
    sheet.append(["at"])
    sheet.append([datetime.datetime(2019, 11, 13, 7, 20, 42)])
    book.save(folder / "from-1904.xlsx")


def sheets(folder):
    book = openpyxl.Workbook()
    book.active.title = "Worksheet"
    for name, header in [("USAGE_RECORDS ", "usage_record_id"), ("categories", "category_id"), ("empty", None)]:
        sheet = book.create_sheet(name)
        if header:
            sheet.append([header])
            sheet.append([f"first {header}"])
    book.create_sheet("hidden").sheet_state = "hidden"
    book.create_chartsheet("chart")
    book.save(folder / "sheets.xlsx")


def template_of_2019(folder):
    """Bold header, a gap, a blank row, one cell far below: like workbooks that were edited by hand."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "usage_records"
    for column, name in enumerate(COLUMNS[:9], 2):
        sheet.cell(3, column, name).font = Font(bold=True)
    sheet.cell(4, 2, "record-1")
    sheet.cell(5, 2, "   ")
    sheet.cell(1_048_576, 2, "record-2")
    book.save(folder / "by-hand.xlsx")
    sheet.cell(1_048_576, 16_384, "far")
    book.save(folder / "far-cell.xlsx")


def wide(folder):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "records"
    sheet.append([f"column {number}" for number in range(16_384)])
    book.save(folder / "wide.xlsx")


def changed(source, target, part, change):
    """Copies a workbook with one part changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == part:
                data = change(data.decode()).encode()
            new.writestr(info.filename, data)


RELATIONSHIP_OF_TEXTS = (
    b'<Relationship Id="texts" Target="sharedStrings.xml" Type="http://schemas.openxmlformats.org/'
    b'officeDocument/2006/relationships/sharedStrings" />'
)


def share_texts(source, target):
    """openpyxl writes each text into its cell; Excel and LibreOffice write a table of texts and numbers into
    the cells. This makes the second form from the first."""
    index = {}

    def shared(match):
        number = index.setdefault(match.group(2), len(index))
        return f'<c{match.group(1)} t="s"><v>{number}</v></c>'

    inline = re.compile(r'<c((?: [rs]="[A-Z0-9]*")*) t="inlineStr"><is>(.*?)</is></c>', re.DOTALL)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename.startswith("xl/worksheets/sheet"):
                data = inline.sub(shared, data.decode()).encode()
            if info.filename == "xl/_rels/workbook.xml.rels":
                data = data.replace(b"</Relationships>", RELATIONSHIP_OF_TEXTS + b"</Relationships>")
            if info.filename != "xl/sharedStrings.xml":
                new.writestr(info.filename, data)
        table = "".join(f"<si>{text}</si>" for text in index)
        new.writestr(
            "xl/sharedStrings.xml",
            '<?xml version="1.0" encoding="UTF-8"?>\n<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/'
            f'2006/main" count="{len(index)}" uniqueCount="{len(index)}">{table}</sst>',
        )


def damaged(folder):
    base = folder / "plain.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "records"
    sheet.append(["record_id", "tier", "quantity"])
    sheet.append(["one", 1, 2])
    sheet.append(["two", 3, 4])
    book.create_sheet("other").append(["x"])
    book.save(base)
    share_texts(base, folder / "shared.xlsx")
    base = folder / "shared.xlsx"
    first = "xl/worksheets/sheet1.xml"
    texts = "xl/sharedStrings.xml"

    def make(name, part, change):
        changed(base, folder / f"{name}.xlsx", part, change)

    # The tier cell of the multi-language SDK: its type is part of a value, and it has no value.
    make("illegal-type", first, lambda xml: re.sub(r'<c r="B(\d)"[^>]*>.*?</c>', r'<c r="B\1" t="0"></c>', xml))
    make("past-z", first, lambda xml: xml.replace('r="C2"', 'r="[2"'))
    make("ampersand", texts, lambda xml: xml.replace("two", "R&D"))
    make("less-than", texts, lambda xml: xml.replace("two", "1 < 2"))
    make("entity", texts, lambda xml: xml.replace("two", "&x;")
         .replace("?>", '?><!DOCTYPE sst [<!ENTITY x SYSTEM "file:///etc/passwd">]>', 1))
    make("deep", first, lambda xml: xml.replace("<sheetData>", "<sheetData>" + "<a>" * 100_000, 1))
    make("no-such-text", first, lambda xml: re.sub(r't="s"><v>\d+', 't="s"><v>4000000000', xml))
    make("row-twice", first, lambda xml: xml.replace('<row r="3"', '<row r="2"').replace('"A3"', '"A2"')
         .replace('"B3"', '"B2"').replace('"C3"', '"C2"'))
    make("cell-twice", first, lambda xml: xml.replace('r="B2"', 'r="A2"'))
    make("sheet-twice", "xl/workbook.xml", lambda xml: xml.replace('name="other"', 'name="RECORDS"'))
    make("no-sheet", "xl/workbook.xml", lambda xml: xml.replace('name="records"', 'name="Sheet1"'))
    make("prefixed", first, lambda xml: re.sub(r"<(/?)(\w)", r"<\1x:\2", xml).replace("xmlns=", "xmlns:x="))
    make("no-addresses", first, lambda xml: re.sub(r' r="[A-Z]*\d+"', "", xml))
    whole = base.read_bytes()
    (folder / "cut-off.xlsx").write_bytes(whole[: len(whole) * 2 // 3])
    (folder / "empty.xlsx").write_bytes(b"")
    (folder / "comma.xlsx").write_bytes(b"record_id,quantity\none,1\n")
    with zipfile.ZipFile(folder / "other-zip.xlsx", "w") as zipped:
        zipped.writestr("readme.txt", "hello")
    with zipfile.ZipFile(folder / "many-parts.xlsx", "w") as zipped:
        for number in range(5_000):
            zipped.writestr(f"xl/{number}.xml", "")
    with zipfile.ZipFile(base) as old, zipfile.ZipFile(folder / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename == first:
                data = b"<worksheet><sheetData>" + b'<row><c t="str"><v>x</v></c></row>' * 3_000_000
                new.writestr(first, data + b"</sheetData></worksheet>")
            else:
                new.writestr(info.filename, old.read(info))


REPORT = ["record_id", "item_search_criteria", "item_search_value", "quantity", "start_time_utc", "end_time_utc",
          "asset_search_criteria", "asset_search_value"]
MAY = datetime.datetime(2026, 5, 1)


def report_row(number, dates):
    """A row of usage in May 2026. tests/workbooks/usage.rs knows these numbers."""
    start = MAY + datetime.timedelta(days=number % 31)
    end = start + datetime.timedelta(hours=23, minutes=59, seconds=59)
    if not dates:
        start, end = f"{start:%Y-%m-%d %H:%M:%S}", f"{end:%Y-%m-%d %H:%M:%S}"
    return [f"row-{number:06d}", "item.mpn", "GB-EU", decimal.Decimal(number % 1000) / 8, start, end,
            "asset.id", f"AS-0000-0000-{1 + number % 40:04d}"]


def report_amount(number):
    return decimal.Decimal(number % 1000) + decimal.Decimal("0.117162")


def report(path, rows, priced, dates=False, change=None):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("records")
    sheet.append(REPORT + (["amount", "record_note"] if priced else []))
    for number in range(1, rows + 1):
        row = report_row(number, dates) + ([report_amount(number), "as agreed"] if priced else [])
        sheet.append(change(number, row) if change else row)
    book.save(path)


def wrong(number, row):
    if number == 3:
        row[2] = "GB-UE"
    if number == 7:
        row[3], row[7] = "1.234,50", "AS-0000-9999-9999"
    if number == 9:
        row[0] = "row-000008"
    if number == 12:
        row[4], row[5] = datetime.datetime(2026, 6, 1), datetime.datetime(2026, 6, 2)
    return row


def reports(folder):
    report(folder / "report-large.xlsx", 50_000, priced=True)
    report(folder / "report-priced.xlsx", 400, priced=True, dates=True)
    report(folder / "report-quantities.xlsx", 400, priced=False, dates=True)
    report(folder / "report-wrong.xlsx", 20, priced=True, change=wrong)


def by_calc(folder):
    with tempfile.TemporaryDirectory() as work:
        for name in ("report-priced", "report-quantities", "report-wrong"):
            subprocess.run(
                ["soffice", f"-env:UserInstallation=file://{work}/profile", "--headless", "--convert-to",
                 "xlsx:Calc MS Excel 2007 XML", "--outdir", work, str(folder / f"{name}.xlsx")],
                check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
            shutil.move(f"{work}/{name}.xlsx", folder / f"{name}-by-calc.xlsx")
        for kind in ("xlsx", "ods", "xls"):
            subprocess.run(
                ["soffice", f"-env:UserInstallation=file://{work}/profile", "--headless", "--convert-to", kind,
                 "--outdir", work, str(folder / "values.xlsx")],
                check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
            shutil.move(f"{work}/values.{kind}", folder / f"by-calc.{kind}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--big", type=int, metavar="N")
    parser.add_argument("--styled", action="store_true")
    parser.add_argument("--soffice", action="store_true")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    if given.big:
        big(given.folder, given.big)
    elif given.styled:
        styled(given.folder)
    elif given.soffice:
        by_calc(given.folder)
    else:
        for make in (values, from_1904, sheets, template_of_2019, wide, damaged, reports):
            make(given.folder)


if __name__ == "__main__":
    main()
