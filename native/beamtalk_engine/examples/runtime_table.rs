//! Prints the functions of the runtime that generated code calls, one a line: module, name, arity.

fn main() {
    for (module, name, arity) in beamtalk_engine::RUNTIME {
        println!("{module} {name} {arity}");
    }
}
