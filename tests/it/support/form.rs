//! A form as it stands on a page. A test changes what a person can change and sends the rest as the page gave it.

use reqwest::blocking::multipart;
use scraper::{ElementRef, Html};
use url::Url;

use super::page::{name_of, selector, visible_text};

/// A form, filled as the page shows it.
#[derive(Debug, Clone)]
pub struct Form {
    page: Url,
    action: Url,
    post: bool,
    multipart: bool,
    fields: Vec<Field>,
    buttons: Vec<Button>,
    pressed: Option<usize>,
    files: Vec<Upload>,
}

#[derive(Debug, Clone)]
struct Field {
    name: String,
    kind: Kind,
    /// What would be sent; nothing for an unchecked box.
    value: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Hidden,
    /// Typed text; read-only fields are sent but cannot be changed.
    Text {
        readonly: bool,
    },
    /// A checkbox or radio button with the value it sends.
    Box {
        sends: String,
        radio: bool,
    },
    /// A list: value and label of each choice.
    List {
        choices: Vec<(String, String)>,
    },
    File,
}

#[derive(Debug, Clone)]
struct Button {
    says: String,
    name: Option<String>,
    value: String,
    action: Option<Url>,
    post: Option<bool>,
}

#[derive(Debug, Clone)]
struct Upload {
    field: String,
    file_name: String,
    content_type: String,
    bytes: Vec<u8>,
}

/// A form that is about to be sent.
pub struct Sent {
    /// The page it stands on.
    pub page: Url,
    /// Where it goes; for GET with the fields in it.
    pub url: Url,
    /// POST or GET.
    pub post: bool,
    /// Names and values in the order of the page.
    pub fields: Vec<(String, String)>,
    /// The body, if the form sends files.
    pub multipart: Option<multipart::Form>,
}

impl Form {
    /// Reads a form of a page.
    pub fn read(page: &Url, document: &Html, form: ElementRef<'_>) -> Self {
        let join = |text: &str| page.join(text).unwrap_or_else(|e| panic!("{page}: a form goes to {text:?}: {e}"));
        let is_post = |text: &str| text.eq_ignore_ascii_case("post");
        let mut read = Self {
            page: page.clone(),
            action: join(form.attr("action").unwrap_or_default()),
            post: form.attr("method").is_some_and(is_post),
            multipart: form.attr("enctype") == Some("multipart/form-data"),
            fields: Vec::new(),
            buttons: Vec::new(),
            pressed: None,
            files: Vec::new(),
        };
        for control in document.select(&selector("input, select, textarea, button")) {
            if !belongs(control, form) || disabled(control) {
                continue;
            }
            let kind =
                control.attr("type").unwrap_or(if control.value().name() == "button" { "submit" } else { "text" });
            match (control.value().name(), kind) {
                (_, "reset" | "button") => {}
                ("button", _) | ("input", "submit" | "image") => read.buttons.push(Button {
                    says: if control.value().name() == "button" {
                        name_of(control)
                    } else {
                        control.attr("value").unwrap_or("Submit").to_owned()
                    },
                    name: control.attr("name").map(str::to_owned),
                    value: control.attr("value").unwrap_or_default().to_owned(),
                    action: control.attr("formaction").map(join),
                    post: control.attr("formmethod").map(is_post),
                }),
                (tag, kind) => read.fields.extend(field(control, tag, kind)),
            }
        }
        read
    }

