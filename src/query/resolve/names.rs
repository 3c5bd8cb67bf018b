//! Names to fields, with the nearest name where there is none.

use super::{Resolver, messages};
use crate::query::QueryError;
use crate::query::ast::{At, FieldRef};
use crate::schema::{Builtin, Field, FieldType};

impl Resolver<'_> {
    /// Returns the field of a name or alias.
    pub(super) fn field(&mut self, name: &At<FieldRef>) -> Option<Field> {
        if let Some(field) = self.catalog.schema.field(&name.name()) {
            return Some(field);
        }
        let declared = self.catalog.schema.declared().map(|(name, _)| name);
        let builtin = Builtin::ALL.iter().flat_map(|field| {
            let info = field.info();
            std::iter::once(info.name).chain(info.aliases.iter().copied())
        });
        self.fault(QueryError::unknown_field(&name.name(), name.span, builtin.chain(declared)))
    }

    /// Returns the field of a name whose values can be listed, so that rows can be grouped by them.
    pub(super) fn grouping_field(&mut self, name: &At<FieldRef>, action: &str) -> Option<Field> {
        let field = self.field(name)?;
        if matches!(field.field_type, FieldType::Text | FieldType::Quote) {
            return self.fault(messages::not_groupable(name, &field, action));
        }
        Some(field)
    }

    /// Returns the date field of a name.
    pub(super) fn date_field(&mut self, name: &At<FieldRef>, action: &str) -> Option<Field> {
        let field = self.field(name)?;
        if field.field_type != FieldType::Date {
            return self.fault(messages::not_a_date_field(name, &field, action));
        }
        Some(field)
    }
}
