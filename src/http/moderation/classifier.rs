//! What the classifier of a site knows, and how good it was.

use std::collections::HashMap;

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::State,
    auth::permission::Operation,
    charts::{Curve, Heading, Line, Mark, Tone, Undrawn},
    domain::{
        ids::*,
        rules::{
            FeatureWeight, Text,
            features::{self, Slot},
            trained::{RECENT, Scored, Trained},
        },
        timestamp::Timestamp,
    },
    http::{caller::Caller, chart::answer, off_thread::off_thread, problem::Problem, sites::on_site},
    judging::models,
    store::{Conn, lessons, replies},
};

/// Texts whose features are named, those that were learnt last.
const NAMED_TEXTS: i64 = 200;
/// Features that are shown for each kind of text.
const STRONGEST: usize = 20;
/// Steps of the threshold's curve.
const STEPS: u32 = 20;

/// What the classifier of a site knows, and how good it was.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClassifierView {
    /// Lessons, those that take others back included.
    pub lessons: i64,
    /// Good texts that it learnt.
    pub good: i64,
    /// Spam that it learnt.
    pub bad: i64,
    /// Whether it has learnt too little to say anything: 50 texts of each kind.
    pub is_quiet: bool,
    /// The score over which replies are held, where the policy does not choose another: the lowest at which at most one in
    /// a hundred of the good ones among the last 500 decisions would have been, but 0.5 at least while fewer than a hundred
    /// good ones are among them.
    pub usual_threshold: f64,
    /// How good it would have been at that threshold: each decision is scored before it is learnt.
    pub at_threshold: ClassifierQualityView,
    /// The same at others, from 0 to 1.
    pub curve: Vec<ClassifierQualityView>,
    /// Features that speak most for spam, of the last 200 texts that were learnt.
    pub strongest_bad: Vec<FeatureWeight>,
    /// Features that speak most for good texts, of the same.
    pub strongest_good: Vec<FeatureWeight>,
}

/// How good the classifier was over the last 500 decisions that were scored.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct ClassifierQualityView {
    /// The score over which a text is taken for spam.
    pub threshold: f64,
    /// Decisions that were scored.
    pub decisions: usize,
    /// The share of spam among what it took for spam; null where it took nothing.
    pub precision: Option<f64>,
    /// The share of spam that it found; null where there was none.
    pub recall: Option<f64>,
    /// The share of good texts that it would have held; null where there was none.
    pub good_held: Option<f64>,
}

impl ClassifierQualityView {
    fn of(scored: &[Scored], threshold: f64) -> Self {
        let count = |is_counted: &dyn Fn(&Scored) -> bool| scored.iter().filter(|scored| is_counted(scored)).count();
        let (bad, good) = (count(&|scored| scored.is_bad), count(&|scored| !scored.is_bad));
        let found = count(&|scored| scored.is_bad && scored.score > threshold);
        let held = count(&|scored| !scored.is_bad && scored.score > threshold);
        #[expect(clippy::cast_precision_loss, reason = "500 at most")]
        let share = |part: usize, all: usize| (all > 0).then(|| part as f64 / all as f64);
        Self {
            threshold,
            decisions: scored.len(),
            precision: share(found, found + held),
            recall: share(found, bad),
            good_held: share(held, good),
        }
    }
}

impl ClassifierView {
    #[expect(clippy::cast_possible_truncation, reason = "whole numbers of decisions")]
    fn of(trained: &Trained, named: &[(Slot, String)], now: Timestamp) -> Self {
        let scored: Vec<Scored> = trained.recent().copied().collect();
        debug_assert!(scored.len() <= RECENT);
        let usual_threshold = trained.usual_threshold();
        let steps = (0..=STEPS).map(|step| f64::from(step) / f64::from(STEPS));
        let (strongest_bad, strongest_good) = strongest(trained, named, now);
        Self {
            lessons: trained.lessons(),
            good: trained.texts().good as i64,
            bad: trained.texts().bad as i64,
            is_quiet: trained.is_quiet(),
            usual_threshold,
            at_threshold: ClassifierQualityView::of(&scored, usual_threshold),
            curve: steps.map(|threshold| ClassifierQualityView::of(&scored, threshold)).collect(),
            strongest_bad,
            strongest_good,
        }
    }
}

