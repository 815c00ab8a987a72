//! What a thousand functions cost, as a multiple of what a hundred cost. Nothing else runs in this
//! process: the allocator counts for everybody.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use mizan_codegen::{Options, generate};
use serde_json::{Value, json};

struct Counted;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

// SAFETY: the system's allocator does the work; what is counted beside it is nobody's memory.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller keeps to what the system's allocator asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counted = Counted;

/// How long it takes is printed, for people; a machine that is busy fails no test.
#[test]
fn ten_times_the_functions_are_ten_times_the_work() {
    let counts = [100, 1000].map(|size| {
        let text = functions(size);
        let before = ALLOCATIONS.load(Ordering::Relaxed);
        let start = Instant::now();
        let files = generate(&text, "schema.json", &Options::default()).expect("a schema");
        let time = start.elapsed();
        let count = ALLOCATIONS.load(Ordering::Relaxed) - before;
        assert_eq!(files.len(), 2 * (size / 10) + 4);
        let bytes: usize = files.iter().map(|file| file.text.len()).sum();
        println!("{size} functions: {time:?}, {count} allocations, {bytes} bytes");
        (count, bytes)
    });
    let [(few, short), (many, long)] = counts;
    assert!(long > 9 * short && long < 11 * short, "{short} bytes, {long} bytes");
    assert!(many < 11 * few, "{few} allocations, {many} allocations");
}

/// Nine reads to each mutation, ten functions to a context, two models to a function: one is a page
/// of the other, and half of them have the name of another application's model.
fn functions(size: usize) -> String {
    let reference = |name: String| json!({ "$ref": format!("#/components/schemas/{name}") });
    let (mut schemas, mut functions, mut contexts) = (json!({}), json!({}), json!({}));
    for n in 0..size {
        let class = format!("M{}", n / 2);
        let model = format!("app{}__models__{class}", n % 2);
        let page = format!("app{}__models__Page_{class}_", n % 2);
        schemas[&model] = json!({
            "title": class,
            "type": "object",
            "description": "A model.",
            "properties": {
                "id": { "type": "string", "format": "uuid" },
                "state": { "enum": ["open", "paid", "sent"] },
                "next": { "anyOf": [reference(model.clone()), { "type": "null" }] },
                "others": { "type": "array", "items": reference(model.clone()) },
            },
            "required": ["id", "state", "next"],
        });
        schemas[&page] = json!({
            "title": format!("Page[{class}]"),
            "type": "object",
            "properties": { "items": { "type": "array", "items": reference(model.clone()) } },
            "required": ["items"],
        });
        let context = format!("c{}", n / 10);
        if n % 10 == 9 {
            let function = json!({
                "kind": "mutation", "args": reference(model), "returns": reference(page), "doc": "Does it.",
                "affects": [{ "context": context, "params": [] }],
            });
            functions[format!("f{n}")] = function;
        } else {
            functions[format!("f{n}")] = json!({
                "kind": "read", "context": context, "params": ["p"], "returns": reference(page), "doc": "Reads it.",
            });
            let param = json!({ "name": "p", "schema": { "type": "integer" }, "required": true });
            let context = &mut contexts[&context];
            if context.is_null() {
                *context = json!({ "functions": [], "params": [param] });
            }
            context["functions"].as_array_mut().expect("a list").push(Value::from(format!("f{n}")));
        }
    }
    json!({
        "openapi": "3.1.0",
        "x-mizan-hash": "0123456789abcdef",
        "components": { "schemas": schemas },
        "x-mizan-contexts": contexts,
        "x-mizan-functions": functions,
    })
    .to_string()
}
