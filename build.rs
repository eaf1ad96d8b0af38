//! Sees to it that the front end's third-party files are there: they come through npm and are not kept in the repository.

use std::path::Path;

/// One file of each kind that `npm run build` makes.
const NEEDED: [&str; 6] = [
    "static/vendor/icons.tsv",
    "static/vendor/tabler.css",
    "static/vendor/htmx.min.js",
    "static/vendor/inter-latin.woff2",
    "static/vendor/dejavu-sans.ttf",
    "static/vendor/passwords.txt",
];

fn main() {
    // A new file in these folders has to be built in, which the compiler cannot see by itself.
    println!("cargo::rerun-if-changed=static");
    println!("cargo::rerun-if-changed=locales");
    if let Some(missing) = NEEDED.iter().find(|name| !Path::new(name).exists()) {
        println!("cargo::error={missing} is missing. Make it with: npm ci && npm run build");
    }
}
