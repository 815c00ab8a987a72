//! What is generated for a context: its types and functions, and in another file its hooks.

use super::dates::Dated;
use super::{DATES, HASH, Module, Section, Source, definition, documented, pure};
use crate::names::{
    Names, constant, dates, getter, hook, infinite, key, patch, prefetch, string, suspense,
};
use crate::schema::{Context, Param, Schema};
use crate::types::{Object, Property, Type, Types, brackets, union};
use crate::writer::Doc;
use crate::{InvalidSchema, Options};

/// A quarter of the width.
const SHORT: usize = 20;

pub(super) struct Modules {
    /// What runs everywhere.
    pub(super) functions: Module,
    /// What runs where React draws for a browser.
    pub(super) hooks: Module,
}

pub(super) fn modules(
    schema: &Schema<'_>,
    position: usize,
    names: &Names,
    types: &Types<'_>,
    dated: &Dated,
    options: &Options,
) -> Result<Modules, InvalidSchema> {
    let context = &schema.contexts[position];
    let name = context.name;
    let about = About {
        context,
        names,
        constant: if options.single { constant(name) } else { "context".to_owned() },
        params_type: crate::names::params(name),
        data_type: crate::names::data(name),
        hash: if options.single { HASH.to_owned() } else { string(schema.hash) },
        has_dates: dated.contexts[position].is_some(),
        is_told_of_dates: dated.is_any(),
    };
    Ok(Modules {
        functions: about.functions(types)?,
        hooks: about.hooks(&names.stems[position], &names.bundle_hooks[position]),
    })
}

/// What all that is generated for a context is made of.
struct About<'s, 'a> {
    context: &'s Context<'a>,
    names: &'s Names,
    /// The constant that holds what the runtime makes for the context.
    constant: String,
    params_type: String,
    data_type: String,
    /// How the code says the schema's hash.
    hash: String,
    has_dates: bool,
    /// Whether the hooks have to be told of dates, be it that there are none.
    is_told_of_dates: bool,
}

impl About<'_, '_> {
    fn functions(&self, types: &Types<'_>) -> Result<Module, InvalidSchema> {
        let name = self.context.name;
        let mut module = Module::default();
        let params = params(&self.context.params, types)?;
        let data = data(self.context, types)?;
        let values = data.properties.iter().map(|property| &property.value);
        module
            .import_types([&params].into_iter().chain(values).flat_map(|of| types.used_names(of)));
        module.import_value(Source::Runtime, "contextKey", self.names);
        module.import_type(Source::Runtime, "FetchOptions", self.names);
        module.import_value(Source::Runtime, "mizanFetch", self.names);
        let (literal, getter) = (string(name), getter(name));
        let call = |start: &str, arguments: &[&str]| {
            let arguments = arguments.iter().map(|&argument| argument.into()).collect();
            Doc::list(&format!("{start}("), arguments, ")")
        };
        let given = [literal.as_str(), "params", "options"];
        let fetch = if self.has_dates {
            let places = dates(&self.data_type);
            module.import_value(Source::Runtime, "reviveDates", self.names);
            module.import_own(DATES, &places);
            vec![
                call("const data = await mizanFetch", &given),
                call(&format!("return reviveDates<{}>", self.data_type), &["data", &places]),
            ]
        } else {
            vec![call(&format!("return mizanFetch<{}>", self.data_type), &given)]
        };
        let swallow = Doc::Concat(vec![call(&getter, &["params"]), call(".catch", &["() => {}"])]);
        let key_of = self.names.local("contextKey");
        let say = call(&format!("return {key_of}"), &[&literal, "params"]);
        let promise = format!("Promise<{}>", self.data_type);
        module.code = vec![
            documented(
                &format!("What addresses the context `{name}`."),
                [types.alias(&self.params_type, &params)],
            ),
            documented(
                &format!("What the context `{name}` holds."),
                [types.interface(&self.data_type, &data)],
            ),
            self.function(
                &format!("The value of the context `{name}`, for loaders and event handlers."),
                (if self.has_dates { "async function" } else { "function" }, &getter),
                &["options?: FetchOptions"],
                &promise,
                fetch,
            ),
            self.function(
                &format!("Fetches the context `{name}` before it is drawn. If that fails, who draws it asks again."),
                ("function", &prefetch(name)),
                &[],
                "void",
                vec![swallow],
            ),
            self.function(
                &format!("The key of the context `{name}` with these params."),
                ("function", &key(name)),
                &[],
                "string",
                vec![say],
            ),
        ];
        Ok(module)
    }