    /// The names of its fields, each once, as they stand.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for field in &self.fields {
            if names.last() != Some(&field.name.as_str()) {
                names.push(&field.name);
            }
        }
        names
    }

    /// What a field would send now.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|f| f.name == name && f.value.is_some()).and_then(|f| f.value.as_deref())
    }

    /// Types into a text field, or chooses in a list (by value or label) or among radio buttons.
    #[track_caller]
    pub fn set(mut self, name: &str, to: &str) -> Self {
        let mut done = false;
        for field in self.fields.iter_mut().filter(|f| f.name == name) {
            match &field.kind {
                Kind::Text { readonly: false } => field.value = Some(to.to_owned()),
                Kind::List { choices } => {
                    let found = choices.iter().find(|(value, label)| value == to || label == to);
                    let (value, _) = found.unwrap_or_else(|| panic!("{name} offers {choices:?}, not {to:?}"));
                    field.value = Some(value.clone());
                }
                Kind::Box { sends, radio: true } => {
                    field.value = (sends == to).then(|| to.to_owned());
                    done |= sends == to;
                    continue;
                }
                kind => panic!("{name} is {kind:?}, nobody can type {to:?} there"),
            }
            done = true;
        }
        assert!(done, "no field {name} takes {to:?}; the form has {:?}", self.names());
        self
    }

    /// Ticks the box that sends `value`.
    #[track_caller]
    pub fn check(self, name: &str, value: &str) -> Self {
        self.tick(name, value, true)
    }

    /// Clears the box that sends `value`.
    #[track_caller]
    pub fn uncheck(self, name: &str, value: &str) -> Self {
        self.tick(name, value, false)
    }

    #[track_caller]
    fn tick(mut self, name: &str, value: &str, on: bool) -> Self {
        let names = format!("{:?}", self.names());
        let matches = |f: &&mut Field| f.name == name && f.kind == Kind::Box { sends: value.to_owned(), radio: false };
        let field = self.fields.iter_mut().find(matches);
        let field = field.unwrap_or_else(|| panic!("no box {name} that sends {value:?}; the form has {names}"));
        field.value = on.then(|| value.to_owned());
        self
    }

    /// Chooses a file.
    #[track_caller]
    pub fn attach(mut self, name: &str, file_name: &str, content_type: &str, bytes: &[u8]) -> Self {
        let there = self.fields.iter().any(|f| f.name == name && f.kind == Kind::File);
        assert!(there, "no file field {name}; the form has {:?}", self.names());
        self.files.push(Upload {
            field: name.to_owned(),
            file_name: file_name.to_owned(),
            content_type: content_type.to_owned(),
            bytes: bytes.to_vec(),
        });
        self
    }

    /// Sends something that the page does not offer: another hidden value, a field of one's own.
    pub fn tamper(mut self, name: &str, value: &str) -> Self {
        self = self.without(name);
        self.fields.push(Field { name: name.to_owned(), kind: Kind::Hidden, value: Some(value.to_owned()) });
        self
    }

    /// Leaves a field out.
    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|f| f.name != name);
        self
    }

    /// Chooses the button that reads `says`. Without this, the form's first button is used, as by the Enter key.
    #[track_caller]
    pub fn press(self, says: &str) -> Self {
        self.try_press(says).unwrap_or_else(|buttons| panic!("no button {says:?} but {buttons:?}"))
    }

    /// As [`Form::press`]; gives the buttons there are if none reads so.
    pub fn try_press(mut self, says: &str) -> Result<Self, Vec<String>> {
        match self.buttons.iter().position(|b| b.says == says) {
            Some(index) => {
                self.pressed = Some(index);
                Ok(self)
            }
            None => Err(self.buttons.into_iter().map(|b| b.says).collect()),
        }
    }

    /// What a browser sends for this form.
    pub fn into_request(self) -> Sent {
        let button = self.buttons.get(self.pressed.unwrap_or(0));
        let mut url = button.and_then(|b| b.action.clone()).unwrap_or(self.action);
        let post = button.and_then(|b| b.post).unwrap_or(self.post);
        let mut fields: Vec<(String, String)> = Vec::new();
        for field in self.fields.iter().filter(|f| f.kind != Kind::File) {
            if let Some(value) = &field.value {
                // A browser sends every line end as CR LF.
                fields.push((field.name.clone(), value.replace("\r\n", "\n").replace('\n', "\r\n")));
            }
        }
        if let Some((name, value)) = button.and_then(|b| b.name.clone().map(|name| (name, b.value.clone()))) {
            fields.push((name, value));
        }
        if !post {
            url.query_pairs_mut().clear().extend_pairs(&fields);
        }
        let multipart = (post && self.multipart).then(|| body(&fields, &self.fields, self.files));
        Sent { page: self.page, url, post, fields, multipart }
    }
}

