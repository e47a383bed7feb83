//! The reader: tokens in, events out.

use std::collections::VecDeque;
use std::io::BufRead;
use std::mem;
use std::sync::Arc;

use quick_xml::NsReader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;

use super::check::{check_declaration, check_tag, explain};
use super::draft::{CommentDraft, ItemDraft, set_channel};
use super::error::shortened;
use super::field::{Field, Scope, Vocabulary};
use super::source::{Beginning, Place, Source};
use super::text::Text;
use super::{Channel, DEPTH_MAX, WxrError, WxrErrorKind, WxrEvent};

/// Reads an export piece by piece; see the module for what is bounded and how.
#[derive(Debug)]
pub struct WxrReader<R: BufRead> {
    xml: NsReader<Source<R>>,
    buffer: Vec<u8>,
    /// Where the token at hand begins.
    at: Place,
    /// The open elements, outermost first.
    path: Vec<Scope>,
    progress: Progress,
    channel: Channel,
    has_sent_channel: bool,
    /// The item at hand until it is sent.
    item: Option<ItemDraft>,
    comment: Option<CommentDraft>,
    /// Text of the field at hand, and where its element begins.
    text: Text,
    text_at: Place,
    ready: VecDeque<WxrEvent>,
    failed: Option<WxrError>,
}

/// How far the document as a whole has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    Untouched,
    /// Before the first token, the only one that may be the XML declaration.
    FirstToken,
    Prolog,
    Root,
    Epilog,
    Done,
}

impl<R: BufRead> WxrReader<R> {
    /// Reads an export from `input`; nothing is read before the first event is asked for.
    pub fn new(input: R) -> Self {
        let source = Source::new(input);
        let at = source.place();
        let mut xml = NsReader::from_reader(source);
        let config = xml.config_mut();
        config.expand_empty_elements = true;
        config.allow_dangling_amp = true;
        Self {
            xml,
            buffer: Vec::new(),
            at,
            path: Vec::new(),
            progress: Progress::Untouched,
            channel: Channel::default(),
            has_sent_channel: false,
            item: None,
            comment: None,
            text: Text::default(),
            text_at: at,
            ready: VecDeque::new(),
            failed: None,
        }
    }

