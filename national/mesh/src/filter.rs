//! Which workflows of an inbox are wanted: `X`, `X*`, `*X*`, and each with a `!` before it for the
//! others.

/// Which workflows are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Filter {
    form: Form,
    others: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    Any,
    Is(String),
    Begins(String),
    Contains(String),
}

impl Filter {
    /// Reads a filter; an empty one wants everything.
    pub(crate) fn read(text: &str) -> Self {
        let (others, text) = match text.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let begins = text.strip_suffix('*');
        let form = match (text, begins, begins.and_then(|text| text.strip_prefix('*'))) {
            ("", ..) => Form::Any,
            (_, _, Some(middle)) => Form::Contains(middle.to_owned()),
            (_, Some(beginning), None) => Form::Begins(beginning.to_owned()),
            (text, None, _) => Form::Is(text.to_owned()),
        };
        Self { form, others }
    }

    /// Whether a workflow is wanted.
    pub(crate) fn wants(&self, workflow: &str) -> bool {
        let fits = match &self.form {
            Form::Any => return true,
            Form::Is(text) => workflow == text,
            Form::Begins(text) => workflow.starts_with(text.as_str()),
            Form::Contains(text) => workflow.contains(text.as_str()),
        };
        fits != self.others
    }
}

#[cfg(test)]
mod tests;
