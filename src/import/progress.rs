//! How an import shows its progress: a bar on a terminal, a line now and then elsewhere.

use std::{
    io::{self, IsTerminal, Write},
    ops::ControlFlow,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

use super::wordpress::{Phase, Progress, Report, Step};

/// Between two lines where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// Progress on standard error, so that standard output holds the report alone.
pub struct ShownProgress(Shown);

enum Shown {
    Bar(ProgressBar),
    Lines { out: Box<dyn Write>, last: Instant },
}

impl ShownProgress {
    /// A bar if standard error is a terminal, else lines.
    pub fn on_stderr() -> Self {
        if !io::stderr().is_terminal() {
            return Self::lines(Box::new(io::stderr()));
        }
        let bar = ProgressBar::new(0);
        let style = ProgressStyle::with_template("{prefix:9} [{bar:30}] {percent:>3} %  {eta:>4}  {msg}");
        // the template is a constant that a test draws with
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> "));
        Self(Shown::Bar(bar))
    }

    /// A line every few seconds.
    pub fn lines(out: Box<dyn Write>) -> Self {
        Self(Shown::Lines { out, last: Instant::now() })
    }
}

impl Progress for ShownProgress {
    fn step(&mut self, step: &Step<'_>) -> ControlFlow<()> {
        match &mut self.0 {
            Shown::Bar(bar) => {
                if bar.prefix() != word(step.phase) {
                    bar.set_prefix(word(step.phase));
                    bar.reset_eta();
                }
                bar.set_length(step.bytes_total);
                bar.set_position(step.bytes_done);
                bar.set_message(counts(step.report));
            }
            Shown::Lines { out, last } if last.elapsed() >= LINE_EVERY => {
                *last = Instant::now();
                // whether anybody can read it does not matter to the import
                let _ = writeln!(out, "{}", line(step));
            }
            Shown::Lines { .. } => {}
        }
        ControlFlow::Continue(())
    }
}

/// Takes the bar away when the import is done, so that the report stands alone.
impl Drop for ShownProgress {
    fn drop(&mut self) {
        if let Shown::Bar(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

fn line(step: &Step<'_>) -> String {
    let percent = (step.bytes_done.saturating_mul(100)).checked_div(step.bytes_total).unwrap_or(100);
    format!("{} {percent} %: {}", word(step.phase), counts(step.report))
}

fn counts(report: &Report) -> String {
    let replies = report.all_replies();
    let left_out: u64 = report.left_out.values().sum();
    format!(
        "{} stories, {} replies, {} known, {left_out} left out",
        report.stories.new,
        replies.new,
        report.stories.known + replies.known
    )
}

fn word(phase: Phase) -> &'static str {
    match phase {
        Phase::Checking => "checking",
        Phase::Importing => "importing",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_how_far_it_is_and_what_was_done() {
        let mut report = Report::default();
        report.stories.new = 2;
        let step = Step { phase: Phase::Importing, bytes_done: 50, bytes_total: 200, report: &report };
        assert_eq!(line(&step), "importing 25 %: 2 stories, 0 replies, 0 known, 0 left out");
    }

    #[test]
    fn the_bars_template_is_one() {
        assert!(ProgressStyle::with_template("{prefix:9} [{bar:30}] {percent:>3} %  {eta:>4}  {msg}").is_ok());
    }
}
