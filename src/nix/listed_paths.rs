//! The paths that are items of lists, as modules are.

use std::ops::Range;

use rnix::ast;
use rowan::ast::AstNode;

use crate::nix::file::NixFile;
use crate::nix::meaning::relative_path;
use crate::nix::range::range_of;

/// Every item of a list that is a path beside the file, in any spelling without
/// interpolation, with the bytes of the item.
pub fn listed_paths(file: &NixFile) -> Vec<(String, Range<usize>)> {
    let lists = file.syntax().descendants().filter_map(ast::List::cast);
    let items = lists.flat_map(|list| list.items().collect::<Vec<_>>());
    let path = |item: ast::Expr| {
        let text = relative_path(&item)?;
        Some((text, range_of(item.syntax())))
    };
    items.filter_map(path).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_items_of_lists_in_any_spelling() {
        let text = "{ imports = [ ./a.nix (../b.nix) (./. + \"/c d.nix\") /e <f> g \"./h\" ./${i} ]; j = ./k.nix; }";
        let file = NixFile::parse(text).unwrap();
        let found = listed_paths(&file);
        let texts: Vec<&str> = found
            .iter()
            .map(|(_, range)| &text[range.clone()])
            .collect();
        assert_eq!(texts, ["./a.nix", "(../b.nix)", "(./. + \"/c d.nix\")"]);
    }
}
