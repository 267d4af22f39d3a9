//! What every local system has: a folder of its own, a way to call, a way to be called.
