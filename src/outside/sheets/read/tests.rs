//! Workbooks put together by hand, one peculiarity each, and damaged at random.

use std::io::Write;

use proptest::prelude::*;
use tempfile::NamedTempFile;
use zip::write::SimpleFileOptions;

use super::*;
use crate::outside::sheets::{BadCell, BookWriter, Cell, Column, RowReader, Value};

const RELATED: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn file_of(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

/// A workbook with the sheets `records` and `other`; the first one is given.
fn workbook(sheet: &str) -> Vec<u8> {
    workbook_with(sheet, "", &[])
}

fn workbook_with(sheet: &str, properties: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let list = format!(
        r#"<workbook>{properties}<sheets><sheet name="records" sheetId="1" r:id="a"/>
        <sheet name="Other" sheetId="2" state="hidden" r:id="b"/></sheets></workbook>"#
    );
    let relationships = format!(
        r#"<Relationships><Relationship Id="a" Type="{RELATED}/worksheet" Target="worksheets/sheet1.xml"/>
        <Relationship Id="b" Type="{RELATED}/worksheet" Target="/xl/worksheets/sheet2.xml"/>
        <Relationship Id="c" Type="{RELATED}/sharedStrings" Target="sharedStrings.xml"/>
        <Relationship Id="d" Type="{RELATED}/styles" Target="styles.xml"/>
        <Relationship Id="e" Type="{RELATED}/externalLink" Target="file:///etc/passwd" TargetMode="External"/>
        </Relationships>"#
    );
    let root = format!(
        r#"<Relationships><Relationship Id="r" Type="{RELATED}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    let mut parts = vec![
        ("_rels/.rels", root.as_str()),
        ("xl/workbook.xml", &list),
        ("xl/_rels/workbook.xml.rels", &relationships),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/worksheets/sheet2.xml", "<worksheet><sheetData/></worksheet>"),
        ("xl/sharedStrings.xml", "<sst><si><t>shared</t></si></sst>"),
        ("xl/styles.xml", r#"<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>"#),
    ];
    for (name, text) in more {
        parts.retain(|(known, _)| known != name);
        parts.push((name, text));
    }
    zipped(&parts)
}

fn sheet(rows: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><worksheet><dimension ref=\"A1:C9\"/><sheetData>{rows}</sheetData><pageMargins/></worksheet>"
    )
}

type Read = Vec<(u32, Vec<(u32, Cell)>)>;

fn read(bytes: &[u8], limits: Limits) -> Result<Read, SheetError> {
    let file = file_of(bytes);
    let mut book = Workbook::open(file.path(), limits)?;
    let at = book.need_sheet(&["records", "usage_records"])?;
    let mut rows = book.rows(at)?;
    let mut read = Vec::new();
    while let Some(row) = rows.next_row()? {
        read.push((row.number(), row.cells().map(|(column, cell)| (column, cell.clone())).collect()));
    }
    Ok(read)
}

/// The cells of a sheet with these cells in its first row.
fn cells(cells: &str) -> Result<Vec<(u32, Cell)>, SheetError> {
    let read = read(&workbook(&sheet(&format!("<row r=\"1\">{cells}</row>"))), Limits::default())?;
    Ok(read.into_iter().next().map(|(_, cells)| cells).unwrap_or_default())
}

fn cell(xml: &str) -> Cell {
    cells(xml).unwrap().into_iter().next().map(|(_, cell)| cell).unwrap_or_default()
}

fn text(text: &str) -> Cell {
    Cell::Text(text.into())
}

fn number(digits: &str) -> Cell {
    Cell::Number(digits.into())
}

#[test]
fn every_kind_of_cell_is_read() {
    for (xml, wanted) in [
        (r#"<c r="A1" t="s"><v>0</v></c>"#, text("shared")),
        (r#"<c r="A1" t="inlineStr"><is><t>in &amp; line</t></is></c>"#, text("in & line")),
        (r#"<c r="A1" t="inlineStr"><is><r><t>a</t></r><r><t> b</t></r></is><v>0</v></c>"#, text("a b")),
        (r#"<c r="A1" t="str"><f>A2</f><v>result</v></c>"#, text("result")),
        (r#"<c r="A1" t="str"><f>A2</f><v></v></c>"#, Cell::Empty),
        (r#"<c r="A1" t="str"><v>a_x000D_&#10;b</v></c>"#, text("a\nb")),
        (r#"<c r="A1"><v>554027867388</v></c>"#, number("554027867388")),
        (r#"<c r="A1" t="n"><v>5.54027867388E+11</v></c>"#, number("554027867388")),
        (r#"<c r="A1"><v> 0.10000000000000001 </v></c>"#, number("0.1")),
        (r#"<c r="A1"><v>12345678901234567890.12345678</v></c>"#, number("12345678901234567890.12345678")),
        (r#"<c r="A1"><f>B1+C1</f><v>0.30000000000000004</v></c>"#, number("0.3")),
        (
            r#"<c r="A1" s="1"><v>43782.306041666663</v></c>"#,
            Cell::DateTime(jiff::civil::date(2019, 11, 13).at(7, 20, 42, 0)),
        ),
        (
            r#"<c r="A1" t="d"><v>2019-11-13T07:20:42Z</v></c>"#,
            Cell::DateTime(jiff::civil::date(2019, 11, 13).at(7, 20, 42, 0)),
        ),
        (r#"<c r="A1" t="b"><v>1</v></c>"#, Cell::Bool(true)),
        (r#"<c r="A1" t="b"><v>false</v></c>"#, Cell::Bool(false)),
        (r#"<c r="A1" s="99"><v>1</v></c>"#, number("1")),
        (r#"<c r="A1"><v>typed nowhere</v></c>"#, text("typed nowhere")),
        (r#"<c r="A1"/>"#, Cell::Empty),
        (r#"<c r="A1" t="s"><v/></c>"#, Cell::Empty),
        (r#"<c r="A1" t="0"></c>"#, Cell::Empty),
        (r#"<c r="A1" t="null"><v></v></c>"#, Cell::Empty),
        (r#"<c r="A1"><v>1</v><extLst><ext><v>2</v></ext></extLst></c>"#, number("1")),
    ] {
        assert_eq!(cell(xml), wanted, "{xml}");
    }
}

#[test]
fn what_cannot_be_used_says_why() {
    let long = format!(r#"<c r="A1" t="inlineStr"><is><t>{}</t></is></c>"#, "x".repeat(32_768));
    for (xml, wanted) in [
        (r#"<c r="A1"><f>1+1</f></c>"#, BadCell::FormulaWithoutValue),
        (r#"<c r="A1"><f>1+1</f><v></v></c>"#, BadCell::FormulaWithoutValue),
        (r##"<c r="A1" t="e"><v>#DIV/0!</v></c>"##, BadCell::ErrorValue("#DIV/0!".into())),
        (r#"<c r="A1" t="n"><v>1,5</v></c>"#, BadCell::NotANumber("1,5".into())),
        (r#"<c r="A1" t="n"><v>1E+400</v></c>"#, BadCell::NotANumber("1E+400".into())),
        (r#"<c r="A1" t="b"><v>2</v></c>"#, BadCell::NotABool("2".into())),
        (r#"<c r="A1" t="d"><v>yesterday</v></c>"#, BadCell::NotADate("yesterday".into())),
        (r#"<c r="A1" s="1"><v>-3</v></c>"#, BadCell::NotADate("-3".into())),
        (r#"<c r="A1" s="1"><v>0.25</v></c>"#, BadCell::TimeWithoutDate("0.25".into())),
        (r#"<c r="A1" t="0"><v>7</v></c>"#, BadCell::UnknownType("0".into())),
        (r#"<c r="A1" t="str"><v>a_x0000_b</v></c>"#, BadCell::ControlCharacter('\0')),
        (&long, BadCell::TooLong(32_767)),
    ] {
        assert_eq!(cell(xml), Cell::Bad(wanted), "{xml}");
    }
}

#[test]
fn addresses_may_be_absent_unordered_or_in_small_letters_but_not_wrong() {
    assert_eq!(cells("<c><v>1</v></c><c/><c><v>3</v></c>").unwrap(), [(0, number("1")), (2, number("3"))]);
    let unordered = r#"<c r="C1"><v>3</v></c><c r="a1"><v>1</v></c><c><v>2</v></c>"#;
    assert_eq!(cells(unordered).unwrap(), [(0, number("1")), (1, number("2")), (2, number("3"))]);
    for address in ["[1", "A0", "A", "1", "", "A1048577", "XFE1", "AAAA1", "A-1", "Ä1", "A1A", "A99999999999999999999"]
    {
        let error = cells(&format!(r#"<c r="{address}"><v>1</v></c>"#)).unwrap_err();
        assert!(matches!(error, SheetError::BadAddress { row: 1, .. }), "{address}: {error}");
    }
    for wrong in [r#"<c r="A2"><v>1</v></c>"#, r#"<c r="A1"><v>1</v></c><c r="A1"><v>2</v></c>"#] {
        assert!(matches!(cells(wrong), Err(SheetError::Broken { .. })), "{wrong}");
    }
}

#[test]
fn rows_are_counted_as_excel_shows_them_and_blank_ones_left_out() {
    let rows = r#"<row/><row r="3"><c><v>1</v></c></row><row><c t="inlineStr"><is><t> </t></is></c></row><row><c><v>2</v></c></row>
        <row r="1048576"><c r="B1048576"><v>3</v></c></row>"#;
    let read = read(&workbook(&sheet(rows)), Limits::default()).unwrap();
    assert_eq!(read.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [3, 5, 1_048_576]);
    for wrong in [
        r#"<row r="2"/><row r="2"/>"#,
        r#"<row r="2"/><row r="1"/>"#,
        r#"<row r="0"/>"#,
        r#"<row r="1048577"/>"#,
        r#"<row r="-1"/>"#,
        r#"<row r="1048576"/><row/>"#,
    ] {
        let error = super::tests::read(&workbook(&sheet(wrong)), Limits::default()).unwrap_err();
        assert!(matches!(error, SheetError::Broken { .. }), "{wrong}: {error}");
    }
}

#[test]
fn far_values_cost_nothing_and_are_refused() {
    let far = r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#;
    let error = read(&workbook(&sheet(far)), Limits::default()).unwrap_err();
    assert!(matches!(error, SheetError::TooManyColumns { column: 16_383, row: 1_048_576, .. }), "{error}");
    let styled = r#"<row r="1"><c r="XFD1" s="1"/><c r="A1"><v>1</v></c></row>"#;
    assert_eq!(read(&workbook(&sheet(styled)), Limits::default()).unwrap().len(), 1);
    let crowded = format!("<row>{}</row>", "<c/>".repeat(16_385));
    assert!(matches!(read(&workbook(&sheet(&crowded)), Limits::default()), Err(SheetError::Broken { .. })));
    let limits = Limits { rows: 2, ..Limits::default() };
    let three = "<row><c><v>1</v></c></row>".repeat(3);
    assert!(matches!(read(&workbook(&sheet(&three)), limits), Err(SheetError::TooManyRows { limit: 2, .. })));
}

#[test]
fn damage_is_named_with_the_last_good_row() {
    let good = "<row><c><v>1</v></c></row>";
    let broken = format!("{good}{good}<row><c t=\"str\"><v>R&D</v></c></row>");
    let error = read(&workbook(&sheet(&broken)), Limits::default()).unwrap_err();
    assert!(error.to_string().starts_with("Sheet “records” is damaged after row 2 (an & or <"), "{error}");
    let nested = format!("{good}<row><c t=\"inlineStr\"><is>{}", "<r>".repeat(100));
    assert!(matches!(read(&workbook(&sheet(&nested)), Limits::default()), Err(SheetError::Broken { .. })));
    let entity = r#"<!DOCTYPE worksheet [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet><sheetData/></worksheet>"#;
    assert!(matches!(read(&workbook(entity), Limits::default()), Err(SheetError::DocumentType(_))));
    let chart = "<chartsheet/>";
    assert!(matches!(read(&workbook(chart), Limits::default()), Err(SheetError::Broken { .. })));
    assert_eq!(read(&workbook("<worksheet/>"), Limits::default()).unwrap(), []);
    let after = "<worksheet><sheetData><row><c><v>1</v></c></row></sheetData><oops></worksheet>";
    assert!(matches!(read(&workbook(after), Limits::default()), Err(SheetError::Broken { .. })));
}

#[test]
fn sheets_are_found_by_name() {
    let file = file_of(&workbook_with(&sheet(""), "<workbookPr date1904=\"1\"/>", &[]));
    let mut book = Workbook::open(file.path(), Limits::default()).unwrap();
    assert_eq!(book.dates, DateSystem::From1904);
    assert!(!book.has_macros());
    assert_eq!(book.find_sheet(&["usage_records", " RECORDS "]).unwrap(), Some(0));
    assert_eq!(book.find_sheet(&["other"]).unwrap(), Some(1));
    assert!(book.sheets()[1].hidden);
    assert_eq!(book.find_sheet(&["categories"]).unwrap(), None);
    assert!(matches!(book.need_sheet(&["categories"]), Err(SheetError::NoSheet { .. })));
    assert!(matches!(book.rows(7), Err(SheetError::PartMissing(_))));
    let rows = book.rows(0).unwrap();
    assert_eq!((rows.sheet(), rows.declared_rows()), ("records", Some(9)));
    assert!(rows.progress().1 > 0);
}

#[test]
fn workbooks_that_lack_something_or_have_it_twice_are_refused() {
    let whole = workbook(&sheet("<row><c t=\"s\"><v>5</v></c></row>"));
    assert!(matches!(read(&whole, Limits::default()), Err(SheetError::Broken { .. })));
    let macros = format!(
        r#"<Relationships><Relationship Id="a" Type="{RELATED}/worksheet" Target="no.xml"/>
        <Relationship Id="b" Type="{RELATED}/chartsheet" Target="chart.xml"/>
        <Relationship Id="v" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vba.bin"/></Relationships>"#
    );
    let file = file_of(&workbook_with("", "", &[("xl/_rels/workbook.xml.rels", &macros)]));
    let mut book = Workbook::open(file.path(), Limits::default()).unwrap();
    assert!(book.has_macros());
    assert_eq!(book.sheets().len(), 1);
    assert!(matches!(book.rows(0), Err(SheetError::PartMissing(_))));
    let twice = workbook_with(&sheet(""), "", &[("XL/Worksheets/Sheet1.xml", "<worksheet/>")]);
    assert!(matches!(read(&twice, Limits::default()), Err(SheetError::Broken { .. })));
    let unrelated = workbook_with("", "", &[("xl/_rels/workbook.xml.rels", "<Relationships/>")]);
    assert!(matches!(read(&unrelated, Limits::default()), Err(SheetError::PartMissing(_))));
    let many: String = (0..300).map(|_| r#"<sheet name="a" r:id="a"/>"#).collect();
    let many = workbook_with("", "", &[("xl/workbook.xml", &format!("<workbook>{many}</workbook>"))]);
    assert!(matches!(read(&many, Limits::default()), Err(SheetError::TooManySheets(255))));
    for (parts, kind) in [
        (&[("readme.txt", "hello")][..], Kind::OtherZip),
        (&[("xl/workbook.bin", "")], Kind::Xlsb),
        (&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", "")], Kind::Ods),
        (&[("xl/workbook.xml", "<html/>")], Kind::OtherZip),
    ] {
        let error = read(&zipped(parts), Limits::default()).unwrap_err();
        assert!(matches!(&error, SheetError::NotAWorkbook(found) if *found == kind), "{error}");
    }
}

#[test]
fn size_in_every_sense_is_limited_before_reading() {
    let rows = "<row><c t=\"str\"><v>x</v></c></row>".repeat(700_000);
    let bomb = workbook(&sheet(&rows));
    let limited = |change: fn(&mut Limits)| {
        let mut limits = Limits::default();
        change(&mut limits);
        read(&bomb, limits).unwrap_err()
    };
    assert!(matches!(limited(|_| ()), SheetError::PackedTooTightly(_)));
    assert!(matches!(limited(|limits| limits.file_bytes = 1_000), SheetError::FileTooLarge(1_000)));
    assert!(matches!(limited(|limits| limits.parts = 5), SheetError::TooManyParts(5)));
    assert!(matches!(limited(|limits| limits.unpacked_bytes = 1 << 20), SheetError::UnpacksTooLarge(_)));
    // A part that says it is small and is not: the unpacked size in the directory is set to 100.
    let mut lying = workbook(&sheet("<row><c><v>1</v></c></row>"));
    let entry =
        lying.windows(4).enumerate().filter(|(_, bytes)| *bytes == b"PK\x01\x02").map(|(at, _)| at).nth(3).unwrap();
    lying[entry + 24..entry + 28].copy_from_slice(&100u32.to_le_bytes());
    assert!(matches!(read(&lying, Limits::default()), Err(SheetError::Broken { .. })));
}

#[test]
fn damaged_checksums_are_noticed() {
    let good = workbook(&sheet("<row><c><v>1</v></c></row>"));
    let mut bad = good.clone();
    let entry =
        bad.windows(4).enumerate().filter(|(_, bytes)| *bytes == b"PK\x01\x02").map(|(at, _)| at).nth(3).unwrap();
    bad[entry + 16] ^= 1;
    assert!(read(&good, Limits::default()).is_ok());
    assert!(matches!(read(&bad, Limits::default()), Err(SheetError::Broken { .. })));
}

/// What our own writer writes, as bytes.
fn written() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let mut book = BookWriter::new(folder.path()).unwrap();
    let mut sheet = book.sheet("records", &[Column::text("record_id", 20), Column::new("quantity", 9)]).unwrap();
    for number in 0..20 {
        let (id, quantity) = (format!("record-{number}"), format!("{number}.25"));
        sheet.row(&[Value::Text(&id).into(), Value::Number(&quantity).into(), Value::Bool(true).into()]).unwrap();
    }
    let mut bytes = std::io::Cursor::new(Vec::new());
    book.save_to(&mut bytes).unwrap();
    bytes.into_inner()
}

proptest! {
    /// Whatever happens to the bytes of a workbook, reading ends with rows or with an error.
    #[test]
    fn damaged_bytes_are_survived(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12), cut: Option<prop::sample::Index>) {
        thread_local!(static WRITTEN: Vec<u8> = written());
        let mut bytes = WRITTEN.with(Clone::clone);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = read(&bytes, Limits::default());
    }

    /// Whatever happens to the XML inside, reading ends with rows or with an error.
    #[test]
    fn damaged_xml_is_survived(
        which in 0usize..5,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), "[<>/&;\"= a-zA-Z0-9_:!-]{0,12}", 0usize..12), 1..8)
    ) {
        let names = ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml", "xl/styles.xml"];
        let plain = sheet(r#"<row r="1" spans="1:3"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><f>1+1</f><v>43782.5</v></c></row>
            <row r="2"><c r="A2" t="inlineStr"><is><r><t>a &amp; b</t></r></is></c><c r="C2" t="b"><v>1</v></c></row>"#);
        let bytes = workbook(&plain);
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut xml = std::io::read_to_string(zip.by_name(names[which]).unwrap()).unwrap();
        for (at, with, length) in changes {
            // All of it is ASCII.
            let at = at.index(xml.len());
            let end = (at + length).min(xml.len());
            xml.replace_range(at..end, &with);
        }
        let _ = read(&workbook_with(&plain, "", &[(names[which], &xml)]), Limits::default());
    }
}
