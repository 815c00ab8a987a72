//! The cache machine in a simulated world: sentences of behaviour, and a random exploration of what
//! can happen in which order.

mod behaviour;
mod exploration;
mod world;
