//! Random choices that a printed seed repeats.

use rejoinder::clock::Random;

/// A small generator (SplitMix64). A test that fails while it lives prints its seed.
pub struct Dice {
    seed: u64,
    state: u64,
}

impl Dice {
    /// With the seed in `REJOINDER_TEST_SEED`, else with a new one.
    pub fn new() -> Self {
        let fresh = || u64::from_le_bytes(Random::system().bytes::<8>());
        let seed = std::env::var("REJOINDER_TEST_SEED").map_or_else(|_| fresh(), |text| text.parse().unwrap());
        Self { seed, state: seed }
    }

    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    /// True once in `times` throws.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

impl Drop for Dice {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("repeat this with REJOINDER_TEST_SEED={}", self.seed);
        }
    }
}
