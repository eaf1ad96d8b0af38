//! Every point of the program has its kill: some test names it. That each was reached too, `scripts/kills.sh` sees.

use std::fs;
use std::path::Path;

#[test]
fn every_point_of_the_program_is_killed_at() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let kills: String = files(&root.join("tests/kills")).iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let mut points = 0;
    for path in files(&root.join("src")) {
        let text = fs::read_to_string(&path).unwrap();
        let starts = ["crash::point(\"", "crash::point_of(\""];
        for piece in starts.iter().flat_map(|start| text.split(start).skip(1)) {
            let name = piece.split('"').next().unwrap();
            // `NAME`, `NAME:COUNT` or `NAME@KIND`.
            let killed = ['"', ':', '@'].iter().any(|end| kills.contains(&format!("\"{name}{end}")));
            assert!(killed, "no test kills at {name}, in {}", path.display());
            points += 1;
        }
    }
    assert!(points > 30, "only {points} points");
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = vec![];
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found
}
