//! What a simulation found, as a chart.

use actix_web::{HttpResponse, get, web};

use super::run_view::PolicyRunView;
use crate::{
    app::State,
    auth::permission::Operation,
    charts::{Bar, Bars, Group, Heading, Tone, Undrawn},
    domain::{
        ids::*,
        policy_run::{RuleTally, Simulation, StandNow},
    },
    http::{
        caller::Caller,
        chart::{answer, words},
        policies::runs::find_run,
        problem::{Code, Problem},
    },
    store::Conn,
};

/// Show a simulation as a chart
///
/// What a policy would have done to former replies: where they would be, what of it people had decided otherwise, and which
/// rules asked for it. Other runs have none, nor has a simulation that did not end.
#[utoipa::path(
    tag = "policies",
    responses((status = 200, content((String = "image/svg+xml", example = json!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 400 158\" role=\"img\">...</svg>"))))),
    security(("token" = []))
)]
#[get("/api/v1/sites/{site}/policy/runs/{run_id}/chart")]
pub async fn show_policy_run_chart(
    caller: Caller,
    state: State,
    path: web::Path<(String, PolicyRunId)>,
) -> Result<HttpResponse, Problem> {
    let (now, (key, id)) = (state.clock.now(), path.into_inner());
    let read = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        let (_, run) = find_run(conn, &caller, (&key, id), Operation::ShowPolicyRunChart)?;
        Ok::<_, Problem>(PolicyRunView::from(run).simulation)
    };
    let simulation = state.db.read(read).await?;
    answer(drawn(&simulation.ok_or_else(|| Problem::new(Code::NotFound))?))
}

fn drawn(simulation: &Simulation) -> Result<String, Undrawn> {
    let bar = |label: &str, value: u64, tone| Bar { label: label.to_owned(), value: value as i64, tone };
    let group = |heading: &str, bars| Group { heading: Some(heading.to_owned()), bars, is_ordered: true };
    let rule = |tally: &RuleTally| tally.flag + tally.hold + tally.spam;
    let by_rule = simulation.by_rule.iter().filter(|(_, tally)| rule(tally) > 0);
    let by_rule: Vec<Bar> = by_rule.map(|(name, tally)| bar(&words(name.as_str()), rule(tally), Tone::Plain)).collect();
    let now = simulation.now;
    let mut groups = vec![
        group(
            "Now they are",
            vec![
                bar("Public", now.public, Tone::Plain),
                bar("Waiting for a moderator", now.waiting, Tone::Waiting),
                bar("Refused or put away", now.refused, Tone::Bad),
            ],
        ),
        group(
            "By this policy they would be",
            vec![
                bar("Public", simulation.public, Tone::Plain),
                bar("Waiting for a moderator", simulation.held, Tone::Waiting),
                bar("Put away as spam", simulation.spam, Tone::Bad),
            ],
        ),
        group("They wait now", vec![bar("And would be public", simulation.released, Tone::Plain)]),
        group(
            "People had refused them",
            vec![
                bar("And they would be caught", simulation.caught, Tone::Good),
                bar("But they would be public", simulation.missed, Tone::Bad),
            ],
        ),
        group("People had approved them", vec![bar("But they would be held", simulation.wrongly_held, Tone::Bad)]),
    ];
    // an older program did not count it
    if now == StandNow::default() {
        groups.remove(0);
    }
    if !by_rule.is_empty() {
        let heading = Some("Rules that asked for something".to_owned());
        groups.push(Group { heading, bars: by_rule, is_ordered: false });
    }
    let replies = crate::charts::exact(simulation.replies as i64);
    let of = format!("Tried on {replies} former {}", if simulation.replies == 1 { "reply" } else { "replies" });
    Bars { heading: Heading { title: "What this policy would do".to_owned(), of }, groups }.svg()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rules::RuleName;

    #[test]
    fn a_simulation_is_seen_against_what_people_decided() {
        let tally = RuleTally { hold: 30, ..RuleTally::default() };
        let by_rule = [(RuleName::Words, tally), (RuleName::Links, RuleTally::default())].into();
        let simulation = Simulation {
            replies: 1_000,
            now: StandNow { public: 990, waiting: 7, refused: 3 },
            public: 960,
            held: 30,
            spam: 10,
            caught: 25,
            missed: 4,
            wrongly_held: 3,
            by_rule,
            ..Simulation::default()
        };
        let svg = drawn(&simulation).unwrap();
        for text in [
            "Tried on 1,000 former replies",
            "Public",
            "But they would be public",
            "Words",
            "960",
            "Now they are",
            "990",
        ] {
            assert!(svg.contains(&format!("\n{text}\n")), "{text}: {svg}");
        }
        assert!(!svg.contains("Links"), "a rule that asked for nothing: {svg}");
        let older = Simulation { now: StandNow::default(), ..simulation };
        assert!(!drawn(&older).unwrap().contains("Now they are"));
        assert!(drawn(&Simulation::default()).unwrap().contains("Nothing to show."));
    }
}
