//! What is remembered does not grow for ever.

use mizan_core::{Fragments, wire};

struct Page(Fragments);

impl Page {
    fn tell(&mut self, kind: u32, numbers: [u32; 3], texts: [&str; 3]) -> Vec<[u32; 3]> {
        self.0.handle_told(0.0, kind, numbers, texts.map(str::as_bytes));
        self.0.outputs().0.drain(..).collect()
    }

    fn see(&mut self, header: &str) {
        self.tell(wire::SEEN, [0; 3], ["", header, ""]);
    }
}

#[test]
fn to_a_request_that_never_ends_everything_has_changed_in_the_end() {
    let mut page = Page(Fragments::new());
    page.tell(2, [1, 0, 0], [""; 3]);
    let before = format!("{:?}", page.0).len();
    for number in 0..10_000 {
        page.see(&format!("board;project_id={number}"));
        let size = format!("{:?}", page.0).len();
        // Bytes are printed as decimal numbers, with a comma and a space.
        assert!(size < before + 5 * 2200, "{size} after {number}");
    }
    assert_eq!(page.tell(0, [2, 0, 0], ["", "user", ""]), [[1, 2, 0], [0, 2, 0]]);
}

#[test]
fn a_request_that_has_heard_little_has_not_heard_everything() {
    let mut page = Page(Fragments::new());
    page.tell(2, [1, 0, 0], [""; 3]);
    for _ in 0..1_000 {
        page.see("board;project_id=3");
    }
    assert_eq!(page.tell(0, [2, 0, 0], ["", "user", ""]), [] as [[u32; 3]; 0]);
    assert_eq!(page.tell(0, [3, 0, 0], ["", "board", ""]), [[1, 3, 0], [0, 3, 0]]);
}

#[test]
fn a_fragment_that_is_watched_many_times_is_one() {
    let mut page = Page(Fragments::new());
    page.tell(0, [1, 0, 0], ["", "user", ""]);
    let once = format!("{:?}", page.0).len();
    for _ in 0..100 {
        page.tell(0, [1, 0, 0], ["", "user", ""]);
    }
    assert_eq!(format!("{:?}", page.0).len(), once);
}