    /// The next event, `None` after the file's proper end.
    ///
    /// # Errors
    /// [`WxrError`] if the file is broken, is no export, breaks a bound or cannot be read. An error is
    /// final: asked again, the reader gives the same one.
    pub fn next_event(&mut self) -> Result<Option<WxrEvent>, WxrError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Ok(Some(event));
            }
            if self.progress == Progress::Done {
                return Ok(None);
            }
            if let Err(error) = self.step() {
                self.failed = Some(error.clone());
                return Err(error);
            }
        }
    }

    /// Bytes of the file read so far.
    pub fn position(&self) -> u64 {
        self.xml.get_ref().place().offset
    }

    fn step(&mut self) -> Result<(), WxrError> {
        if self.progress == Progress::Untouched {
            self.begin()?;
        }
        // Lent out, because a token borrows it while the rest of the reader takes the token in.
        let mut buffer = mem::take(&mut self.buffer);
        buffer.clear();
        let outcome = self.read_token(&mut buffer);
        self.buffer = buffer;
        outcome
    }

    fn begin(&mut self) -> Result<(), WxrError> {
        let beginning = self.xml.get_mut().begin();
        match beginning.map_err(|error| self.error(WxrErrorKind::Io(Arc::new(error))))? {
            Beginning::Utf16 => Err(self.error(WxrErrorKind::Encoding("UTF-16".to_owned()))),
            Beginning::Readable => {
                self.progress = Progress::FirstToken;
                Ok(())
            }
        }
    }

    fn read_token(&mut self, buffer: &mut Vec<u8>) -> Result<(), WxrError> {
        let is_first = self.progress == Progress::FirstToken;
        if is_first {
            self.progress = Progress::Prolog;
        }
        self.at = self.xml.get_mut().begin_token();
        let event = match self.xml.read_event_into(buffer) {
            Ok(event) => event,
            Err(error) => return Err(explain(error, self.at, buffer, self.xml.get_ref())),
        };
        match event {
            Event::Start(start) => self.open(&start),
            Event::End(_) => self.close(),
            Event::Text(text) => self.take_text(&text.into_inner(), Text::push_raw),
            Event::CData(text) => self.take_text(&text.into_inner(), Text::push_raw),
            Event::GeneralRef(name) => self.take_text(&name.into_inner(), Text::push_reference),
            Event::Decl(declaration) => check_declaration(&declaration, is_first).map_err(|kind| self.error(kind)),
            Event::DocType(_) => Err(self.error(WxrErrorKind::Doctype)),
            Event::Eof => self.end(),
            Event::Comment(_) | Event::PI(_) | Event::Empty(_) => Ok(()),
        }
    }

    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), WxrError> {
        if self.path.len() == DEPTH_MAX {
            return Err(self.error(WxrErrorKind::TooDeep));
        }
        check_tag(start).map_err(|kind| self.error(kind))?;
        let (namespace, name) = self.xml.resolver().resolve_element(start.name());
        let vocabulary = match namespace {
            ResolveResult::Bound(uri) => Vocabulary::of(uri.into_inner()),
            ResolveResult::Unbound => Vocabulary::Rss,
            // A forgotten declaration of some plugin's prefix is no reason to refuse the rest.
            ResolveResult::Unknown(_) => Vocabulary::Foreign,
        };
        let scope = self.scope_of(vocabulary, name.into_inner())?;
        match scope {
            Scope::Item => {
                self.send_channel()?;
                self.item = Some(ItemDraft::new(self.at));
            }
            Scope::Comment => {
                self.send_item()?;
                self.comment = Some(CommentDraft::new(self.at));
            }
            Scope::Field(field) => {
                self.text = Text::new(field.max_bytes());
                self.text_at = self.at;
            }
            Scope::Rss => self.progress = Progress::Root,
            Scope::Channel | Scope::Skipped => {}
        }
        self.path.push(scope);
        Ok(())
    }

    /// What an element means where it stands.
    fn scope_of(&self, vocabulary: Vocabulary<'_>, name: &str) -> Result<Scope, WxrError> {
        let Some(&parent) = self.path.last() else {
            return match (self.progress, vocabulary, name) {
                (Progress::Prolog, Vocabulary::Rss, "rss") => Ok(Scope::Rss),
                (Progress::Prolog, ..) => Err(self.error(NO_RSS)),
                _ => Err(self.malformed("an element after the root's end")),
            };
        };
        let field = || Field::find(parent, vocabulary, name).map_or(Scope::Skipped, Scope::Field);
        Ok(match (parent, vocabulary, name) {
            (Scope::Rss, Vocabulary::Rss, "channel") if self.has_sent_channel => {
                return Err(self.error(WxrErrorKind::NotWxr("a second channel")));
            }
            (Scope::Rss, Vocabulary::Rss, "channel") => Scope::Channel,
            (Scope::Channel, Vocabulary::WpOther(version), _) => {
                let version = shortened(version);
                return Err(self.error(WxrErrorKind::UnsupportedVersion(version)));
            }
            (Scope::Channel, Vocabulary::Rss, "item") => Scope::Item,
            (Scope::Channel, ..) if !self.has_sent_channel => field(),
            (Scope::Item, Vocabulary::Wp, "comment") => Scope::Comment,
            (Scope::Item, ..) if self.item.is_some() => field(),
            (Scope::Comment, ..) => field(),
            _ => Scope::Skipped,
        })
    }

    fn close(&mut self) -> Result<(), WxrError> {
        match self.path.pop() {
            Some(Scope::Field(field)) => self.set(field)?,
            Some(Scope::Comment) => {
                if let Some(draft) = self.comment.take() {
                    let comment = Box::new(draft.finish()?);
                    self.ready.push_back(WxrEvent::Comment(comment));
                }
            }
            Some(Scope::Item) => {
                self.send_item()?;
                self.ready.push_back(WxrEvent::ItemEnd);
            }
            Some(Scope::Channel) => self.send_channel()?,
            _ => {}
        }
        if self.path.is_empty() {
            self.progress = Progress::Epilog;
        }
        Ok(())
    }

    fn set(&mut self, field: Field) -> Result<(), WxrError> {
        let text = mem::take(&mut self.text);
        let at = self.text_at;
        if text.is_over() && !field.may_be_long() {
            let kind = WxrErrorKind::FieldTooLong(field.element());
            return Err(WxrError::new(at, kind));
        }
        if let Some(comment) = &mut self.comment {
            return comment.set(field, text, at);
        }
        if let Some(item) = &mut self.item {
            return item.set(field, text, at);
        }
        set_channel(&mut self.channel, field, text);
        let version = &self.channel.wxr_version;
        if field == Field::WxrVersion && !matches!(version.as_str(), "1.0" | "1.1" | "1.2") {
            let kind = WxrErrorKind::UnsupportedVersion(shortened(version));
            return Err(WxrError::new(at, kind));
        }
        Ok(())
    }

    fn take_text(&mut self, text: &str, push: fn(&mut Text, &str)) -> Result<(), WxrError> {
        match self.path.last() {
            Some(Scope::Field(_)) => push(&mut self.text, text),
            None if !text.trim_ascii().is_empty() => {
                return Err(self.malformed("text outside the root element"));
            }
            _ => {}
        }
        Ok(())
    }

    /// Sends the channel once, if the file is what we read.
    fn send_channel(&mut self) -> Result<(), WxrError> {
        if self.has_sent_channel {
            return Ok(());
        }
        if self.channel.wxr_version.is_empty() {
            let reason = "wp:wxr_version is missing before the first item";
            return Err(self.error(WxrErrorKind::NotWxr(reason)));
        }
        self.has_sent_channel = true;
        let channel = mem::take(&mut self.channel);
        self.ready.push_back(WxrEvent::Channel(channel));
        Ok(())
    }

    /// Sends the item at hand unless that was done.
    fn send_item(&mut self) -> Result<(), WxrError> {
        if let Some(draft) = self.item.take() {
            let item = Box::new(draft.finish()?);
            self.ready.push_back(WxrEvent::Item(item));
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), WxrError> {
        self.at = self.xml.get_ref().place();
        if !self.path.is_empty() {
            return Err(self.error(WxrErrorKind::Truncated));
        }
        if self.progress != Progress::Epilog {
            return Err(self.error(NO_RSS));
        }
        if !self.has_sent_channel {
            return Err(self.error(WxrErrorKind::NotWxr("there is no channel")));
        }
        self.progress = Progress::Done;
        Ok(())
    }

    fn malformed(&self, what: &str) -> WxrError {
        self.error(WxrErrorKind::Malformed(what.to_owned()))
    }

    fn error(&self, kind: WxrErrorKind) -> WxrError {
        WxrError::new(self.at, kind)
    }
}

const NO_RSS: WxrErrorKind = WxrErrorKind::NotWxr("the root element is not rss");
