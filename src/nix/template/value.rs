//! What goes into a template, and what can be wrong with it.

use crate::nix::literal::Literal;
use crate::nix::syntax_error::SyntaxError;

/// What a placeholder stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text: a string literal, an attribute's name, a part of a string or comment.
    String(String),
    /// A path relative to the file that is rendered.
    Path(String),
    /// The items of the list in which the placeholder stands, one a line.
    List(Vec<Literal>),
    /// Any other expression.
    Raw(Literal),
}

impl Value {
    /// The list or set that this is, without anything in it.
    #[must_use]
    pub fn emptied(&self) -> Self {
        match self {
            Self::List(_) => Self::List(Vec::new()),
            _ => Self::Raw(Literal::set([])),
        }
    }

    /// A list of strings.
    pub fn strings<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> Self {
        Self::List(
            texts
                .into_iter()
                .map(|text| Literal::string(text.as_ref()))
                .collect(),
        )
    }
}

/// Why a template cannot be rendered. All of these are mistakes of a template or
/// its caller, save [`TemplateError::Unwritable`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// The template, or what came out of it, is not Nix.
    #[error("the template is not Nix: {0}")]
    Syntax(#[from] SyntaxError),
    /// The template has a placeholder that no value is for.
    #[error("no value for `@{0}@`")]
    Unfilled(String),
    /// A value that the template has no placeholder for.
    #[error("the template has no `@{0}@`")]
    Unused(String),
    /// The value is of a kind that cannot stand there.
    #[error("`@{name}@` stands for {wanted} here")]
    Kind {
        /// The placeholder.
        name: String,
        /// What can stand there, in words.
        wanted: &'static str,
    },
    /// Two list placeholders share a line, and one is empty.
    #[error("two list placeholders share a line")]
    Crowded,
    /// The text cannot be written in that place without changing its meaning.
    #[error("the value of `@{0}@` cannot be written here")]
    Unwritable(String),
}
