//! The browser's door to `mizan-core`: it turns what JavaScript says into inputs of the machine, and
//! outputs of the machine into numbers that JavaScript acts on. It decides nothing.
//!
//! Promises, values and subscribers live on the JavaScript side (`js/src/`), so that they outlive the
//! instance. Nothing in here calls out: there is no import that could throw into it.
//!
//! The package ships three modules of this crate (see the features in Cargo.toml), which share the way in
//! which texts cross ([`exchange`]).

#![cfg_attr(feature = "standalone", no_std)]

extern crate alloc;

pub mod exchange;
#[cfg(feature = "fragments")]
pub mod fragments;
#[cfg(feature = "machine")]
pub mod machine;
#[cfg(feature = "standalone")]
mod standalone;
#[cfg(feature = "writer")]
pub mod writer;
