/// The snake case of a class name: `OrderBook` -> `order_book`, `HTTPServer` -> `http_server`.
pub fn snake_case(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len() + 4);
    for (index, c) in chars.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|at| chars.get(at));
        let after = chars.get(index + 1);
        let starts_word = c.is_uppercase()
            && before.is_some_and(|b| {
                b.is_lowercase()
                    || b.is_ascii_digit()
                    || (b.is_uppercase() && after.is_some_and(|a| a.is_lowercase()))
            });
        if starts_word {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// The module of a class: `bt@package@order_book`.
pub fn default_module(package: Option<&str>, class: &str) -> String {
    let name = snake_case(class);
    match package {
        Some(package) => format!("bt@{package}@{name}"),
        None => format!("bt@{name}"),
    }
}

/// The functional setter of a field: `from` -> `withFrom:`.
pub fn setter_selector(field: &str) -> String {
    let mut chars = field.chars();
    let first: String = chars
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    format!("with{first}{}:", chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_class_names() {
        for (name, expected) in [
            ("Counter", "counter"),
            ("OrderBook", "order_book"),
            ("HTTPServer", "http_server"),
            ("HttpServer", "http_server"),
            ("BEAMError", "beam_error"),
            ("Utf8Text", "utf8_text"),
            ("OS", "os"),
            ("A", "a"),
        ] {
            assert_eq!(snake_case(name), expected);
        }
    }

    #[test]
    fn setters() {
        assert_eq!(setter_selector("from"), "withFrom:");
        assert_eq!(setter_selector("x"), "withX:");
        assert_eq!(setter_selector("_x"), "with_x:");
    }
}
