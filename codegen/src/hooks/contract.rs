//! `Schema`: what the server has, as one type.

use super::{Module, documented};
use crate::InvalidSchema;
use crate::names::{Names, data, params, property};
use crate::schema::{Mutation, Schema};
use crate::types::{Types, fields};
use crate::writer::Doc;

pub(super) fn module(
    schema: &Schema<'_>,
    names: &Names,
    types: &Types<'_>,
) -> Result<Module, InvalidSchema> {
    let mut module = Module::default();
    let mut contexts = Vec::new();
    for (context, stem) in schema.contexts.iter().zip(&names.stems) {
        let (params, data) = (params(context.name), data(context.name));
        module.import_own(stem, &params);
        module.import_own(stem, &data);
        let fields =
            fields([("params", format!(" {params}").into()), ("data", format!(" {data}").into())]);
        contexts.push((context.name, fields));
    }
    let mut mutations = Vec::new();
    for Mutation { name, args, returns, .. } in &schema.mutations {
        let args = args.as_ref().map(|args| types.args(args)).transpose()?;
        let returns = types.read_schema(returns)?;
        module.import_types(args.iter().chain([&returns]).flat_map(|of| types.used_names(of)));
        let args = args.map_or(" void".into(), |args| types.value(&args));
        mutations.push((*name, fields([("args", args), ("result", types.value(&returns))])));
    }
    let members = [("contexts", contexts), ("mutations", mutations)].map(|(name, members)| {
        if members.is_empty() {
            return format!("{name}: Record<never, never>;").into();
        }
        let lines = members.into_iter().map(|(name, fields)| {
            Doc::Concat(vec![format!("{}: ", property(name)).into(), fields, ";".into()])
        });
        Doc::Concat(vec![format!("{name}: ").into(), Doc::block(lines), ";".into()])
    });
    let code = vec!["export interface Schema ".into(), Doc::block(members)];
    module.code.push(documented("What the server has: contexts to read, mutations to call.", code));
    Ok(module)
}
