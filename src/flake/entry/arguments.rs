//! Arguments of a file that its text no longer uses.

use std::collections::BTreeSet;

use rnix::SyntaxKind;
use rnix::ast;
use rowan::ast::AstNode;

use crate::flake::entry::hole::MODULE;
use crate::nix::{NixFile, range_of};

/// The text of a new file without the arguments that its model uses and it does not: of a
/// pattern on one line that takes others as well.
pub(super) fn pruned(model: &NixFile, text: &str) -> String {
    // The mark is behind all that is looked at in the text itself.
    let file = NixFile::parse(text.replace(MODULE, "{ }")).ok();
    let Some(ast::Expr::Lambda(lambda)) = file.as_ref().map(NixFile::expr) else {
        return text.to_owned();
    };
    let Some(ast::Param::Pattern(pattern)) = lambda.param() else {
        return text.to_owned();
    };
    let range = range_of(pattern.syntax());
    let is_plain = pattern.pat_bind().is_none()
        && pattern.ellipsis_token().is_some()
        && !text[range.clone()].contains(['\n', '?', '#']);
    if !is_plain {
        return text.to_owned();
    }
    let (before, now) = (used(model), file.as_ref().map(used).unwrap_or_default());
    let names = pattern
        .pat_entries()
        .filter_map(|entry| Some(entry.ident()?.to_string()));
    let kept = names.filter(|name| now.contains(name) || !before.contains(name));
    let kept: Vec<String> = kept.chain(["...".to_owned()]).collect();
    format!(
        "{}{{ {} }}{}",
        &text[..range.start],
        kept.join(", "),
        &text[range.end..]
    )
}

/// The names that the body of a function uses.
fn used(file: &NixFile) -> BTreeSet<String> {
    let ast::Expr::Lambda(lambda) = file.expr() else {
        return BTreeSet::new();
    };
    let body = lambda.body().map(|body| body.syntax().clone());
    let below = body
        .into_iter()
        .flat_map(|body| body.descendants().collect::<Vec<_>>());
    let names = below.filter(|node| node.kind() == SyntaxKind::NODE_IDENT);
    names.map(|node| node.text().to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::pruned;
    use crate::nix::NixFile;

    #[test]
    fn what_is_no_longer_used_is_not_taken() {
        let model = NixFile::parse("{ a, b, c, ... }: { x = a; y = b; }").unwrap();
        let pruned = pruned(&model, "{ a, b, c, ... }: { x = a; }");
        assert_eq!(pruned, "{ a, c, ... }: { x = a; }");
    }
}
