//! What a page has let go of takes no memory. Counted at the allocator, because nothing that the machine
//! says would show it.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use mizan_core::{
    Answer, Cache, CallId, Changes, GC_TIME, Input, Key, Options, Outcome, Output, Value, header,
};

struct Counted;

static BYTES: AtomicUsize = AtomicUsize::new(0);

// SAFETY: the system's allocator does the work; what is counted beside it is nobody's memory.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        BYTES.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller keeps to what the system's allocator asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        BYTES.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counted = Counted;

/// Does what the machine says at once: every fetch is answered.
fn tell(cache: &mut Cache, now: u64, input: Input<'_>) {
    cache.handle_input(now, input);
    let mut fetches = Vec::new();
    while let Some(output) = cache.poll_output() {
        if let Output::Fetch { entry, fetch } = output {
            fetches.push((entry, fetch));
        }
    }
    for (entry, fetch) in fetches {
        tell(
            cache,
            now,
            Input::Fetched(
                entry,
                fetch,
                Outcome { status: 200, retry_after: 0 },
                Answer::default(),
            ),
        );
    }
}

/// An hour or so of a page: it shows a hundred contexts, changes them, hears of cookies, and leaves.
fn visit(cache: &mut Cache, visit: u32, now: u64) {
    let ids: Vec<String> = (0..100).map(|id| format!("{id}")).collect();
    let handles: Vec<_> = ids
        .iter()
        .map(|id| {
            let params = [("user_id", Value::Number(id)), ("tab", Value::Text("all"))];
            cache.open(now, Key::new("user", params).expect("a key"))
        })
        .collect();
    for handle in &handles {
        tell(cache, now, Input::Subscribe(*handle, Options::default()));
    }
    for call in visit * 100..(visit + 1) * 100 {
        let field = format!("user;user_id={}", call % 100);
        tell(cache, now, Input::Call(CallId(call), false, "", Vec::new()));
        let list = Ok(header::parse(&field).expect("a header"));
        let changes = Changes { list, header: "" };
        tell(cache, now, Input::CallAnswered(CallId(call), true, Answer::default(), changes));
        let changes = Changes { list: Ok(Vec::new()), header: &field };
        tell(cache, now, Input::Cookie(&format!("{call:08}"), changes));
    }
    for handle in &handles {
        tell(cache, now, Input::Unsubscribe(*handle, Options::default()));
    }
    tell(cache, now + u64::from(GC_TIME), Input::Tick);
    assert!(handles.iter().all(|handle| cache.key(*handle).is_none()));
}

#[test]
fn a_page_takes_no_more_memory_the_longer_it_is_used() {
    let mut cache = Cache::new();
    let mut bytes = Vec::new();
    for at in 0..=100 {
        visit(&mut cache, at, u64::from(at) * 2 * u64::from(GC_TIME));
        // Each time as many cookies are remembered, because 1,600 have come since the last time.
        if at % 16 == 4 {
            bytes.push(BYTES.load(Ordering::Relaxed));
        }
    }
    // The list of what was counted is counted too.
    let (least, most) = (bytes.iter().min(), bytes.iter().max());
    assert!(most.zip(least).is_some_and(|(most, least)| most - least < 1_024), "{bytes:?}");
    assert_eq!(bytes.len(), 7);
}
