//! Pages of the web to trees, within bounds that hold while the page is read.
//!
//! A small page may ask for a large tree: formatting elements that are left open are opened again in every paragraph
//! after them, so that a tree has up to the square of its page's tags. The parser is therefore fed piece by piece, the
//! tree takes nothing more once it is full, and the page is refused at the end of that piece.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use dom_query::{Document, NodeId, NodeRef};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tokenizer::TokenizerOpts;
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeBuilderOpts, TreeSink};
use html5ever::{Attribute, ParseOpts, QualName, parse_document};

use super::error::Fault;

/// Deepest nesting of elements; readers of pages recurse, and real pages stay far below.
const DEPTH_MAX: usize = 300;

/// Most elements and texts of a page.
pub(super) const ELEMENTS_MAX: usize = 200_000;

/// Bytes read between two looks at the tree.
const PIECE_BYTES: usize = 1 << 10;

const TOO_DEEP: &str = "its elements are nested more than 300 deep; import the text of the page instead";
const TOO_MANY: &str = "it has more than 200,000 elements and texts; import the text of the page instead";

/// Returns the tree of a page.
pub(super) fn of(html: &str) -> Result<Document, Fault> {
    let document = grown(html).map_err(refused)?;
    check_shape(&document).map_err(refused)?;
    Ok(document)
}

fn refused(problem: &str) -> Fault {
    Fault::Content { format: "HTML", problem: problem.to_owned() }
}

/// Parses a page until its end, or until its tree is full.
fn grown(html: &str) -> Result<Document, &'static str> {
    let tree = read(html);
    tree.problem.get().map_or(Ok(tree.document), Err)
}

/// Reads pages piece by piece until they end or a bound is met.
fn read(html: &str) -> Bounded {
    let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let options = ParseOpts { tokenizer: TokenizerOpts::default(), tree_builder };
    let mut parser = parse_document(Bounded::default(), options);
    for piece in pieces(html) {
        parser.process(StrTendril::from_slice(piece));
        if parser.tokenizer.sink.sink.is_full() {
            break;
        }
    }
    parser.finish()
}

/// Cuts a text into pieces of about [`PIECE_BYTES`].
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = (PIECE_BYTES..rest.len()).find(|&at| rest.is_char_boundary(at)).unwrap_or(rest.len());
        let (piece, after) = rest.split_at_checked(end)?;
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

/// A tree that grows up to the bounds; past them it stays as it is.
#[derive(Default)]
struct Bounded {
    document: Document,
    elements: Cell<usize>,
    depths: RefCell<HashMap<NodeId, usize>>,
    problem: Cell<Option<&'static str>>,
}

impl Bounded {
    fn is_full(&self) -> bool {
        self.problem.get().is_some()
    }

    fn depth(&self, node: &NodeId) -> usize {
        self.depths.borrow().get(node).copied().unwrap_or(0)
    }

    fn place(&self, child: &NodeOrText<NodeId>, depth: usize) {
        if let NodeOrText::AppendNode(node) = child {
            self.depths.borrow_mut().insert(*node, depth);
            if depth > DEPTH_MAX {
                self.problem.set(Some(TOO_DEEP));
            }
        }
    }

    /// Counts nodes about to be made.
    fn count(&self, nodes: usize) {
        self.elements.set(self.elements.get() + nodes);
        if self.elements.get() > ELEMENTS_MAX && !self.is_full() {
            self.problem.set(Some(TOO_MANY));
        }
    }
}

/// Passes on what the parser makes; a full tree gives out nodes that stand nowhere, for the rest of one piece.
impl TreeSink for Bounded {
    type Handle = NodeId;
    type Output = Bounded;
    type ElemName<'a> = <Document as TreeSink>::ElemName<'a>;

    fn finish(self) -> Bounded {
        self
    }

    /// Errors are not kept: a page of nothing else would fill the memory with them.
    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        self.document.get_document()
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Self::ElemName<'a> {
        self.document.elem_name(target)
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> NodeId {
        self.count(1 + usize::from(flags.template));
        self.document.create_element(name, attrs, flags)
    }

