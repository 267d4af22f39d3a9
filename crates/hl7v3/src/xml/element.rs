//! The tree: elements, their attributes, and what stands in them.

use std::borrow::Cow;

/// An element, by its expanded name: prefixes are the business of reader and writer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element<'a> {
    /// The URI of its namespace; empty when it is in none.
    pub(super) namespace: Cow<'a, str>,
    pub(super) name: Cow<'a, str>,
    pub(super) attributes: Vec<Attribute<'a>>,
    pub(super) content: Vec<Node<'a>>,
}

/// An attribute, by its expanded name. Declarations of namespaces are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// The URI of its namespace; empty when it is in none, as most are.
    pub(super) namespace: Cow<'a, str>,
    pub(super) name: Cow<'a, str>,
    pub(super) value: Cow<'a, str>,
}

/// What stands in an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node<'a> {
    /// An element.
    Element(Element<'a>),
    /// Text, with every reference resolved.
    Text(Cow<'a, str>),
}

impl<'a> Element<'a> {
    /// An empty element. An empty `namespace` stands for none.
    pub fn new(namespace: impl Into<Cow<'a, str>>, name: impl Into<Cow<'a, str>>) -> Self {
        Self {
            namespace: namespace.into(),
            name: name.into(),
            attributes: Vec::new(),
            content: Vec::new(),
        }
    }

    /// The same with an attribute in no namespace.
    #[must_use]
    pub fn with_attribute(
        self,
        name: impl Into<Cow<'a, str>>,
        value: impl Into<Cow<'a, str>>,
    ) -> Self {
        self.with_attribute_in("", name, value)
    }

    /// The same with an attribute of a namespace.
    #[must_use]
    pub fn with_attribute_in(
        mut self,
        namespace: impl Into<Cow<'a, str>>,
        name: impl Into<Cow<'a, str>>,
        value: impl Into<Cow<'a, str>>,
    ) -> Self {
        let (namespace, name, value) = (namespace.into(), name.into(), value.into());
        self.attributes.push(Attribute { namespace, name, value });
        self
    }

    /// The same with one more element in it.
    #[must_use]
    pub fn with(mut self, child: Self) -> Self {
        self.content.push(Node::Element(child));
        self
    }

    /// The same with more elements in it: none, one or many.
    #[must_use]
    pub fn with_all(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.content.extend(children.into_iter().map(Node::Element));
        self
    }

    /// The same with text in it.
    #[must_use]
    pub fn with_text(mut self, text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        // An empty text is none: it would not be there when read again.
        if !text.is_empty() {
            self.content.push(Node::Text(text));
        }
        self
    }

    /// The URI of its namespace; empty when it is in none.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Its name without a prefix.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is this element of that namespace.
    pub fn is(&self, namespace: &str, name: &str) -> bool {
        self.name == name && self.namespace == namespace
    }

    /// Its attributes, as they were written.
    pub fn attributes(&self) -> &[Attribute<'a>] {
        &self.attributes
    }

    /// The value of an attribute in no namespace.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attribute_in("", name)
    }

    /// The value of an attribute of a namespace.
    pub fn attribute_in(&self, namespace: &str, name: &str) -> Option<&str> {
        let found = |known: &&Attribute<'_>| known.name == name && known.namespace == namespace;
        self.attributes.iter().find(found).map(|known| &*known.value)
    }

    /// What stands in it: elements, and text between them.
    pub fn content(&self) -> &[Node<'a>] {
        &self.content
    }

    /// The elements in it, in order.
    pub fn elements(&self) -> impl Iterator<Item = &Element<'a>> {
        self.content.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The elements in it, in order, taken out.
    pub fn into_elements(self) -> impl Iterator<Item = Element<'a>> {
        self.content.into_iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The elements in it that have this name, in order.
    pub fn all(&self, namespace: &str, name: &str) -> impl Iterator<Item = &Element<'a>> {
        self.elements().filter(move |element| element.is(namespace, name))
    }

    /// The first element in it that has this name.
    pub fn first(&self, namespace: &str, name: &str) -> Option<&Element<'a>> {
        self.all(namespace, name).next()
    }

    /// The element at the end of a path of names, all of one namespace: the first of each name.
    pub fn at(&self, namespace: &str, path: &[&str]) -> Option<&Element<'a>> {
        path.iter().try_fold(self, |element, name| element.first(namespace, name))
    }

    /// The text that stands directly in it, without the white space around.
    pub fn text(&self) -> Cow<'_, str> {
        let mut texts = self.content.iter().filter_map(|node| match node {
            Node::Text(text) => Some(&**text),
            Node::Element(_) => None,
        });
        match (texts.next(), texts.next()) {
            (None, _) => Cow::Borrowed(""),
            (Some(only), None) => Cow::Borrowed(only.trim()),
            (Some(first), Some(second)) => {
                let all: String = [first, second].into_iter().chain(texts).collect();
                Cow::Owned(all.trim().to_owned())
            }
        }
    }
}

impl Attribute<'_> {
    /// The URI of its namespace; empty when it is in none.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Its name without a prefix.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its value, with every reference resolved.
    pub fn value(&self) -> &str {
        &self.value
    }
}
