//! What the types of components are called: the names that Pydantic gives and the titles beside them,
//! and what becomes of them.

use mizan_codegen::{Options, generate};
use serde_json::json;

/// The types of components, which are given as name and title (none if empty). Each has a property
/// with what the others are, so that a generic class is made of all that are there.
fn names(components: &[(&str, &str)]) -> Vec<String> {
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let mut schemas = json!({});
    for (name, title) in components {
        let is_made_of = |other: &str| title.contains(&format!("[{other}]"));
        let parts = components.iter().filter(|(part, other)| {
            let number = |name: &str| name.rsplit('_').next().and_then(|n| n.parse::<usize>().ok());
            let nth = components.iter().filter(|(_, title)| title == other);
            let nth = nth.take_while(|(name, _)| name != part).count() + 1;
            is_made_of(other) && number(name).is_none_or(|number| number == nth)
        });
        let parts: Vec<_> = parts.map(|(part, _)| reference(part)).collect();
        // What sets it apart, lest two shapes of one class become one type.
        let mut schema = json!({ "type": "object", "properties": { *name: { "anyOf": parts } } });
        if !title.is_empty() {
            schema["title"] = json!(title);
        }
        schemas[*name] = schema;
    }
    let document = json!({
        "openapi": "3.1.0", "x-mizan-hash": "0123456789abcdef", "components": { "schemas": schemas },
        "x-mizan-contexts": {}, "x-mizan-functions": {},
    });
    // In the order of the names: that of the document.
    let files = generate(&document.to_string(), "schema.json", &Options::default()).expect("files");
    let types = files.iter().find(|file| file.path == "types.ts").expect("the types");
    let declared = types.text.lines().filter_map(|line| line.strip_prefix("export interface "));
    declared.map(|line| line.trim_end_matches(" {").to_owned()).collect()
}

#[test]
fn a_class_keeps_its_name() {
    assert_eq!(names(&[("Task", "Task"), ("task_list", "task_list")]), ["Task", "TaskList"]);
    assert_eq!(names(&[("Task", "A task, as people see it")]), ["Task"]);
    assert_eq!(names(&[("Task", "")]), ["Task"]);
    assert_eq!(names(&[("Gr__e", "Größe"), ("__", "日本")]), ["Größe", "日本"]);
    assert_eq!(names(&[("3D", "3D"), ("_", "_")]), ["Model3D", "Model"]);
}

#[test]
fn what_a_server_answers_has_the_plain_name() {
    let shapes = [("Task-Input", "Task"), ("Task-Output", "Task")];
    assert_eq!(names(&shapes), ["TaskInput", "Task"]);
    let taken = [("Task-Input", "Task"), ("Task-Output", "Task"), ("TaskInput", "TaskInput")];
    assert_eq!(names(&taken), ["TaskInput2", "Task", "TaskInput"]);
}

#[test]
fn classes_of_one_name_are_told_apart_by_what_differs_in_their_modules() {
    for (one, other, expected) in [
        ("board__models__Task", "shop__models__Task", ["BoardTask", "ShopTask"]),
        ("apps__board__models__Task", "apps__shop__models__Task", ["BoardTask", "ShopTask"]),
        ("shop__client__Task", "shop__models__Task", ["ClientTask", "ModelsTask"]),
        ("shop__Task", "shop__sub__Task", ["Task", "SubTask"]),
        ("a__b__c__Task", "a__c__Task", ["BTask", "Task"]),
        ("big_shop__models__Task", "shop__models__Task", ["BigShopTask", "ShopTask"]),
    ] {
        assert_eq!(names(&[(one, "Task"), (other, "Task")]), expected, "{one}");
    }
    let shapes = [("a__Task-Input", "Task"), ("a__Task-Output", "Task"), ("b__Task", "Task")];
    assert_eq!(names(&shapes), ["ATaskInput", "ATask", "BTask"]);
    // A module alone is no reason for a longer name.
    assert_eq!(names(&[("board__models__Task", "Task")]), ["Task"]);
}

#[test]
fn a_generic_class_has_the_names_of_what_it_is_made_of() {
    for (name, title, expected) in [
        ("Page_int_", "Page[int]", "PageInt"),
        ("Page_list_int__", "Page[list[int]]", "PageListInt"),
        ("Page_Union_int__NoneType__", "Page[Union[int, NoneType]]", "PageIntOrNull"),
        ("Page_Optional_int__", "Page[Optional[int]]", "PageIntOrNull"),
        ("Map_str__list_float__", "Map[str, list[float]]", "MapStrListFloat"),
        ("X__", "X[]", "X"),
        ("X_a_b_", "X]a[b]", "XAB"),
    ] {
        assert_eq!(names(&[(name, title)]), [expected]);
    }
    let pages = [
        ("a__Page_Task___1", "Page[Task]"),
        ("a__Page_Task___2", "Page[Task]"),
        ("a__Task", "Task"),
        ("b__Task", "Task"),
    ];
    assert_eq!(names(&pages), ["PageATask", "PageBTask", "ATask", "BTask"]);
}
