//! What a document that is no schema gets to hear: `invalid/<case>.json` and its message.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use mizan_codegen::{Options, generate};

#[rustfmt::skip]
const MESSAGES: &[(&str, &str)] = &[
    ("affects", r#"x-mizan-functions.rename.affects: expected an array of what the function affects, found "user""#),
    ("affects_context", r#"x-mizan-functions.rename.affects[0].context: expected the name of a context in x-mizan-contexts, or "*" for all of them, found "users""#),
    ("args_inline", "x-mizan-functions.rename.args: expected a $ref to the component of the arguments, or null, found another schema"),
    ("args_missing", "x-mizan-functions.rename.args: expected a $ref to the component of the arguments, or null, found nothing"),
    ("context_name", r#"x-mizan-contexts["üser"]: expected a context name ([A-Za-z][A-Za-z0-9_]{0,63}), found "üser""#),
    ("context_of_function", r#"x-mizan-functions.user_profile.context: expected "user", which lists the function, found "account""#),
    ("contexts_clash", "x-mizan-contexts.User: expected a name of its own in the generated code, found `UserParams`, which x-mizan-contexts.user becomes too"),
    ("cut_off", "line 3 column 0: expected a JSON document, found an error: EOF while parsing a value"),
    ("doc", "x-mizan-functions.rename.doc: expected the function's docstring, found 5"),
    ("empty", "line 1 column 0: expected a JSON document, found an error: EOF while parsing a value"),
    ("files_clash", "x-mizan-contexts.uSER: expected a name of its own in the generated code, found `user.ts`, which x-mizan-contexts.user becomes too"),
    ("function", "x-mizan-functions.rename: expected a function, found null"),
    ("function_in_two_contexts", r#"x-mizan-contexts.account.functions[0]: expected a function that no context has listed before, found "user_profile""#),
    ("function_name", r#"x-mizan-functions.user-profile: expected a function name ([A-Za-z][A-Za-z0-9_]{0,63}), found "user-profile""#),
    ("function_name_length", r#"x-mizan-functions.rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr: expected a function name ([A-Za-z][A-Za-z0-9_]{0,63}), found "rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr…""#),
    ("half_a_character", "line 2 column 21: expected a JSON document, found an error: unexpected end of hex escape"),
    ("hash", r#"x-mizan-hash: expected the hash that `manage.py mizan_schema` writes (16 hex digits), found "0123456789ABCDEF""#),
    ("hooks_clash", "x-mizan-functions.userProfile: expected a name of its own in the generated code, found `useUserProfile`, which x-mizan-functions.user_profile becomes too"),
    ("html", "line 1 column 1: expected a JSON document, found an error: expected value"),
    ("infinite_clash", "x-mizan-functions.user_profile_infinite: expected a name of its own in the generated code, found `useUserProfileInfinite`, which x-mizan-functions.user_profile becomes too"),
    ("kind", r#"x-mizan-functions.rename.kind: expected "read", "mutation" or "view", found "subscription""#),
    ("list", "expected the object that `manage.py mizan_schema` prints, found an array"),
    ("member_twice", r#"line 5 column 12: expected a JSON document, found an error: "rename" a second time"#),
    ("mutation_in_context", r#"x-mizan-contexts.user.functions[1]: expected the name of a read function in x-mizan-functions, found "rename""#),
    ("no_contexts", "x-mizan-contexts: expected an object of contexts, found nothing"),
    ("only_itself", "components.schemas.Loop: expected a type, found one made of nothing but itself"),
    ("openapi_3_0", r#"openapi: expected an OpenAPI version 3.1, found "3.0.3""#),
    ("other_openapi", "x-mizan-hash: expected the hash that `manage.py mizan_schema` writes (16 hex digits), found nothing"),
    ("paginated", r#"x-mizan-functions.user_profile.paginated: expected true or false, for whether the function gives pages, found "yes""#),
    ("paginated_cursor", r#"x-mizan-functions.user_profile.params: expected an optional param "cursor", because the function is paginated, found user_id"#),
    ("paginated_cursor_required", r#"x-mizan-functions.user_profile.required: expected an optional param "cursor", because the function is paginated, found a required one"#),
    ("paginated_returns", r#"x-mizan-functions.user_profile.returns: expected an object with "items" and "next_cursor", because the function is paginated, found another schema"#),
    ("param_children", r#"x-mizan-contexts.user.params[0].name: expected a param name that a React component can have as a prop (`children` is what stands inside the provider), found "children""#),
    ("param_enabled", r#"x-mizan-contexts.user.params[0].name: expected a param name that a React component can have as a prop (`enabled` says whether the provider fetches), found "enabled""#),
    ("param_key", r#"x-mizan-contexts.user.params[0].name: expected a param name that a React component can have as a prop (React keeps `key` for itself), found "key""#),
    ("param_list", "x-mizan-contexts.user.params[0].schema: expected the schema of a flat value (a string, a boolean, a number or one of these), found one of another shape"),
    ("param_name", r#"x-mizan-contexts.user.params[0].name: expected a param name ([a-z][a-z0-9_]{0,63}), found "userId""#),
    ("param_object", "x-mizan-contexts.user.params[0].schema: expected the schema of a flat value (a string, a boolean, a number or one of these), found one of another shape"),
    ("param_ref", r#"x-mizan-contexts.user.params[0].name: expected a param name that a React component can have as a prop (React 18 keeps `ref` for itself), found "ref""#),
    ("param_required", r#"x-mizan-contexts.user.params[0].required: expected true or false, for whether the param is required, found "yes""#),
    ("param_twice", r#"x-mizan-contexts.user.params[1].name: expected a param name that the context does not have yet, found "user_id""#),
    ("param_without_schema", "x-mizan-contexts.user.params[0].schema: expected a JSON Schema, found nothing"),
    ("params", "x-mizan-contexts.user.params: expected an array of params, found an object"),
    ("property_not_schema", r#"components.schemas.Profile.properties.name: expected a JSON Schema, found "string""#),
    ("read_without_context", r#"x-mizan-functions.user_profile.context: expected a context in x-mizan-contexts that lists the function, found "user""#),
    ("reference_elsewhere", r#"components.schemas.Profile.properties.name.$ref: expected a reference to a component (#/components/schemas/…), found "https://example.com/name.json""#),
    ("required_property", r#"components.schemas.Profile.required: expected an array of property names, found "name""#),
    ("reserved_file_clash", "x-mizan-contexts.schema_context: expected a name of its own in the generated code, found `schema_context.ts`, which x-mizan-contexts.schema becomes too"),
    ("returns_missing", "x-mizan-functions.user_profile.returns: expected a JSON Schema, found null"),
    ("swagger", "openapi: expected an OpenAPI version 3.1, found nothing"),
    ("type", r#"components.schemas.Profile.properties["first name"].type: expected "string", "number", "integer", "boolean", "null", "array" or "object", found "strnig""#),
    ("unknown_component", r##"x-mizan-functions.user_profile.returns.items.$ref: expected a reference to a component (#/components/schemas/…), found "#/components/schemas/Profil""##),
    ("unknown_function", r#"x-mizan-contexts.user.functions[0]: expected the name of a read function in x-mizan-functions, found "user_profil""#),
    ("unknown_param", r#"x-mizan-functions.user_profile.params[1]: expected a param of the function's context, found "team_id""#),
];

#[test]
fn each_says_where_what_was_expected_and_what_was_found() {
    for (case, message) in MESSAGES {
        let text = fs::read_to_string(folder().join(format!("{case}.json"))).expect("the case");
        let error = generate(&text, "schema.json", &Options::default()).expect_err(case);
        assert_eq!(error.to_string(), format!("schema.json: {message}"), "{case}");
    }
}

#[test]
fn every_case_has_its_message() {
    let files: BTreeSet<String> = fs::read_dir(folder())
        .expect("the cases")
        .map(|entry| entry.expect("a case").file_name().to_string_lossy().into_owned())
        .collect();
    let cases: BTreeSet<String> = MESSAGES.iter().map(|(case, _)| format!("{case}.json")).collect();
    assert_eq!(files, cases);
}

#[test]
fn the_parts_of_a_message_can_be_had_alone() {
    let error = generate(r#"{"openapi": "2.0"}"#, "schema.json", &Options::default())
        .expect_err("an old version");
    assert_eq!(error.place(), "openapi");
    assert_eq!(error.expected(), "an OpenAPI version 3.1");
    assert_eq!(error.found(), r#""2.0""#);
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/invalid")
}
