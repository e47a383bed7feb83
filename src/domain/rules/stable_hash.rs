//! A hash that is the same on all machines and for ever, as what is stored under it must be found again.

/// FNV-1a with the finish of MurmurHash3, which spreads its bits so that any of them can choose a slot.
pub fn stable_hash(bytes: impl IntoIterator<Item = u8>) -> u64 {
    let mut hash = StableHash::default();
    bytes.into_iter().for_each(|byte| hash.write(&[byte]));
    hash.finish()
}

/// The same of bytes that come in pieces.
#[derive(Clone, Copy, Debug)]
pub struct StableHash(u64);

impl Default for StableHash {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl StableHash {
    /// Goes on with these.
    pub fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    /// The hash.
    pub fn finish(self) -> u64 {
        let mixed = (self.0 ^ (self.0 >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        let mixed = (mixed ^ (mixed >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        mixed ^ (mixed >> 33)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_stay_the_same_for_ever() {
        assert_eq!(stable_hash([]), 17_280_346_270_528_514_342);
        assert_eq!(stable_hash(*b"one two three "), 4_365_013_574_144_860_606);
    }
}
