//! The two pieces of the external term format that both backends need: the NIF interface of old emulators makes
//! neither atoms beyond Latin-1 nor big integers in any other way.

use beamtalk_engine::core::BigInt;

/// First byte of a term.
pub const VERSION: u8 = 131;

const SMALL_BIG_EXT: u8 = 110;
const LARGE_BIG_EXT: u8 = 111;
const ATOM_UTF8_EXT: u8 = 118;
const SMALL_ATOM_UTF8_EXT: u8 = 119;

/// Appends an atom of at most 255 characters.
pub fn put_atom(bytes: &mut Vec<u8>, name: &str) {
    if let Ok(length) = u8::try_from(name.len()) {
        bytes.extend([SMALL_ATOM_UTF8_EXT, length]);
    } else {
        bytes.push(ATOM_UTF8_EXT);
        bytes.extend((name.len() as u16).to_be_bytes());
    }
    bytes.extend(name.as_bytes());
}

/// Appends an integer of any size.
pub fn put_big_integer(bytes: &mut Vec<u8>, value: &BigInt) {
    let (_, magnitude) = value.to_bytes_le();
    if let Ok(length) = u8::try_from(magnitude.len()) {
        bytes.extend([SMALL_BIG_EXT, length]);
    } else {
        bytes.push(LARGE_BIG_EXT);
        bytes.extend((magnitude.len() as u32).to_be_bytes());
    }
    bytes.push(u8::from(*value < BigInt::ZERO));
    bytes.extend(magnitude);
}
