//! A provider that says whatever a test wants it to say.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use openssl::bn::BigNumContext;
use openssl::ec::{EcGroup, EcKey};
use openssl::ecdsa::EcdsaSig;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::{Padding, Rsa};
use openssl::sign::{RsaPssSaltlen, Signer};
use serde_json::{Value, json};

/// What it answers.
#[derive(Default)]
struct Answers {
    /// By path: status, body.
    at: Vec<(String, u16, String)>,
    /// What it was sent: path and body.
    seen: Vec<(String, String)>,
}

/// A provider on a port of its own, as long as the test runs.
pub struct Fake {
    pub issuer: String,
    rsa: PKey<Private>,
    ec: EcKey<Private>,
    answers: Arc<Mutex<Answers>>,
}

/// Base 64 for addresses.
pub fn base64(bytes: &[u8]) -> String {
    openssl::base64::encode_block(bytes).replace('+', "-").replace('/', "_").replace('=', "")
}

impl Fake {
    /// Starts one that is in order.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let issuer = format!("http://{}", listener.local_addr().expect("its address"));
        let answers: Arc<Mutex<Answers>> = Arc::default();
        let shared = answers.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = shared.clone();
                thread::spawn(move || serve(stream, &shared));
            }
        });
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).expect("a curve");
        let fake = Self {
            issuer,
            rsa: PKey::from_rsa(Rsa::generate(2048).expect("a key")).expect("a key"),
            ec: EcKey::generate(&group).expect("a key"),
            answers,
        };
        fake.put("/.well-known/openid-configuration", 200, &fake.description());
        fake.put("/jwks", 200, &fake.keys());
        fake
    }

    /// What it says of itself.
    pub fn description(&self) -> Value {
        let at = |path: &str| format!("{}{path}", self.issuer);
        json!({
            "issuer": self.issuer, "authorization_endpoint": at("/authorize"), "token_endpoint": at("/token"),
            "jwks_uri": at("/jwks"), "userinfo_endpoint": at("/me"), "end_session_endpoint": at("/end"),
            "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "PS256"],
            "code_challenge_methods_supported": ["S256"],
        })
    }

    fn keys(&self) -> Value {
        let rsa = self.rsa.rsa().expect("RSA");
        let group = self.ec.group();
        let (mut x, mut y) = (openssl::bn::BigNum::new().expect("x"), openssl::bn::BigNum::new().expect("y"));
        let mut context = BigNumContext::new().expect("a context");
        self.ec.public_key().affine_coordinates(group, &mut x, &mut y, &mut context).expect("a point");
        let padded = |n: &openssl::bn::BigNum| base64(&n.to_vec_padded(32).expect("32 bytes"));
        json!({ "keys": [
            { "kty": "RSA", "use": "sig", "kid": "r", "n": base64(&rsa.n().to_vec()), "e": base64(&rsa.e().to_vec()) },
            { "kty": "EC", "use": "sig", "kid": "e", "crv": "P-256", "x": padded(&x), "y": padded(&y) },
        ]})
    }

    /// The public key, as somebody might use it for a shared secret.
    pub fn public_pem(&self) -> Vec<u8> {
        self.rsa.public_key_to_pem().expect("a key")
    }

    /// Answers at a path from now on.
    pub fn put(&self, path: &str, status: u16, body: &Value) {
        self.put_text(path, status, &body.to_string());
    }

    /// The same, with any text.
    pub fn put_text(&self, path: &str, status: u16, body: &str) {
        let mut answers = self.answers.lock().expect("no panic");
        answers.at.retain(|(known, ..)| known != path);
        answers.at.push((path.to_owned(), status, body.to_owned()));
    }

    /// What was sent to a path.
    pub fn seen(&self, path: &str) -> Vec<String> {
        let answers = self.answers.lock().expect("no panic");
        answers.seen.iter().filter(|(at, _)| at == path).map(|(_, body)| body.clone()).collect()
    }

    /// Exchanges every code for this ID token.
    pub fn give(&self, token: &str) {
        let body = json!({ "access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": token });
        self.put("/token", 200, &body);
    }

    /// An ID token with these claims, signed as `alg` says.
    pub fn signed(&self, alg: &str, claims: &Value) -> String {
        let kid = if alg == "ES256" { "e" } else { "r" };
        let header = json!({ "alg": alg, "kid": kid, "typ": "JWT" });
        let text = format!("{}.{}", base64(header.to_string().as_bytes()), base64(claims.to_string().as_bytes()));
        format!("{text}.{}", base64(&self.signature(alg, text.as_bytes())))
    }

    fn signature(&self, alg: &str, text: &[u8]) -> Vec<u8> {
        match alg {
            "RS256" => signer(&self.rsa).sign_oneshot_to_vec(text).expect("a signature"),
            "PS256" => {
                let mut signer = signer(&self.rsa);
                signer.set_rsa_padding(Padding::PKCS1_PSS).expect("PSS");
                signer.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH).expect("a salt");
                signer.sign_oneshot_to_vec(text).expect("a signature")
            }
            "ES256" => {
                let digest = openssl::hash::hash(MessageDigest::sha256(), text).expect("a digest");
                let sig = EcdsaSig::sign(&digest, &self.ec).expect("a signature");
                [sig.r().to_vec_padded(32).expect("r"), sig.s().to_vec_padded(32).expect("s")].concat()
            }
            // Somebody who has the public key takes it for a shared secret.
            "HS256" => {
                let key = PKey::hmac(&self.public_pem()).expect("a key");
                let mut signer = Signer::new(MessageDigest::sha256(), &key).expect("a signer");
                signer.sign_oneshot_to_vec(text).expect("a signature")
            }
            "none" => vec![],
            other => panic!("no algorithm {other}"),
        }
    }
}

fn signer(key: &PKey<Private>) -> Signer<'_> {
    Signer::new(MessageDigest::sha256(), key).expect("a signer")
}

/// An ID token signed with a shared secret.
pub fn with_secret(secret: &str, claims: &Value) -> String {
    let header = json!({ "alg": "HS256", "typ": "JWT" });
    let text = format!("{}.{}", base64(header.to_string().as_bytes()), base64(claims.to_string().as_bytes()));
    let key = PKey::hmac(secret.as_bytes()).expect("a key");
    let mut signer = Signer::new(MessageDigest::sha256(), &key).expect("a signer");
    let signature = signer.sign_oneshot_to_vec(text.as_bytes()).expect("a signature");
    format!("{text}.{}", base64(&signature))
}

fn serve(stream: TcpStream, answers: &Mutex<Answers>) {
    let mut reader = BufReader::new(stream.try_clone().expect("the stream"));
    let mut stream = stream;
    let (mut first, mut length) = (String::new(), 0);
    if reader.read_line(&mut first).unwrap_or(0) == 0 {
        return;
    }
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) <= 2 {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().expect("a length");
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("the body");
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let (status, text) = {
        let mut answers = answers.lock().expect("no panic");
        answers.seen.push((path.clone(), String::from_utf8_lossy(&body).into_owned()));
        let found = answers.at.iter().find(|(at, ..)| *at == path);
        found.map_or((404, "{}".to_owned()), |(_, status, body)| (*status, body.clone()))
    };
    let redirect = if (300..400).contains(&status) { format!("Location: {text}\r\n") } else { String::new() };
    let head = format!(
        "HTTP/1.1 {status} Told\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n{redirect}\r\n",
        text.len()
    );
    // Whoever asked may have gone.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(text.as_bytes()));
}
