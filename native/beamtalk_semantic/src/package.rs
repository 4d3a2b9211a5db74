/// What a compilation knows of the package that a text belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Whether it promises types everywhere.
    pub is_typed: bool,
    /// The packages it may name, with the public classes of each; `None` where nobody has said.
    pub dependencies: Option<Vec<Dependency>>,
}

/// A package that another one depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// Its name.
    pub name: String,
    /// The names of its public classes.
    pub classes: Vec<String>,
}

impl From<&str> for Package {
    /// A package of which only the name is known.
    fn from(name: &str) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }
}
