//! What std would bring, at a fraction of its bytes: an allocator and an end for panics.

use talc::wasm::WasmDynamicTalc;

#[global_allocator]
static ALLOCATOR: WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// A panic is a bug in here. It becomes a trap, which the JavaScript side sees and recovers from.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
