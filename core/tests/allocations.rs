//! How often the machine allocates, by operation. Nothing else runs in this process: the allocator counts
//! for everybody.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use mizan_core::{
    Answer, Cache, CallId, Changes, FetchId, Handle, Input, Invalidation, Key, Options, Outcome,
    Output, Value,
};

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

/// How often each operation allocates, on average over all entries. What a `Vec` takes to grow is shared by
/// so many that it vanishes. A list of what was invalidated is one that the caller makes, and one text.
const KEPT: [(&str, usize); 7] = [
    ("open", 0),
    ("subscribe", 1),
    ("answer", 0),
    ("call", 0),
    ("invalidate one", 1),
    ("answer again", 0),
    ("unsubscribe", 0),
];

/// How often each operation allocates among `size` entries, times `size`.
fn visit(size: u32) -> Vec<(&'static str, usize)> {
    let mut cache = Cache::new();
    let mut counts = Vec::with_capacity(KEPT.len());
    let mut count = |what, act: &mut dyn FnMut()| {
        let before = ALLOCATIONS.load(Ordering::Relaxed);
        act();
        counts.push((what, ALLOCATIONS.load(Ordering::Relaxed) - before));
    };
    let key = |id: u32| Key::new("user", [("user_id", Value::Number(&id.to_string()))]);
    let keys: Vec<_> = (0..size).map(|id| key(id).expect("a key")).collect();
    let mut opened = keys.clone();
    let mut handles: Vec<Handle> = Vec::with_capacity(keys.len());

    count("open", &mut || handles.extend(opened.drain(..).map(|key| cache.open(0, key))));
    count("subscribe", &mut || {
        for handle in &handles {
            cache.handle_input(0, Input::Subscribe(*handle, Options::default()));
        }
    });
    let fetches = poll(&mut cache, size);
    count("answer", &mut || answer(&mut cache, &fetches));
    count("call", &mut || {
        for id in 0..size {
            cache.handle_input(0, Input::Call(CallId(id), false, "", Vec::new()));
        }
    });
    let mut changed = keys.into_iter();
    count("invalidate one", &mut || {
        for (id, key) in (0..).zip(changed.by_ref()) {
            let changes = Changes { list: Ok(vec![Invalidation::from(key)]), header: "" };
            let answered = Input::CallAnswered(CallId(id), true, Answer::default(), changes);
            cache.handle_input(0, answered);
        }
    });
    let fetches = poll(&mut cache, size);
    count("answer again", &mut || answer(&mut cache, &fetches));
    count("unsubscribe", &mut || {
        for handle in &handles {
            cache.handle_input(0, Input::Unsubscribe(*handle, Options::default()));
        }
    });
    counts
}

/// The fetches that have begun.
fn poll(cache: &mut Cache, size: u32) -> Vec<(Handle, FetchId)> {
    let mut fetches = Vec::new();
    while let Some(output) = cache.poll_output() {
        if let Output::Fetch { entry, fetch } = output {
            fetches.push((entry, fetch));
        }
    }
    assert_eq!(fetches.len(), size as usize, "one for each entry");
    fetches
}

fn answer(cache: &mut Cache, fetches: &[(Handle, FetchId)]) {
    for (entry, fetch) in fetches {
        let outcome = Outcome { status: 200, retry_after: 0 };
        cache.handle_input(0, Input::Fetched(*entry, *fetch, outcome, Answer::default()));
        while cache.poll_output().is_some() {}
    }
}

#[test]
fn an_operation_allocates_as_often_however_many_entries_there_are() {
    for size in [100, 1_000, 10_000] {
        let counts = visit(size);
        for ((what, count), (named, kept)) in counts.into_iter().zip(KEPT) {
            assert_eq!(what, named);
            let entries = size as usize;
            let each = (count + entries / 2) / entries;
            assert_eq!(each, kept, "{what}, {size} entries: {count} allocations");
        }
    }
}
