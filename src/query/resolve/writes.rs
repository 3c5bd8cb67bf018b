//! Statements that change the archive or write files: checked like all others, refused without the capability.

use super::{Resolver, messages};
use crate::catalog::Saved;
use crate::extract::gazetteer;
use crate::import;
use crate::query::ast::{self, At, Definition, ExportFormat, FieldRef, LANGUAGE_VERSION};
use crate::query::{Binding, Define, Drop, Edit, EditAction, Export, Predicate, QueryError, Request, Write};
use crate::schema::{Builtin, Field, FieldName, FieldType};
use crate::text::{Span, fold_value};
use crate::value::Value;

impl Resolver<'_> {
    pub(super) fn export(&mut self, export: &ast::Export) -> Option<Request> {
        let request = self.runnable(&export.query);
        let format = match (&export.format, ExportFormat::of_file(export.path.as_str())) {
            (Some(format), _) => Some(format.node),
            (None, Some(format)) => Some(format),
            (None, None) => self.fault(messages::no_export_format(&export.path)),
        };
        let (request, format) = (request?, format?);
        if !self.session.files {
            return self.fault(messages::files_refused("export", export.path.span));
        }
        Some(Request::Export(Export { path: export.path.node.clone(), format, request: Box::new(request) }))
    }

    pub(super) fn define(&mut self, define: &ast::Define) -> Option<Request> {
        let saved =
            |text: String, is_condition| Saved { text, is_condition, language_version: LANGUAGE_VERSION };
        let (name, definition) = match &define.definition {
            Definition::Filter(name, filter) => {
                self.check_filter(name, filter);
                self.refuse_taken(name, define.replace);
                (name, Define::Saved(name.node.clone(), saved(filter.node.to_string(), true)))
            }
            Definition::Query(name, query) => {
                self.check_definition(|own| own.query(query).map(drop));
                self.refuse_taken(name, define.replace);
                (name, Define::Saved(name.node.clone(), saved(query.node.to_string(), false)))
            }
            Definition::Alias(name, others) => {
                self.check_alias(name, others, define.replace);
                let others = others.iter().map(|other| other.node.trim().to_owned()).collect();
                (name, Define::Alias(name.node.trim().to_owned(), others))
            }
        };
        self.permitted("define", name.span)?;
        Some(Request::Define(definition))
    }

    fn refuse_taken(&mut self, name: &At<String>, replace: bool) {
        if !replace && self.catalog.saved.contains_key(&name.node) {
            let _: Option<()> = self.fault(QueryError::already_defined(&name.node, name.span));
        }
    }

    /// Aliases are one level deep: no name stands in two of them, and none is given twice.
    fn check_alias(&mut self, name: &At<String>, others: &[At<String>], replace: bool) {
        let aliases = &self.catalog.aliases;
        if aliases.spelling(name).is_some() && !replace {
            let _: Option<()> = self.fault(messages::alias_taken(name));
        }
        for (at, one) in others.iter().chain([name]).enumerate() {
            let folded = fold_value(one);
            if folded.is_empty() {
                let _: Option<()> = self.fault(QueryError::no_words(one, one.span));
            }
            if let Some(canonical) =
                aliases.canonical(&folded).filter(|canonical| !same_name(canonical, name))
            {
                let _: Option<()> = self.fault(messages::alias_circle(one, canonical));
            }
            if at < others.len() && others.iter().take(at).chain([name]).any(|other| same_name(other, one)) {
                let _: Option<()> = self.fault(messages::name_twice(one));
            }
        }
    }

    pub(super) fn drop_saved(&mut self, drop: &ast::Drop) -> Option<Request> {
        let catalog = self.catalog;
        let (span, dropped) = match drop {
            ast::Drop::Saved(name) => {
                if !catalog.saved.contains_key(&name.node) {
                    let names = catalog.saved.keys().map(String::as_str);
                    let _: Option<()> = self.fault(QueryError::unknown_saved(&name.node, name.span, names));
                }
                (name.span, Drop::Saved(name.node.clone()))
            }
            ast::Drop::Alias(name) => {
                if catalog.aliases.spelling(name).is_none() {
                    let names = catalog.aliases.keys().map(String::as_str);
                    let _: Option<()> = self.fault(messages::unknown_alias(name, names));
                }
                (name.span, Drop::Alias(name.node.clone()))
            }
        };
        self.permitted("drop", span)?;
        Some(Request::Drop(dropped))
    }

    /// Returns the request of a statement that changes articles.
    pub(super) fn write(&mut self, write: &ast::Write, span: Span) -> Option<Request> {
        let request = self.written(write);
        let word = statement_word(write);
        self.permitted(word, Span::new(span.start as usize, span.start as usize + word.len()))?;
        request.map(Request::Write)
    }

    /// Returns what a statement would change; nothing is refused, since nothing is done.
    pub(super) fn explained_write(&mut self, write: &ast::Write) -> Option<Request> {
        self.written(write).map(Request::Write)
    }

    fn written(&mut self, write: &ast::Write) -> Option<Write> {
        match write {
            ast::Write::Insert(inserted) => self.insert(inserted),
            ast::Write::Delete(ast::Deleted::All) => Some(Write::Delete(Predicate::Everything)),
            ast::Write::Delete(ast::Deleted::Where(filter)) => self.filter(Some(filter)).map(Write::Delete),
            ast::Write::Curate(curate) => self.curate(curate),
            ast::Write::Set(set) => self.set_fields(set),
        }
    }

    /// An article is checked as import would check it.
    fn insert(&mut self, inserted: &At<ast::Inserted>) -> Option<Write> {
        let json = match &inserted.node {
            ast::Inserted::Json(json) => json.clone(),
            ast::Inserted::Parameter(parameter) => match self.bound(parameter, inserted.span)? {
                Binding::Value(Value::Text(json)) => json.clone(),
                other => {
                    let wanted = "the text of a JSON object";
                    return self.fault(messages::wrong_binding(parameter, other, wanted, inserted.span));
                }
            },
        };
        let settled = import::from_json(&json).and_then(|draft| {
            let settled = draft.settle(&mut self.catalog.schema.clone());
            settled.map_err(|error| import::Fault::Unfit(error.reason))
        });
        match settled {
            Ok(_) => Some(Write::Insert(json)),
            Err(fault) => self.fault(messages::unfit_article(&fault, inserted.span)),
        }
    }

    fn curate(&mut self, curate: &ast::Curate) -> Option<Write> {
        let action = if curate.adds { EditAction::Add } else { EditAction::Remove };
        let edit = match self.settable_field(&curate.field) {
            Some(field) if !field.many => self.fault(messages::one_value_field(&curate.field, curate.adds)),
            Some(field) => {
                let values: Vec<_> = curate
                    .values
                    .iter()
                    .map(|value| self.field_value(&curate.field, &field, value))
                    .collect();
                let values = values.into_iter().collect::<Option<_>>();
                values.map(|values| Edit { action, field, values })
            }
            None => None,
        };
        let predicate = self.filter(Some(&curate.filter));
        Some(Write::Edit { edits: vec![edit?], predicate: predicate? })
    }

    fn set_fields(&mut self, set: &ast::SetFields) -> Option<Write> {
        let mut edits: Vec<Edit> = Vec::new();
        for assignment in &set.assignments {
            let Some(field) = self.settable_field(&assignment.field) else { continue };
            if edits.iter().any(|earlier| earlier.field == field) {
                let _: Option<()> = self.fault(messages::listed_twice(&assignment.field, "the field"));
            }
            let value = self.field_value(&assignment.field, &field, &assignment.value);
            edits.extend(value.map(|value| Edit { action: EditAction::Set, field, values: vec![value] }));
        }
        let predicate = self.filter(Some(&set.filter))?;
        (edits.len() == set.assignments.len()).then_some(Write::Edit { edits, predicate })
    }

    fn settable_field(&mut self, name: &At<FieldRef>) -> Option<Field> {
        let field = self.field(name)?;
        let is_given = match &field.name {
            FieldName::Declared(_) => true,
            FieldName::Builtin(builtin) => is_settable(*builtin),
        };
        if is_given { Some(field) } else { self.fault(messages::not_settable(name)) }
    }

    /// Returns a value as the field holds it.
    fn field_value(&mut self, name: &At<FieldRef>, field: &Field, value: &At<ast::Value>) -> Option<Value> {
        let given = match self.one_value(value)? {
            Binding::Value(value) => value,
            other => return self.fault(messages::not_one_value(&other, value.span)),
        };
        match (field.field_type, given) {
            (FieldType::Text | FieldType::Keyword, Value::Text(text)) if fold_value(&text).is_empty() => {
                self.fault(messages::blank_value(name, &text, value.span))
            }
            (FieldType::Text | FieldType::Keyword, Value::Text(text)) => {
                Some(Value::Text(stored_text(field, text.trim())))
            }
            (FieldType::Number, number @ Value::Number(_)) => Some(number),
            (FieldType::Boolean, boolean @ Value::Boolean(_)) => Some(boolean),
            (FieldType::Date, date @ Value::Date(_)) => Some(date),
            (FieldType::Date, Value::Number(number)) if ast::Value::Number(number).year().is_some() => {
                ast::Value::Number(number).year().map(Value::Date)
            }
            (_, other) => {
                let shown = messages::Shown::value(&other);
                self.fault(messages::wrong_type(name, field, &shown, Some("="), value.span))
            }
        }
    }

    /// Says that the capability is missing only where nothing else is wrong: a statement with mistakes is mended first.
    fn permitted(&mut self, word: &str, span: Span) -> Option<()> {
        if self.session.write { Some(()) } else { self.fault(messages::write_refused(word, span)) }
    }
}

/// Countries are kept by their codes, so that one country is one value.
fn stored_text(field: &Field, text: &str) -> String {
    let country = match field.name {
        FieldName::Builtin(Builtin::Country) => gazetteer::country_by_name(text),
        _ => None,
    };
    country.map_or_else(|| text.to_owned(), |country| country.to_string())
}

fn statement_word(write: &ast::Write) -> &'static str {
    match write {
        ast::Write::Insert(_) => "insert",
        ast::Write::Delete(_) => "delete",
        ast::Write::Curate(curate) if curate.adds => "add",
        ast::Write::Curate(_) => "remove",
        ast::Write::Set(_) => "set",
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
