//! The law of Mizan: what a context's key is, which keys an invalidation names, how the header says
//! so, and when a cached context must be fetched again.
//!
//! Everything here is a function of its arguments. You will notably not find a request being sent, a
//! clock being read, a timer, a thread or a random number: time is an argument, and what has to happen
//! outside is returned as an [`Output`]. That is why the same code decides in a browser tab, in a test
//! that simulates an hour in a millisecond, and at the edge.
//!
//! The contract of the machine, in two lines:
//!
//! 1. Tell it what happened: [`Cache::handle_input`].
//! 2. Do what it says: [`Cache::poll_output`] until `None`, after **every** input.
//!
//! ```
//! use mizan_core::{Cache, Changes, Input, Invalidation, Key, Options, Output, Value};
//!
//! let mut cache = Cache::new();
//! let user = cache.open(0, Key::new("user", [("user_id", Value::Number("5"))])?);
//!
//! // A subscriber arrives: the context has to be fetched.
//! cache.handle_input(0, Input::Subscribe(user, Options::default()));
//! let outputs: Vec<_> = core::iter::from_fn(|| cache.poll_output()).collect();
//! let Some(Output::Fetch { fetch, .. }) = outputs.last().copied() else { panic!() };
//!
//! // While that fetch is under way, something names the context. The answer that is still to come
//! // may be older than that, so it is given up and another fetch begins at once.
//! let list = vec![Invalidation::from(Key::new("user", [])?)];
//! cache.handle_input(10, Input::Seen("", Changes { list: Ok(list), header: "" }));
//! let outputs: Vec<_> = core::iter::from_fn(|| cache.poll_output()).collect();
//! assert!(outputs.contains(&Output::Abort { entry: user, fetch }));
//! # Ok::<(), mizan_core::InvalidKey>(())
//! ```

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod cache;
mod call;
mod entry;
mod error;
mod fetch;
mod fragments;
pub mod header;
mod identity;
mod index;
mod input;
mod invalidation;
mod key;
mod line;
mod name;
mod nonces;
#[cfg(feature = "number")]
pub mod number;
mod output;
mod parser;
pub mod percent;
mod retry;
pub mod spec;
pub mod text;
mod value;
pub mod wire;

pub use cache::{Cache, GC_TIME, Timestamp};
pub use entry::{CallId, FetchId, Handle, NEVER, Options};
pub use error::{InvalidHeader, InvalidKey, InvalidList};
pub use fragments::Fragments;
pub use input::{Answer, Changes, Input, Outcome, Settings};
pub use invalidation::Invalidation;
pub use key::Key;
pub use name::{is_name, is_param};
pub use output::{Output, Source, State, Update};
pub use value::Value;
