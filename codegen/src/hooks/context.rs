//! What is generated for a context.

use super::{HASH, Import, Module, Section, definition, documented};
use crate::names::{Names, getter, hook, key, pascal_case, prefetch, string, suspense};
use crate::schema::{Context, Param, Schema};
use crate::types::{Object, Property, Type, Types, brackets, union};
use crate::writer::Doc;
use crate::{InvalidSchema, Options};

/// What the runtime makes of each context.
const DEFINES: [&str; 8] = [
    "defineBundle",
    "defineBundleSuspense",
    "defineContext",
    "defineFetch",
    "defineKey",
    "defineMember",
    "defineMemberSuspense",
    "definePrefetch",
];

/// A quarter of the width.
const SHORT: usize = 20;

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
        runtime: DEFINES
            .map(Import::value)
            .into_iter()
            .chain([Import::of_type("ContextPatch")])
            .collect(),
        code: vec![
            documented(
                &format!("What addresses the context `{}`.", context.name),
                [types.alias(&about.params_type, &params)],
            ),
            documented(
                &format!("What the context `{}` holds.", context.name),
                [types.interface(&about.data_type, &data)],
            ),
            about.patch(&format!("{pascal}Patch")),
            about.definition(),
            about.provider(&format!("{pascal}Provider")),
        ],
        ..Module::default()
    };
    let name = context.name;
    let bundle_hook = &names.bundle_hooks[position];
    let waits = "Suspends until it is there.";
    let mut define = |doc: String, export: &str, define: &str, member: Option<&str>| {
        module.code.push(about.of_context(&doc, export, define, member));
    };
    define(format!("Reads the whole context `{name}`."), bundle_hook, "defineBundle", None);
    let doc = format!("The value of the whole context `{name}`. {waits}");
    define(doc, &suspense(bundle_hook), "defineBundleSuspense", None);
    for member in &context.members {
        let (hook, own) = (hook(member.name), Some(member.name));
        define(member.doc.to_owned(), &hook, "defineMember", own);
        let doc = format!("The value that `{hook}` reads. {waits}");
        define(doc, &suspense(&hook), "defineMemberSuspense", own);
    }
    let doc = format!("The value of the context `{name}`, for loaders and event handlers.");
    define(doc, &getter(name), "defineFetch", None);
    let doc = format!("Fetches the context `{name}` before it is drawn.");
    define(doc, &prefetch(name), "definePrefetch", None);
    let doc = format!("The key of the context `{name}` with these params.");
    define(doc, &key(name), "defineKey", None);
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

    fn patch(&self, name: &str) -> Section {
        let arguments = vec![
            string(self.context.name).into(),
            self.params_type.as_str().into(),
            self.data_type.as_str().into(),
        ];
        let patch = Doc::Concat(vec![brackets("ContextPatch", arguments, false), ";".into()]);
        documented(
            &format!(
                "What to show of the context `{}` until the server has spoken.",
                self.context.name
            ),
            [format!("export type {name} =").into(), Doc::Assigned(Box::new(patch))],
        )
    }

    /// What the runtime makes of the context, or of a member of it.
    fn of_context(&self, doc: &str, export: &str, define: &str, member: Option<&str>) -> Section {
        let start = format!("export const {export}");
        let constant = self.constant.as_str();
        let mut arguments = vec![constant.into()];
        arguments.extend(member.map(|member| Doc::from(string(member))));
        let code = match member {
            // Prettier does not break a call for one short argument, but before it.
            None if constant.len() <= SHORT => Doc::Concat(vec![
                format!("{start} =").into(),
                Doc::group([Doc::indent([
                    Doc::Line,
                    format!("/* @__PURE__ */ {define}({constant});").into(),
                ])]),
            ]),
            _ => definition(&start, define, Vec::new(), arguments),
        };
        documented(doc, [code])
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
