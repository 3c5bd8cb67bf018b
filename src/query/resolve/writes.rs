//! Statements that change the archive or write files: checked like all others, refused without the capability.

use super::{Resolver, messages};
use crate::query::ast::{self, At, Definition, FieldRef, Write};
use crate::query::{QueryError, Request};
use crate::schema::{Builtin, Field, FieldName, FieldType};
use crate::text::{Span, fold_value};

impl Resolver<'_> {
    pub(super) fn export(&mut self, export: &ast::Export) -> Option<Request> {
        self.runnable(&export.query);
        if !self.session.files {
            return self.fault(messages::files_refused("export", export.path.span));
        }
        self.not_executed("export", export.path.span)
    }

    pub(super) fn define(&mut self, define: &ast::Define) -> Option<Request> {
        let name = match &define.definition {
            Definition::Filter(name, filter) => {
                self.check_filter(name, filter);
                self.refuse_taken(name, define.replace);
                name
            }
            Definition::Query(name, query) => {
                self.check_definition(|own| own.query(query).map(drop));
                self.refuse_taken(name, define.replace);
                name
            }
            Definition::Alias(name, others) => {
                self.check_alias(name, others, define.replace);
                name
            }
        };
        self.change("define", name.span)
    }

    fn refuse_taken(&mut self, name: &At<String>, replace: bool) {
        if !replace && self.catalog.saved.contains_key(&name.node) {
            let _: Option<()> = self.fault(QueryError::already_defined(&name.node, name.span));
        }
    }

    /// Aliases are one level deep: no name stands in two of them.
    fn check_alias(&mut self, name: &At<String>, others: &[At<String>], replace: bool) {
        let catalog = self.catalog;
        let is_taken = catalog.aliases.keys().any(|known| same_name(known, name));
        if is_taken && !replace {
            let _: Option<()> = self.fault(messages::alias_taken(name));
        }
        for one in others.iter().chain([name]) {
            let foreign = catalog.aliases.iter().filter(|(canonical, _)| !same_name(canonical, name));
            let holds = |(canonical, names): &(&String, &Vec<String>)| {
                std::iter::once(*canonical).chain(names.iter()).any(|known| same_name(known, one))
            };
            if let Some((canonical, _)) = foreign.into_iter().find(holds) {
                let _: Option<()> = self.fault(messages::alias_circle(one, canonical));
            }
        }
    }

    pub(super) fn drop_saved(&mut self, drop: &ast::Drop) -> Option<Request> {
        let catalog = self.catalog;
        let span = match drop {
            ast::Drop::Saved(name) => {
                if !catalog.saved.contains_key(&name.node) {
                    let names = catalog.saved.keys().map(String::as_str);
                    let _: Option<()> = self.fault(QueryError::unknown_saved(&name.node, name.span, names));
                }
                name.span
            }
            ast::Drop::Alias(name) => {
                if !catalog.aliases.keys().any(|known| same_name(known, name)) {
                    let names = catalog.aliases.keys().map(String::as_str);
                    let _: Option<()> = self.fault(messages::unknown_alias(name, names));
                }
                name.span
            }
        };
        self.change("drop", span)
    }

    pub(super) fn write(&mut self, write: &Write, span: Span) -> Option<Request> {
        let word = match write {
            Write::Insert(_) => "insert",
            Write::Delete(ast::Deleted::All) => "delete",
            Write::Delete(ast::Deleted::Where(filter)) => {
                self.filter(Some(filter));
                "delete"
            }
            Write::Curate(curate) => self.check_curate(curate),
            Write::Set(set) => self.check_set(set),
        };
        self.change(word, Span::new(span.start as usize, span.start as usize + word.len()))
    }

    fn check_curate(&mut self, curate: &ast::Curate) -> &'static str {
        if let Some(field) = self.settable_field(&curate.field) {
            if !field.many {
                let _: Option<()> = self.fault(messages::one_value_field(&curate.field, curate.adds));
            }
            for value in &curate.values {
                self.check_value(&curate.field, &field, value);
            }
        }
        self.filter(Some(&curate.filter));
        if curate.adds { "add" } else { "remove" }
    }

    fn check_set(&mut self, set: &ast::SetFields) -> &'static str {
        for assignment in &set.assignments {
            if let Some(field) = self.settable_field(&assignment.field) {
                self.check_value(&assignment.field, &field, &assignment.value);
            }
        }
        self.filter(Some(&set.filter));
        "set"
    }

    fn settable_field(&mut self, name: &At<FieldRef>) -> Option<Field> {
        let field = self.field(name)?;
        let is_given = match &field.name {
            FieldName::Declared(_) => true,
            FieldName::Builtin(builtin) => is_settable(*builtin),
        };
        if is_given { Some(field) } else { self.fault(messages::not_settable(name)) }
    }

    /// A value is checked as if it were compared: the types are the same ones.
    fn check_value(&mut self, name: &At<FieldRef>, field: &Field, value: &At<ast::Value>) {
        if field.field_type == FieldType::Text {
            return;
        }
        let equals = ast::Compares {
            field: name.clone(),
            comparison: crate::query::Comparison::Equal.into(),
            value: value.clone(),
        };
        self.compares(&equals);
    }

    fn change(&mut self, word: &str, span: Span) -> Option<Request> {
        if !self.session.write {
            return self.fault(messages::write_refused(word, span));
        }
        self.not_executed(word, span)
    }

    /// Says so last: a statement with mistakes is mended first.
    fn not_executed(&mut self, word: &str, span: Span) -> Option<Request> {
        if self.errors.is_empty() { self.fault(messages::not_executed(word, span)) } else { None }
    }
}

fn same_name(a: &str, b: &str) -> bool {
    fold_value(a) == fold_value(b)
}

/// Tells whether an article brings the field itself; the others are given by the database or follow from the text.
fn is_settable(field: Builtin) -> bool {
    use Builtin::{Added, Focus, Id, Key, Keyword, Lede, Quote, Speaker, Story, Text, Words};
    let is_computed =
        matches!(field, Id | Key | Added | Lede | Text | Focus | Keyword | Speaker | Story | Quote | Words);
    !is_computed && !field.is_figure()
}
