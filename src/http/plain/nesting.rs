//! Replies in reading order as lists within lists: what has a level of its own on the page has one for who listens to it.

/// Something with a place in a tree.
pub trait Leveled {
    /// How deep; one that comes right behind another and is deeper stands below it.
    fn level(&self) -> i32;
}

/// What stands before each item, and behind the last: tags of lists and their items.
pub struct Nested<T> {
    pub items: Vec<Item<T>>,
    pub end: String,
}

/// An item with the tags that stand before it.
pub struct Item<T> {
    pub before: String,
    pub value: T,
}

const OPEN: &str = "<ol>";
const CLOSE: &str = "</li></ol>";

/// Nests items that come in reading order. They may begin anywhere in their tree and end anywhere.
pub fn nest<T: Leveled>(values: Vec<T>) -> Nested<T> {
    // levels of the lists that are open
    let mut open: Vec<i32> = Vec::new();
    let items = values.into_iter().map(|value| {
        let level = value.level();
        let mut before = String::new();
        while open.last().is_some_and(|last| *last > level) {
            open.pop();
            before.push_str(CLOSE);
        }
        if open.last() == Some(&level) {
            before.push_str("</li>");
        } else {
            open.push(level);
            before.push_str(OPEN);
        }
        Item { before, value }
    });
    let items = items.collect();
    Nested { items, end: CLOSE.repeat(open.len()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Leveled for i32 {
        fn level(&self) -> i32 {
            *self
        }
    }

    fn written(levels: &[i32]) -> String {
        let nested = nest(levels.to_vec());
        let items = nested.items.iter().map(|item| format!("{}<li>{}", item.before, item.value));
        items.collect::<String>() + &nested.end
    }

    #[test]
    fn each_level_is_a_list() {
        assert_eq!(written(&[]), "");
        assert_eq!(written(&[1, 1]), "<ol><li>1</li><li>1</li></ol>");
        assert_eq!(
            written(&[1, 2, 3, 2, 1]),
            "<ol><li>1<ol><li>2<ol><li>3</li></ol></li><li>2</li></ol></li><li>1</li></ol>"
        );
    }

    #[test]
    fn a_page_may_begin_deep_in_the_tree_and_every_tag_is_closed() {
        assert_eq!(written(&[7, 3, 4]), "<ol><li>7</li></ol><ol><li>3<ol><li>4</li></ol></li></ol>");
        for levels in [vec![5, 6, 2, 9, 3, 3, 1], vec![33, 33, 1], vec![2, 1, 2, 1]] {
            let text = written(&levels);
            let count = |tag: &str| text.matches(tag).count();
            assert_eq!((count("<ol>"), count("<li>")), (count("</ol>"), count("</li>")), "{text}");
            assert_eq!(count("<li>"), levels.len());
        }
    }
}
