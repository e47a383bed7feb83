//! Who calls, how that is proven, and what they may do.

pub mod address;
pub mod api_key;
pub mod buckets;
pub mod codes;
pub mod device;
pub mod form;
pub mod key_uses;
pub mod keys;
pub mod kind;
pub mod limits;
pub mod log_key;
pub mod password;
pub mod permission;
pub mod places;
pub mod scopes;
pub mod sealed;
pub mod second_factor;
pub mod session;
pub mod sso;
pub mod standing;
pub mod token;
pub mod work;
