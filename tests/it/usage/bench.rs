//! tmp
use super::world::*;
use serde_json::json;
fn hwm() -> u64 { std::fs::read_to_string("/proc/self/status").unwrap().lines().find(|l| l.starts_with("VmHWM")).unwrap().split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024 }
#[test]
fn bench() {
    let path = std::env::var("BENCH").unwrap();
    let world = World::start_with(&capabilities("PR"), 20_000);
    let file = world.file();
    let t = std::time::Instant::now();
    let bytes = std::fs::read(&path).unwrap();
    let n = bytes.len();
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    eprintln!("before {} MB, file {} MB", hwm(), n >> 20);
    world.send(&file, bytes).expect(201);
    eprintln!("upload {:?}, {} MB", t.elapsed(), hwm());
    let t = std::time::Instant::now();
    loop {
        let f = world.vendor().get(&format!("usage/files/{file}")).expect(200).json();
        if f["status"] != "uploaded" && f["status"] != "processing" { eprintln!("{} {} {} in {:?}, peak {} MB", f["status"], f["stats"], f["error_detail"], t.elapsed(), hwm()); break; }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    let t = std::time::Instant::now();
    world.server.settle();
    eprintln!("built in {:?}, peak {} MB", t.elapsed(), hwm());
    if std::env::var("PROBLEMS").is_ok() { eprintln!("{:?}", &world.problems(&file)[..5]); }
    let t = std::time::Instant::now();
    let answer = world.vendor().get(&format!("usage/records?usage_file={file}&limit=1")).expect(200);
    eprintln!("list {} {:?}", answer.header("content-range"), t.elapsed());
    let t = std::time::Instant::now();
    world.vendor().get("usage/records?status=valid&limit=100").expect(200);
    eprintln!("list all {:?}", t.elapsed());
    world.vendor().post(&format!("usage/files/{file}/submit"), &json!({})).expect(201);
    let t = std::time::Instant::now();
    world.distributor().post(&format!("usage/files/{file}/accept"), &json!({})).expect(201);
    eprintln!("accept {:?}", t.elapsed());
}
