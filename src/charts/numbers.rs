//! Numbers as they stand in charts.

/// Every digit, in groups of three: `12,345`.
pub fn exact(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// In few letters, for an axis: `950`, `12k`, `1.5M`.
pub fn short(number: f64) -> String {
    let (mut rest, mut unit) = (number, "");
    for next in ["k", "M", "G", "T", "P", "E"] {
        if rest.abs() < 10_000.0 && unit.is_empty() || rest.abs() < 1_000.0 {
            break;
        }
        (rest, unit) = (rest / 1_000.0, next);
    }
    format!("{}{unit}", (rest * 10.0).round() / 10.0)
}

/// Where the lines of an axis from nothing to this are: whole numbers, at most five and two at least. The last is the end.
pub fn ticks(most: i64) -> Vec<f64> {
    let most = most.max(2) as f64;
    let raw = most / 4.0;
    let power = 10_f64.powf(raw.log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0].map(|step| step * power);
    let is_whole = |step: &f64| *step >= 1.0 && step.fract() == 0.0;
    let step = steps.into_iter().filter(is_whole).find(|step| *step >= raw).unwrap_or(1.0);
    (0..=(most / step).ceil() as u32).map(|tick| f64::from(tick) * step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_shortened() {
        let exactly = [0, 7, 999, 1_000, 12_345, 1_234_567, -1_000, i64::MAX, i64::MIN].map(exact);
        let expected = ["0", "7", "999", "1,000", "12,345", "1,234,567", "-1,000"];
        assert_eq!(exactly[..7], expected);
        assert_eq!(exactly[7..], ["9,223,372,036,854,775,807", "-9,223,372,036,854,775,808"]);
        let shortly = [0.0, 950.0, 2_500.0, 12_000.0, 150_000.0, 1_500_000.0, 9.2e18].map(short);
        assert_eq!(shortly, ["0", "950", "2500", "12k", "150k", "1.5M", "9.2E"]);
    }

    #[test]
    fn an_axis_has_few_whole_lines_and_holds_the_most() {
        for most in [0, 1, 2, 3, 5, 9, 10, 11, 99, 100, 366, 12_345, i64::MAX] {
            let ticks = ticks(most);
            assert!((2..=5).contains(&ticks.len()), "{most}: {ticks:?}");
            assert!(ticks.iter().all(|tick| tick.fract() == 0.0) && ticks[0] == 0.0, "{most}: {ticks:?}");
            assert!(*ticks.last().unwrap() >= most as f64, "{most}: {ticks:?}");
        }
    }
}
