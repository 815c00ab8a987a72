//! What is generated for mutations. Nothing of it names a context.

use super::{HASH, Import, Module, definition, documented};
use crate::InvalidSchema;
use crate::names::{hook, string};
use crate::schema::{Mutation, Schema};
use crate::types::Types;

pub(super) fn module<'t>(
    schema: &Schema<'_>,
    types: &'t Types<'_>,
) -> Result<Module<'t>, InvalidSchema> {
    let mut module = Module::default();
    for Mutation { name, doc, args, returns, .. } in &schema.mutations {
        let args = args.as_ref().map(|args| types.args(args)).transpose()?;
        let returns = types.read_schema(returns)?;
        for of in args.iter().chain([&returns]) {
            types.collect_names(of, &mut module.types);
        }
        let args = args.map_or("void".into(), |args| types.argument(&args));
        let define = vec![args, types.argument(&returns)];
        let arguments = vec![string(name).into(), HASH.into()];
        let start = format!("export const {}", hook(name));
        let code = definition(&start, "defineMutation", define, arguments);
        module.runtime.push(Import::value("defineMutation"));
        module.code.push(documented(doc, [code]));
    }
    Ok(module)
}
