//! What is generated for a context.

use super::{HASH, Import, Module, Section, definition, documented, hook};
use crate::names::{Names, pascal_case, string};
use crate::schema::{Context, Member, Param, Schema};
use crate::types::{Object, Property, Type, Types, union};
use crate::writer::Doc;
use crate::{InvalidSchema, Options};

pub(super) fn module<'t>(
    schema: &Schema<'_>,
    position: usize,
    names: &Names,
    types: &'t Types<'_>,
    options: &Options,
) -> Result<Module<'t>, InvalidSchema> {
    let context = &schema.contexts[position];
    let pascal = pascal_case(context.name);
    let params = params(&context.params, types)?;
    let data = data(context, types)?;
    let about = About {
        context,
        constant: if options.single { format!("{pascal}Context") } else { "context".to_owned() },
        params_type: format!("{pascal}Params"),
        data_type: format!("{pascal}Data"),
        hash: if options.single { HASH.to_owned() } else { string(schema.hash) },
    };
    let mut module = Module {
        runtime: [Import::value("defineContext"), Import::of_type("MemberState")].into(),
        code: vec![
            documented(
                &format!("What addresses the context `{}`.", context.name),
                [types.alias(&about.params_type, &params)],
            ),
            documented(
                &format!("What the context `{}` holds.", context.name),
                [types.interface(&about.data_type, &data)],
            ),
            about.definition(),
            about.provider(&format!("{pascal}Provider")),
            about.bundle_hook(&names.bundle_hooks[position]),
        ],
        ..Module::default()
    };
    for (member, property) in context.members.iter().zip(&data.properties) {
        module.code.push(about.member_hook(member, &property.value, types));
    }
    collect_names(&params, &data, types, &mut module);
    Ok(module)
}

/// What all that is generated for a context is made of.
struct About<'s, 'a> {
    context: &'s Context<'a>,
    /// The constant that holds what the runtime makes for the context.
    constant: String,
    params_type: String,
    data_type: String,
    /// How the code says the schema's hash.
    hash: String,
}

impl About<'_, '_> {
    fn definition(&self) -> Section {
        let params = self.context.params.iter().map(|param| string(param.name).into()).collect();
        let arguments = vec![
            string(self.context.name).into(),
            Doc::list("[", params, "]"),
            self.hash.as_str().into(),
        ];
        let types = vec![self.params_type.as_str().into(), self.data_type.as_str().into()];
        definition(&format!("const {}", self.constant), "defineContext", types, arguments)
    }

    fn provider(&self, name: &str) -> Section {
        let provider = format!("{}.Provider;", self.constant).into();
        documented(
            &format!("Fetches the context `{}` for the hooks inside it.", self.context.name),
            [format!("export const {name} =").into(), Doc::Assigned(Box::new(provider))],
        )
    }

    fn bundle_hook(&self, name: &str) -> Section {
        hook(
            &format!("Reads the whole context `{}`.", self.context.name),
            &format!("{name}()"),
            format!("MemberState<{}>", self.data_type).into(),
            format!("{}.useBundle()", self.constant).into(),
        )
    }

    fn member_hook(&self, member: &Member<'_>, value: &Type, types: &Types<'_>) -> Section {
        let read = Doc::list("(", vec![string(member.name).into()], ")");
        hook(
            member.doc,
            &format!("{}()", crate::names::hook(member.name)),
            types.generic("MemberState", &[value]),
            Doc::Concat(vec![format!("{}.useMember", self.constant).into(), read]),
        )
    }
}

fn data(context: &Context<'_>, types: &Types<'_>) -> Result<Object, InvalidSchema> {
    let mut properties = Vec::new();
    for member in &context.members {
        properties.push(Property {
            name: member.name.to_owned(),
            optional: !member.always,
            value: types.read_schema(&member.returns)?,
            doc: member.doc.to_owned(),
            deprecated: false,
        });
    }
    Ok(Object { properties, others: None })
}

/// The type of a context's params. An alias and not an interface: only an alias is a subtype of
/// the runtime's dictionary of params.
fn params(params: &[Param<'_>], types: &Types<'_>) -> Result<Type, InvalidSchema> {
    if params.is_empty() {
        return Ok(Type::Record(Box::new(Type::Never), Box::new(Type::Never)));
    }
    let mut properties = Vec::new();
    for param in params {
        let value = types.param(&param.schema)?;
        let value = match param.required {
            // Null means "not given" (protocol section 1), and this one has to be.
            true => types.without_null(value),
            false => union(vec![value, Type::Undefined]),
        };
        properties.push(Property {
            name: param.name.to_owned(),
            optional: !param.required,
            value,
            doc: param.schema.description()?.to_owned(),
            deprecated: false,
        });
    }
    Ok(Type::Object(Object { properties, others: None }))
}

fn collect_names<'t>(params: &Type, data: &Object, types: &'t Types<'_>, into: &mut Module<'t>) {
    types.collect_names(params, &mut into.types);
    for property in &data.properties {
        types.collect_names(&property.value, &mut into.types);
    }
}
