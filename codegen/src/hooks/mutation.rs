//! What is generated for mutations. What runs of it names no context; the types do, for optimistic
//! patches.

use super::{HASH, Module, Source, definition, documented, hooks_stem};
use crate::InvalidSchema;
use crate::names::{Names, hook, patch, string};
use crate::schema::{Mutation, Schema};
use crate::types::{Types, one_of};

pub(super) fn module(
    schema: &Schema<'_>,
    names: &Names,
    types: &Types<'_>,
) -> Result<Module, InvalidSchema> {
    let mut module = Module { is_for_client: !schema.mutations.is_empty(), ..Module::default() };
    for Mutation { name, doc, args, returns, affects, .. } in &schema.mutations {
        let args = args.as_ref().map(|args| types.args(args)).transpose()?;
        let returns = types.read_schema(returns)?;
        module.import_types(args.iter().chain([&returns]).flat_map(|of| types.used_names(of)));
        let args = args.map_or("void".into(), |args| types.argument(&args));
        let mut define = vec![args, types.argument(&returns)];
        let mut patches = Vec::new();
        for &place in affects {
            let patch = patch(schema.contexts[place].name);
            module.import_own(&hooks_stem(&names.stems[place]), &patch);
            patches.push(patch);
        }
        if !patches.is_empty() {
            define.push(one_of(&patches));
        }
        let arguments = vec![string(name).into(), HASH.into()];
        let start = format!("export const {}", hook(name));
        let code = definition(&start, "defineMutation", define, arguments);
        module.import_value(Source::React, "defineMutation", names);
        module.code.push(documented(doc, [code]));
    }
    Ok(module)
}
