//! The normal form of predicates: negation only at single conditions, no constants inside, no list in its own kind.

use crate::query::Predicate;

impl Predicate {
    /// Returns the predicate that the same articles satisfy, in normal form.
    ///
    /// `Not` stands only before single conditions, `Everything` and `Nothing` only alone, `And` and `Or` hold two or
    /// more conditions and none of their own kind.
    #[must_use]
    pub fn normal(self) -> Predicate {
        normal(self, false)
    }
}

/// Normalises `predicate`, or its complement where `negated`.
fn normal(predicate: Predicate, negated: bool) -> Predicate {
    match (predicate, negated) {
        (Predicate::Not(inner), _) => normal(*inner, !negated),
        (Predicate::And(operands), false) | (Predicate::Or(operands), true) => all_of(operands, negated),
        (Predicate::Or(operands), false) | (Predicate::And(operands), true) => any_of(operands, negated),
        (Predicate::Everything, true) => Predicate::Nothing,
        (Predicate::Nothing, true) => Predicate::Everything,
        (single, true) => Predicate::Not(Box::new(single)),
        (single, false) => single,
    }
}

fn all_of(operands: Vec<Predicate>, negated: bool) -> Predicate {
    let mut flat = Vec::new();
    for operand in operands {
        match normal(operand, negated) {
            Predicate::Everything => {}
            Predicate::Nothing => return Predicate::Nothing,
            Predicate::And(inner) => flat.extend(inner),
            single => flat.push(single),
        }
    }
    match (flat.pop(), flat.is_empty()) {
        (None, _) => Predicate::Everything,
        (Some(only), true) => only,
        (Some(last), false) => Predicate::And(flat.into_iter().chain([last]).collect()),
    }
}

fn any_of(operands: Vec<Predicate>, negated: bool) -> Predicate {
    let mut flat = Vec::new();
    for operand in operands {
        match normal(operand, negated) {
            Predicate::Nothing => {}
            Predicate::Everything => return Predicate::Everything,
            Predicate::Or(inner) => flat.extend(inner),
            single => flat.push(single),
        }
    }
    match (flat.pop(), flat.is_empty()) {
        (None, _) => Predicate::Nothing,
        (Some(only), true) => only,
        (Some(last), false) => Predicate::Or(flat.into_iter().chain([last]).collect()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::schema::{Builtin, FieldName};

    const NAMES: [&str; 4] = ["a", "b", "c", "d"];

    fn leaf(name: &str) -> Predicate {
        Predicate::Boolean(FieldName::Declared(name.to_owned()), true)
    }

    fn holds(predicate: &Predicate, world: u8) -> bool {
        match predicate {
            Predicate::Everything => true,
            Predicate::Nothing => false,
            Predicate::And(operands) => operands.iter().all(|operand| holds(operand, world)),
            Predicate::Or(operands) => operands.iter().any(|operand| holds(operand, world)),
            Predicate::Not(inner) => !holds(inner, world),
            Predicate::Boolean(FieldName::Declared(name), _) => {
                let bit = NAMES.iter().position(|known| known == name).unwrap();
                world & (1 << bit) != 0
            }
            other => panic!("{other:?} is no leaf of this test"),
        }
    }

    fn is_normal(predicate: &Predicate, top: bool) -> bool {
        let list = |operands: &[Predicate], own: fn(&Predicate) -> bool| {
            operands.len() > 1 && operands.iter().all(|o| is_normal(o, false) && !own(o))
        };
        match predicate {
            Predicate::Everything | Predicate::Nothing => top,
            Predicate::And(operands) => list(operands, |o| matches!(o, Predicate::And(_))),
            Predicate::Or(operands) => list(operands, |o| matches!(o, Predicate::Or(_))),
            Predicate::Not(inner) => matches!(**inner, Predicate::Boolean(..)),
            _ => true,
        }
    }

    fn any_predicate() -> impl Strategy<Value = Predicate> {
        let leaf = prop_oneof![
            4 => proptest::sample::select(NAMES.to_vec()).prop_map(leaf),
            1 => Just(Predicate::Everything),
            1 => Just(Predicate::Nothing),
        ];
        leaf.prop_recursive(5, 40, 4, |inner| {
            let list = proptest::collection::vec(inner.clone(), 1..4);
            prop_oneof![
                list.clone().prop_map(Predicate::And),
                list.prop_map(Predicate::Or),
                inner.prop_map(|p| Predicate::Not(Box::new(p))),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_normal_form_means_the_same(predicate in any_predicate()) {
            let normal = predicate.clone().normal();
            prop_assert!(is_normal(&normal, true), "{:?}", normal);
            for world in 0..16 {
                prop_assert_eq!(holds(&predicate, world), holds(&normal, world));
            }
        }
    }

    #[test]
    fn double_negation_vanishes() {
        let exists = || Predicate::Exists(Builtin::Source.into());
        let twice = Predicate::Not(Box::new(Predicate::Not(Box::new(exists()))));
        assert_eq!(twice.normal(), exists());
    }
}
