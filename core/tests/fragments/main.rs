//! The machine of fragments in small worlds: every order in which things can happen, each world explored to its
//! end; long random lives; and what no vector can say.

mod exploration;
mod limits;
mod lives;
mod plans;
mod world;
