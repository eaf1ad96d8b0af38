//! What lies outside the program: mail servers, files, spreadsheets, servers of names and of single sign-on.
//!
//! These modules know no business flow, no database and no web server. They take untrusted bytes and
//! turn them into checked values, or into a text that tells a person what to do.

pub mod dns;
pub mod files;
pub mod http;
pub mod mail;
pub mod openid;
pub mod pdf;
pub mod sheets;

/// Bytes as people read sizes: `50 MB`, `1.5 GB`; whole numbers below ten are given one decimal.
pub(crate) fn readable_size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "kB")];
    for (size, unit) in UNITS {
        if bytes >= size {
            let tenths = bytes / (size / 10).max(1);
            return match tenths % 10 {
                0 => format!("{} {unit}", tenths / 10),
                _ if tenths >= 100 => format!("{} {unit}", tenths / 10),
                rest => format!("{}.{rest} {unit}", tenths / 10),
            };
        }
    }
    format!("{bytes} bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_well() {
        assert_eq!(readable_size(0), "0 bytes");
        assert_eq!(readable_size(1 << 10), "1 kB");
        assert_eq!(readable_size(50 << 20), "50 MB");
        assert_eq!(readable_size((3 << 30) / 2), "1.5 GB");
    }
}
