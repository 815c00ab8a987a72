//! Where values have dates, for the runtime.

use super::{DATES, Module, Source, context, documented};
use crate::names::{Names, data, dates};
use crate::schema::Schema;
use crate::types::{Places, Types};
use crate::writer::Doc;
use crate::{InvalidSchema, Options};

/// Where all that the server answers has dates.
pub(super) struct Dated {
    pub(super) contexts: Vec<Option<Places>>,
    pub(super) results: Vec<Option<Places>>,
}

impl Dated {
    pub(super) fn read(schema: &Schema<'_>, types: &Types<'_>) -> Result<Self, InvalidSchema> {
        let contexts = schema
            .contexts
            .iter()
            .map(|context| Ok(types.places_of_members(&context::data(context, types)?)));
        let results = schema
            .mutations
            .iter()
            .map(|mutation| Ok(types.places(&types.answer(&mutation.returns)?)));
        Ok(Self {
            contexts: contexts.collect::<Result<_, _>>()?,
            results: results.collect::<Result<_, _>>()?,
        })
    }

    /// If anything has dates, the hooks have to know it of everything: a patch may be of any context.
    pub(super) fn is_any(&self) -> bool {
        self.contexts.iter().chain(&self.results).any(Option::is_some)
    }

    /// One constant for each component and each context that has dates.
    pub(super) fn module(
        &self,
        schema: &Schema<'_>,
        names: &Names,
        types: &Types<'_>,
        options: &Options,
    ) -> Module {
        let contexts = schema.contexts.iter().zip(&self.contexts);
        let contexts =
            contexts.filter_map(|(context, places)| Some((data(context.name), places.clone()?)));
        let all: Vec<Places> =
            self.contexts.iter().chain(&self.results).flatten().cloned().collect();
        let components = types.dated_components(&all).into_iter();
        let components = components.map(|(index, places)| (types.name(index).to_owned(), places));
        let mut module = Module::default();
        for (name, places) in components.chain(contexts) {
            module.import_type(Source::Runtime, "Dates", names);
            // In a file alone, other files need it.
            let export = if options.single { "" } else { "export " };
            let code = vec![
                format!("{export}const {}: Dates =", dates(&name)).into(),
                Doc::Assigned(Box::new(Doc::Concat(vec![types.places_doc(&places), ";".into()]))),
            ];
            module.code.push(documented(&format!("Where `{name}` has dates."), code));
        }
        module
    }
}

/// What says these places, with what it needs.
pub(super) fn places(of: &Places, types: &Types<'_>, module: &mut Module) -> Doc {
    for index in types.named_in(of) {
        module.import_own(DATES, &dates(types.name(index)));
    }
    match of {
        Places::Component(index) => dates(types.name(*index)).into(),
        of => types.places_doc(of),
    }
}
