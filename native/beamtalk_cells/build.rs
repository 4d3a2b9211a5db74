//! Linker arguments of the library.

fn main() {
    let target = std::env::var("TARGET").unwrap_or_default();
    // Thread-local destructors of Rust outlive an unload of the library, so it is never unmapped.
    if target.contains("linux") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
    println!("cargo:rerun-if-changed=build.rs");
}
