//! pds
