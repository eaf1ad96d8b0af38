//! The least that answering takes: an actix handler that gives a text of the same length.

use std::io::Write as _;
use std::process::{Child, Command, Stdio};

use actix_web::{App, HttpResponse, HttpServer, web};

/// Serves on any port and says on which; ends with the process.
pub fn serve(bytes: usize) {
    let body = web::Bytes::from("x".repeat(bytes));
    let served = actix_web::rt::System::new().block_on(async move {
        let server = HttpServer::new(move || {
            let body = body.clone();
            App::new().route(
                "/",
                web::get().to(move || {
                    let body = body.clone();
                    async move { HttpResponse::Ok().content_type("application/json").body(body) }
                }),
            )
        })
        .bind(("127.0.0.1", 0))?;
        println!("http://{}/", server.addrs()[0]);
        std::io::stdout().flush()?;
        server.run().await
    });
    served.expect("serve");
}

/// The server as a process of its own; it is killed when this is dropped.
pub struct Bare {
    child: Child,
    /// Its address.
    pub url: String,
}

impl Bare {
    /// Starts one.
    pub fn start(bytes: usize) -> Self {
        use std::io::BufRead as _;
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.args(["--part", "bare", "--bytes", &bytes.to_string()]).stdout(Stdio::piped());
        let mut child = command.spawn().expect("start the bare server");
        let mut url = String::new();
        std::io::BufReader::new(child.stdout.take().expect("its output")).read_line(&mut url).expect("its address");
        Self { child, url: url.trim().to_owned() }
    }

    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        // Both fail if it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
