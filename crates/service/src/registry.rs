//! Every API that the house presents.

use std::sync::Arc;

use crate::Service;

/// The APIs of a house, in the order of the catalogue.
#[derive(Clone, Default)]
pub struct Registry {
    services: Arc<Vec<Arc<Service>>>,
}

impl Registry {
    /// A registry of these APIs.
    pub fn new(services: Vec<Service>) -> Self {
        Self { services: Arc::new(services.into_iter().map(Arc::new).collect()) }
    }

    /// The APIs, in order.
    pub fn services(&self) -> &[Arc<Service>] {
        &self.services
    }

    /// The API that a path belongs to: the one with the longest base that the path starts with.
    pub fn find(&self, path: &str) -> Option<&Arc<Service>> {
        let owns = |service: &&Arc<Service>| {
            path.strip_prefix(service.base)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.services.iter().filter(owns).max_by_key(|service| service.base.len())
    }
}