    /// A function of the context's params.
    fn function(
        &self,
        doc: &str,
        (kind, name): (&str, &str),
        more: &[&str],
        returns: &str,
        body: Vec<Doc>,
    ) -> Section {
        let is_required = self.context.params.iter().any(|param| param.required);
        let default = if is_required { "" } else { " = {}" };
        let params = format!("params: {}{default}", self.params_type);
        let params = [params.as_str()].iter().chain(more).map(|&param| param.into()).collect();
        let code = vec![
            Doc::list(&format!("export {kind} {name}("), params, ")"),
            format!(": {returns} ").into(),
            Doc::block(body.into_iter().map(|line| Doc::Concat(vec![line, ";".into()]))),
        ];
        documented(doc, code)
    }

    fn hooks(&self, stem: &str, bundle_hook: &str) -> Module {
        let name = self.context.name;
        let mut module = Module { is_for_client: true, ..Module::default() };
        module.import_type(Source::React, "ContextPatch", self.names);
        module.import_value(Source::React, "defineContext", self.names);
        module.import_own(stem, &self.params_type);
        module.import_own(stem, &self.data_type);
        if self.is_told_of_dates {
            module.import_value(Source::React, "withDates", self.names);
        }
        if self.has_dates {
            module.import_own(DATES, &dates(&self.data_type));
        }
        module.code = vec![self.patch(), self.definition(), self.provider()];
        let waits = "Suspends until it is there.";
        let mut define = |doc: String, export: &str, define: &str, member: Option<&str>| {
            module.import_value(Source::React, define, self.names);
            module.code.push(self.of_context(&doc, export, define, member));
        };
        define(format!("Reads the whole context `{name}`."), bundle_hook, "defineBundle", None);
        let doc = format!("The value of the whole context `{name}`. {waits}");
        define(doc, &suspense(bundle_hook), "defineBundleSuspense", None);
        for member in &self.context.members {
            let (hook, own) = (hook(member.name), Some(member.name));
            define(member.doc.to_owned(), &hook, "defineMember", own);
            let doc = format!("The value that `{hook}` reads. {waits}");
            define(doc, &suspense(&hook), "defineMemberSuspense", own);
            if member.is_paginated {
                let doc = format!("Reads the pages of `{hook}` one after the other.");
                define(doc, &infinite(&hook), "defineInfinite", own);
            }
        }
        module
    }

    fn definition(&self) -> Section {
        let params = self.context.params.iter().map(|param| string(param.name).into()).collect();
        let arguments = vec![
            string(self.context.name).into(),
            Doc::list("[", params, "]"),
            self.hash.as_str().into(),
            string(&crate::names::provider(self.context.name)).into(),
        ];
        let types = vec![self.params_type.as_str().into(), self.data_type.as_str().into()];
        let start = format!("const {}", self.constant);
        if self.is_told_of_dates {
            let mut told = vec![pure("defineContext", types, arguments)];
            told.extend(self.has_dates.then(|| dates(&self.data_type).into()));
            return definition(&start, "withDates", Vec::new(), told);
        }
        definition(&start, "defineContext", types, arguments)
    }

    fn provider(&self) -> Section {
        let provider = format!("{}.Provider;", self.constant).into();
        let start = format!("export const {} =", crate::names::provider(self.context.name));
        documented(
            &format!("Fetches the context `{}` for the hooks inside it.", self.context.name),
            [start.into(), Doc::Assigned(Box::new(provider))],
        )
    }

    fn patch(&self) -> Section {
        let arguments = vec![
            string(self.context.name).into(),
            self.params_type.as_str().into(),
            self.data_type.as_str().into(),
        ];
        let of = brackets(&self.names.local("ContextPatch"), arguments, false);
        let start = format!("export type {} =", patch(self.context.name));
        documented(
            &format!(
                "What to show of the context `{}` until the server has spoken.",
                self.context.name
            ),
            [start.into(), Doc::Assigned(Box::new(Doc::Concat(vec![of, ";".into()])))],
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

pub(super) fn data(context: &Context<'_>, types: &Types<'_>) -> Result<Object, InvalidSchema> {
    let mut properties = Vec::new();
    for member in &context.members {
        let value = types.answer(&member.returns)?;
        if member.is_paginated && !types.has(&value, &["items", "next_cursor"]) {
            let what =
                "an object with \"items\" and \"next_cursor\", because the function is paginated";
            return Err(member.returns.expected_instead_of(what, "another schema"));
        }
        properties.push(Property {
            name: member.name.to_owned(),
            optional: !member.always,
            value,
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