    fn create_comment(&self, text: StrTendril) -> NodeId {
        self.count(1);
        self.document.create_comment(text)
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> NodeId {
        self.count(1);
        self.document.create_pi(target, data)
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        if !self.is_full() {
            self.place(&child, self.depth(parent) + 1);
            self.document.append(parent, child);
        }
    }

    fn append_before_sibling(&self, sibling: &NodeId, child: NodeOrText<NodeId>) {
        if !self.is_full() {
            self.place(&child, self.depth(sibling));
            self.document.append_before_sibling(sibling, child);
        }
    }

    fn append_based_on_parent_node(&self, element: &NodeId, before: &NodeId, child: NodeOrText<NodeId>) {
        if !self.is_full() {
            self.place(&child, self.depth(element).max(self.depth(before) + 1));
            self.document.append_based_on_parent_node(element, before, child);
        }
    }

    fn append_doctype_to_document(&self, name: StrTendril, public: StrTendril, system: StrTendril) {
        self.document.append_doctype_to_document(name, public, system);
    }

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        self.document.get_template_contents(target)
    }

    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.document.set_quirks_mode(mode);
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attrs: Vec<Attribute>) {
        self.document.add_attrs_if_missing(target, attrs);
    }

    fn remove_from_parent(&self, target: &NodeId) {
        if !self.is_full() {
            self.document.remove_from_parent(target);
        }
    }

    fn reparent_children(&self, node: &NodeId, parent: &NodeId) {
        if !self.is_full() {
            self.document.reparent_children(node, parent);
        }
    }

    fn is_mathml_annotation_xml_integration_point(&self, node: &NodeId) -> bool {
        self.document.is_mathml_annotation_xml_integration_point(node)
    }
}

/// Measures a whole tree: elements that the parser moved lie deeper than where they were put first.
fn check_shape(document: &Document) -> Result<(), &'static str> {
    let mut node: NodeRef<'_> = document.root();
    let (mut depth, mut count) = (0_usize, 0_usize);
    loop {
        count += 1;
        if depth > DEPTH_MAX {
            return Err(TOO_DEEP);
        }
        if count > ELEMENTS_MAX {
            return Err(TOO_MANY);
        }
        if let Some(child) = node.first_child() {
            node = child;
            depth += 1;
            continue;
        }
        loop {
            if let Some(sibling) = node.next_sibling() {
                node = sibling;
                break;
            }
            match node.parent().filter(|_| depth > 0) {
                Some(parent) => node = parent,
                None => return Ok(()),
            }
            depth -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formatting_opened_again_and_again_does_not_fill_the_memory() {
        // Inside a table the elements come before it, so that the deepest is not the last; 280 keep below the depth.
        for (before, open) in [("<p>", 4_000), ("<table><p>", 4_000), ("<p>", 280)] {
            let tags: String = (0..open).map(|id| format!("<b id={id}>")).collect();
            let page = format!("{before}{tags}{}", "<p>x".repeat(12_000));
            assert!(page.len() < 120_000);
            let made = read(&page).elements.get();
            // What is left of a piece opens everything again in each of its paragraphs.
            let most = ELEMENTS_MAX + PIECE_BYTES / 4 * (DEPTH_MAX + PIECE_BYTES / 3);
            assert!(made < most, "{before}: {made} elements");
            assert!(of(&page).is_err());
        }
    }

    #[test]
    fn a_page_of_errors_keeps_none_of_them() {
        let document = of(&"</x>".repeat(10_000)).expect("errors alone are no reason to refuse it");
        assert!(document.errors.borrow().is_empty());
    }

    #[test]
    fn pieces_join_to_the_whole() {
        let text = "aé日🙂".repeat(900);
        assert_eq!(pieces(&text).collect::<String>(), text);
        assert!(pieces(&text).all(|piece| piece.len() <= PIECE_BYTES + 3));
        let page = format!("<p>{text}</p><p>{text}</p>");
        assert_eq!(of(&page).expect("it is small").text(), Document::from(page.as_str()).text());
    }
}