/// The multipart body: texts, then files; a file field in which nothing was chosen sends an empty file without a name.
fn body(texts: &[(String, String)], fields: &[Field], files: Vec<Upload>) -> multipart::Form {
    let part = |bytes: Vec<u8>, name: String, kind: &str| {
        multipart::Part::bytes(bytes).file_name(name).mime_str(kind).expect("a content type")
    };
    let mut form = multipart::Form::new();
    for (name, value) in texts {
        form = form.text(name.clone(), value.clone());
    }
    for field in fields.iter().filter(|f| f.kind == Kind::File && files.iter().all(|u| u.field != f.name)) {
        form = form.part(field.name.clone(), part(Vec::new(), String::new(), "application/octet-stream"));
    }
    for upload in files {
        form = form.part(upload.field, part(upload.bytes, upload.file_name, &upload.content_type));
    }
    form
}

fn field(control: ElementRef<'_>, tag: &str, kind: &str) -> Vec<Field> {
    let Some(name) = control.attr("name").filter(|n| !n.is_empty()) else { return Vec::new() };
    let given = control.attr("value").map(str::to_owned);
    let one = |kind, value| vec![Field { name: name.to_owned(), kind, value }];
    let readonly = control.attr("readonly").is_some();
    match (tag, kind) {
        ("textarea", _) => one(Kind::Text { readonly }, Some(control.text().collect())),
        ("select", _) => list(control, name),
        (_, "hidden") => one(Kind::Hidden, Some(given.unwrap_or_default())),
        (_, "file") => one(Kind::File, None),
        (_, "checkbox" | "radio") => {
            let sends = given.unwrap_or_else(|| "on".to_owned());
            let value = control.attr("checked").map(|_| sends.clone());
            one(Kind::Box { sends, radio: kind == "radio" }, value)
        }
        _ => one(Kind::Text { readonly }, Some(given.unwrap_or_default())),
    }
}

/// A list sends its chosen option, or the first one if none is marked; one for several choices sends each that is marked.
fn list(control: ElementRef<'_>, name: &str) -> Vec<Field> {
    let options: Vec<_> = control.select(&selector("option")).filter(|o| !disabled(*o)).collect();
    let label = |o: &ElementRef<'_>| o.attr("label").map_or_else(|| visible_text(*o), str::to_owned);
    let value = |o: &ElementRef<'_>| o.attr("value").map_or_else(|| label(o), str::to_owned);
    let marked: Vec<String> = options.iter().filter(|o| o.attr("selected").is_some()).map(value).collect();
    let named = |kind, value| Field { name: name.to_owned(), kind, value };
    if control.attr("multiple").is_some() {
        let boxed = |o| {
            let sends = value(o);
            let chosen = marked.contains(&sends).then(|| sends.clone());
            named(Kind::Box { sends, radio: false }, chosen)
        };
        return options.iter().map(boxed).collect();
    }
    let choices = options.iter().map(|o| (value(o), label(o))).collect();
    let chosen = marked.into_iter().next_back().or_else(|| options.first().map(value));
    vec![named(Kind::List { choices }, chosen)]
}

fn belongs(control: ElementRef<'_>, form: ElementRef<'_>) -> bool {
    match control.attr("form") {
        Some(id) => form.attr("id") == Some(id),
        None => control.ancestors().any(|a| a.id() == form.id()),
    }
}

/// A disabled control, or one inside a disabled group, is not sent.
fn disabled(control: ElementRef<'_>) -> bool {
    let group = |e: ElementRef<'_>| matches!(e.value().name(), "fieldset" | "optgroup") && e.attr("disabled").is_some();
    control.attr("disabled").is_some() || control.ancestors().filter_map(ElementRef::wrap).any(group)
}
