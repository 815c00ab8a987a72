//! Classes that a server reads as it writes them: one type does.

use std::collections::{HashMap, HashSet};

use super::{Object, Tuple, Type, Types};

impl Types<'_> {
    /// Those of the pairs of components that say the same, if pairs that they are made of do.
    pub(super) fn same_shapes(&self, pairs: &[(usize, usize)]) -> HashSet<(usize, usize)> {
        let mut same: HashSet<_> = pairs.iter().copied().collect();
        loop {
            let before = same.len();
            let assumed = same.clone();
            same.retain(|&(one, other)| {
                self.docs[one] == self.docs[other]
                    && alike(&self.components[one], &self.components[other], &assumed)
            });
            if same.len() == before {
                // Two classes of one name may say the same; which of them it is nobody knows.
                let mut count: HashMap<usize, usize> = HashMap::new();
                same.iter().for_each(|(one, _)| *count.entry(*one).or_default() += 1);
                same.retain(|(one, _)| count[one] == 1);
            }
            if same.len() == before {
                return same;
            }
        }
    }
}

fn alike(one: &Type, other: &Type, same: &HashSet<(usize, usize)>) -> bool {
    let all = |some: &[Type], others: &[Type]| {
        some.len() == others.len() && some.iter().zip(others).all(|(a, b)| alike(a, b, same))
    };
    let both = |one: &Option<Box<Type>>, other: &Option<Box<Type>>| match (one, other) {
        (Some(one), Some(other)) => alike(one, other, same),
        (one, other) => one.is_none() && other.is_none(),
    };
    match (one, other) {
        (Type::Component(one), Type::Component(other)) => {
            one == other || same.contains(&(*one, *other))
        }
        (Type::Array(one), Type::Array(other)) => alike(one, other, same),
        (Type::Tuple(one), Type::Tuple(other)) => {
            let Tuple { items, required, rest } = one;
            *required == other.required && all(items, &other.items) && both(rest, &other.rest)
        }
        (Type::Object(one), Type::Object(other)) => {
            let Object { properties, others } = one;
            properties.len() == other.properties.len()
                && properties.iter().zip(&other.properties).all(|(one, other)| {
                    (&one.name, one.optional, &one.doc, one.deprecated)
                        == (&other.name, other.optional, &other.doc, other.deprecated)
                        && alike(&one.value, &other.value, same)
                })
                && both(others, &other.others)
        }
        (Type::Record(key, value), Type::Record(other_key, other_value)) => {
            alike(key, other_key, same) && alike(value, other_value, same)
        }
        (Type::Union(some), Type::Union(others))
        | (Type::Intersection(some), Type::Intersection(others)) => all(some, others),
        (one, other) => one == other,
    }
}
