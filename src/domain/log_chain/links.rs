//! Whether seals hang together: the one rule by which `check` looks at the database and `log verify` at a file.

use serde::Serialize;

use super::{Hash, SEAL_ROWS_MAX, SealForm};

/// How far a chain was followed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Links {
    /// Of the last seal.
    pub number: i64,
    /// All that are sealed.
    pub rows: i64,
    /// Of the last seal.
    pub hash: Option<Hash>,
}

impl Links {
    /// Takes in the next seal, with the hash that it is said to have and those of its rows, as far as these are known: what
    /// is wrong with it, the first thing of it. It is gone on from what it says, so that one fault is told once.
    pub fn follow<S: Serialize>(
        &mut self,
        seal: &SealForm<S>,
        hash: Hash,
        rows: Option<&[Hash]>,
    ) -> Result<(), String> {
        let former = std::mem::replace(
            self,
            Self { number: seal.number, rows: seal.first.saturating_add(seal.rows) - 1, hash: Some(hash) },
        );
        let number = seal.number;
        if number != former.number + 1 {
            return Err(format!("seal {number} follows seal {}: seals are missing or out of order", former.number));
        }
        if seal.former != former.hash {
            return Err(format!("seal {number} does not hold the hash of the seal before it"));
        }
        if seal.first != former.rows + 1 || !(1..=SEAL_ROWS_MAX as i64).contains(&seal.rows) {
            let last = former.rows;
            return Err(format!(
                "seal {number} seals {} rows from place {}, behind place {last}",
                seal.rows, seal.first
            ));
        }
        if let Some(rows) = rows {
            if rows.len() as i64 != seal.rows {
                return Err(format!("seal {number} seals {} rows, and there are {}", seal.rows, rows.len()));
            }
            if Hash::of_all(rows) != seal.rows_hash {
                let (first, last) = (seal.first, self.rows);
                return Err(format!("seal {number}: the rows at places {first} to {last} are not what was sealed"));
            }
        }
        if Hash::of_form(seal) != hash {
            return Err(format!("seal {number} is not what its hash says"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::log_chain::VERSION;

    fn seal(number: i64, first: i64, former: Option<Hash>, rows: &[Hash]) -> (SealForm<&'static str>, Hash) {
        let at = "2026-11-23T09:00:00Z";
        let seal = SealForm {
            first,
            former,
            newest_at: at,
            number,
            oldest_at: at,
            rows: rows.len() as i64,
            rows_hash: Hash::of_all(rows),
            sealed_at: at,
            site_id: None,
            v: VERSION,
        };
        let hash = Hash::of_form(&seal);
        (seal, hash)
    }

    #[test]
    fn each_seal_must_hold_the_one_before_and_its_rows() {
        let rows: Vec<Hash> = (0..5_u8).map(|byte| Hash::of(&[byte])).collect();
        let (first, first_hash) = seal(1, 1, None, &rows[..3]);
        let (second, second_hash) = seal(2, 4, Some(first_hash), &rows[3..]);
        let mut links = Links::default();
        links.follow(&first, first_hash, Some(&rows[..3])).unwrap();
        let behind_first = links;
        links.follow(&second, second_hash, Some(&rows[3..])).unwrap();
        assert_eq!(links, Links { number: 2, rows: 5, hash: Some(second_hash) });

        let fault = |mut links: Links, seal: &SealForm<&'static str>, hash, rows: &[Hash]| {
            links.follow(seal, hash, Some(rows)).unwrap_err()
        };
        assert!(fault(Links::default(), &second, second_hash, &rows[3..]).contains("missing"));
        let (stranger, hash) = seal(2, 4, Some(second_hash), &rows[3..]);
        assert!(fault(behind_first, &stranger, hash, &rows[3..]).contains("before it"));
        let (stranger, hash) = seal(2, 5, Some(first_hash), &rows[3..]);
        assert!(fault(behind_first, &stranger, hash, &rows[3..]).contains("from place 5"));
        let (empty, hash) = seal(2, 4, Some(first_hash), &[]);
        assert!(fault(behind_first, &empty, hash, &[]).contains("0 rows"));
        assert!(fault(behind_first, &second, second_hash, &rows[4..]).contains("there are 1"));
        assert!(fault(behind_first, &second, second_hash, &[rows[4], rows[3]]).contains("not what was sealed"));
        assert!(fault(behind_first, &second, first_hash, &rows[3..]).contains("its hash"));
    }
}