/// Features that say most for spam and for good texts.
fn strongest(trained: &Trained, named: &[(Slot, String)], now: Timestamp) -> (Vec<FeatureWeight>, Vec<FeatureWeight>) {
    let by_slot: HashMap<Slot, &String> = named.iter().map(|(slot, name)| (*slot, name)).collect();
    let mut weights: Vec<FeatureWeight> = by_slot
        .into_iter()
        .map(|(slot, name)| FeatureWeight { name: name.clone(), evidence: trained.score([slot], now).evidence })
        .collect();
    weights.sort_by(|a, b| b.evidence.total_cmp(&a.evidence).then_with(|| a.name.cmp(&b.name)));
    let bad = weights.iter().filter(|weight| weight.evidence > 0.0).take(STRONGEST).cloned().collect();
    let good = weights.iter().rev().filter(|weight| weight.evidence < 0.0).take(STRONGEST).cloned().collect();
    (bad, good)
}

/// Show what the classifier knows
///
/// Learnt from the decisions of the site's moderators: approved replies are good, those taken for spam or rejected as spam
/// are not.
#[utoipa::path(tag = "moderation", responses((status = 200, body = ClassifierView)), security(("token" = [])))]
#[get("/api/v1/sites/{site}/moderation/classifier")]
pub async fn show_classifier(caller: Caller, state: State, site: web::Path<String>) -> Result<HttpResponse, Problem> {
    let view = read(&caller, &state, &site, Operation::ShowClassifier).await?;
    Ok(HttpResponse::Ok().json(view))
}

/// Show how good the classifier was as a chart
///
/// Over all thresholds, how much of the spam it would have found, and how many good texts it would have held.
#[utoipa::path(
    tag = "moderation",
    responses((status = 200, content((String = "image/svg+xml", example = json!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 400 430\" role=\"img\">...</svg>"))))),
    security(("token" = []))
)]
#[get("/api/v1/sites/{site}/moderation/classifier/chart")]
pub async fn show_classifier_chart(
    caller: Caller,
    state: State,
    site: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let view = read(&caller, &state, &site, Operation::ShowClassifierChart).await?;
    answer(drawn(&view))
}

fn drawn(view: &ClassifierView) -> Result<String, Undrawn> {
    let line = |name: &str, tone, is_broken, share: fn(&ClassifierQualityView) -> Option<f64>| Line {
        name: name.to_owned(),
        tone,
        is_broken,
        points: view.curve.iter().filter_map(|quality| Some((quality.threshold, share(quality)?))).collect(),
    };
    let of = format!("Of its last {} scored decisions", view.at_threshold.decisions);
    Curve {
        heading: Heading { title: "How good the classifier was".to_owned(), of },
        scale: "Score over which it holds".to_owned(),
        lines: vec![
            line("Spam that it finds", Tone::Plain, false, |quality| quality.recall),
            line("Good replies that it holds", Tone::Bad, true, |quality| quality.good_held),
        ],
        mark: Some(Mark { name: "Usual threshold".to_owned(), at: view.usual_threshold }),
    }
    .svg()
}

async fn read(caller: &Caller, state: &State, site: &str, operation: Operation) -> Result<ClassifierView, Problem> {
    let (caller, site, now) = (caller.clone(), site.to_owned(), state.clock.now());
    let judging = state.judging.clone();
    let read = move |conn: &mut Conn<'_>| {
        let (_, site) = on_site(conn, &caller, &site, operation, now)?;
        let has = lessons::find_numbers(conn, site.id)?.lessons;
        let news = judging.models.read(conn, site.id, has, now)?;
        let last = lessons::list_last(conn, site.id, has, NAMED_TEXTS)?;
        let mut ids: Vec<ReplyId> = last.iter().map(|lesson| lesson.reply_id).collect();
        ids.sort_unstable();
        ids.dedup();
        Ok::<_, Problem>((news, replies::list_sources(conn, &ids)?))
    };
    let (news, texts) = state.db.read(read).await?;
    let models = state.judging.models.clone();
    off_thread(move || {
        let named: Vec<(Slot, String)> = texts.into_iter().flat_map(|(_, source)| named(source)).collect();
        Ok(match news.map(|news| models.take_in(news)) {
            Some(model) => ClassifierView::of(&models::read(&model), &named, now),
            None => ClassifierView::of(&Trained::nothing(now), &named, now),
        })
    })
    .await
}

/// The words, pairs and hosts of a text; what only its author or its letters say has no name that helps.
fn named(source: String) -> Vec<(Slot, String)> {
    let text = Text::of_source(source);
    let features = features::of_text(&text);
    let named = features.iter().filter(|feature| feature.kind.has_a_name());
    named.map(|feature| (feature.slot(), feature.to_string())).collect()
}
