use plotters::style::RGBColor;

use super::*;

fn heading() -> Heading {
    Heading { title: "Reasons".to_owned(), of: "2026-11-01 to 2026-11-30".to_owned() }
}

fn bars(numbers: &[(&str, i64)]) -> Bars {
    let bar = |(label, value): &(&str, i64)| Bar { label: (*label).to_owned(), value: *value, tone: Tone::Plain };
    let group = Group { heading: None, bars: numbers.iter().map(bar).collect(), is_ordered: false };
    Bars { heading: heading(), groups: vec![group] }
}

fn columns(numbers: &[[i64; 2]]) -> Columns {
    let series = [("Public", Tone::Plain), ("Waited", Tone::Waiting)];
    let column = |(at, values): (usize, &[i64; 2])| Column { label: format!("{}.", at + 1), values: values.to_vec() };
    Columns {
        heading: heading(),
        series: series.map(|(name, tone)| Series { name: name.to_owned(), tone }).into(),
        columns: numbers.iter().enumerate().map(column).collect(),
    }
}

fn curve(points: &[(f64, f64)]) -> Curve {
    let line =
        |name: &str, is_broken| Line { name: name.to_owned(), tone: Tone::Plain, is_broken, points: points.to_vec() };
    Curve {
        heading: heading(),
        scale: "Score".to_owned(),
        lines: vec![line("Found", false), line("Held", true)],
        mark: Some(Mark { name: "Usual".to_owned(), at: 0.5 }),
    }
}

fn all() -> Vec<String> {
    vec![
        bars(&[("Abuse", 5), ("Spam", 9)]).svg().unwrap(),
        columns(&[[3, 1], [0, 0], [4, 2]]).svg().unwrap(),
        curve(&[(0.0, 1.0), (1.0, 0.2)]).svg().unwrap(),
        bars(&[]).svg().unwrap(),
    ]
}

/// The texts of a chart in their order.
fn texts(svg: &str) -> Vec<&str> {
    svg.split("<text ").skip(1).filter_map(|rest| rest.split(['>', '<']).nth(1)).map(str::trim).collect()
}

/// Numbers of an attribute of shapes of this kind and colour.
fn numbers(svg: &str, shape: &str, color: &str, name: &str) -> Vec<i64> {
    let is_it = |line: &&str| line.starts_with(&format!("<{shape} ")) && line.contains(color);
    let number = |line: &str| line.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?.parse().ok();
    svg.lines().filter(is_it).filter_map(number).collect()
}

#[test]
fn the_longest_bar_comes_first_and_its_number_stands_at_its_end() {
    let svg = bars(&[("Abuse", 5), ("Spam", 10), ("Off topic", 0)]).svg().unwrap();
    assert_eq!(texts(&svg), ["Reasons", "2026-11-01 to 2026-11-30", "Spam", "10", "Abuse", "5", "Off topic", "0"]);
    let long = numbers(&svg, "rect", "#1D5C86", "width");
    assert_eq!(long.len(), 2, "nothing has no bar: {svg}");
    assert!((long[0] - 2 * long[1]).abs() <= 1, "{long:?}");
    assert!(svg.contains("<title>Reasons, 2026-11-01 to 2026-11-30: Spam 10, Abuse 5, Off topic 0.</title>"), "{svg}");
}

#[test]
fn what_is_little_beside_much_is_seen_and_huge_numbers_stay_within() {
    for most in [3, 1_000_000, i64::MAX] {
        let svg = bars(&[("Much", most), ("Little", 1), ("Less than nothing", -4)]).svg().unwrap();
        let long = numbers(&svg, "rect", "#1D5C86", "width");
        assert!(long.len() == 2 && long.iter().all(|long| *long >= 2), "{svg}");
        for (text, x) in texts(&svg).into_iter().zip(numbers(&svg, "text", "x=", "x")).skip(2) {
            assert!(x + text.chars().count() as i64 * 9 <= 400 || !text.starts_with(char::is_numeric), "{text} at {x}");
        }
        let svg = columns(&[[most, most], [1, 0]]).svg().unwrap();
        assert!(numbers(&svg, "rect", "fill", "y").into_iter().all(|y| (0..400).contains(&y)), "{svg}");
    }
}

#[test]
fn bars_beyond_the_twelfth_are_summed_up() {
    let labels: Vec<String> = (1..=20).map(|number| format!("Moderator {number}")).collect();
    let numbers: Vec<(&str, i64)> = labels.iter().map(String::as_str).zip(1..).collect();
    let svg = bars(&numbers).svg().unwrap();
    let texts = texts(&svg);
    assert_eq!(texts[texts.len() - 2..], ["9 others together", "45"]);
    assert_eq!(texts.len(), 2 + 2 * 12);
    assert!(!bars(&numbers[..12]).svg().unwrap().contains("others"));
}

#[test]
fn columns_lie_upon_each_other() {
    let svg = columns(&[[3, 1], [0, 0], [4, 4]]).svg().unwrap();
    let of = |color| [numbers(&svg, "rect", color, "y"), numbers(&svg, "rect", color, "height")];
    let ([below, high], [above, other]) = (of("#1D5C86"), of("#855400"));
    // the first of each is the square of the legend
    assert_eq!([below.len(), above.len()], [3, 3], "{svg}");
    for at in 1..3 {
        assert_eq!(above[at] + other[at], below[at], "{svg}");
    }
    assert_eq!(below[1] + high[1], below[2] + high[2], "all stand on one line: {svg}");
    assert!(texts(&svg).contains(&"Public: 7") && texts(&svg).contains(&"Waited: 5"), "{svg}");
    assert!(svg.contains(": 12 in all; Public 7, Waited 5.</title>"), "{svg}");
}

#[test]
fn many_columns_have_few_names_and_do_not_leave_the_sheet() {
    let svg = columns(&[[2, 1]; 366]).svg().unwrap();
    assert!(texts(&svg).iter().filter(|text| text.ends_with('.')).count() <= 4, "{:?}", texts(&svg));
    let (lefts, widths) = (numbers(&svg, "rect", "#1D5C86", "x"), numbers(&svg, "rect", "#1D5C86", "width"));
    assert_eq!(lefts.len(), 366 + 1);
    assert!(lefts.iter().zip(widths).all(|(left, width)| width >= 0 && left + width <= 400), "{svg}");
}

#[test]
fn a_curve_has_its_lines_and_the_place_that_is_marked() {
    let svg = curve(&[(0.0, 1.0), (0.5, 0.9), (1.0, 0.2)]).svg().unwrap();
    for text in ["Found", "Held", "Usual: 0.50", "Score", "100 %", "0.25"] {
        assert!(texts(&svg).contains(&text), "{text}: {svg}");
    }
    assert!(svg.matches("<polyline ").count() > 4, "one is broken: {svg}");
    assert!(svg.contains("Found goes from 100 % to 20 %;"), "{svg}");
    assert!(texts(&curve(&[]).svg().unwrap()).contains(&"Nothing to show."));
}

#[test]
fn nothing_is_said_to_be_nothing() {
    for svg in [bars(&[]), bars(&[("Abuse", 0)])].map(|bars| bars.svg().unwrap()) {
        assert_eq!(texts(&svg), ["Reasons", "2026-11-01 to 2026-11-30", "Nothing to show."]);
        assert!(svg.contains("2026-11-30: nothing to show.</title>"), "{svg}");
    }
    assert!(texts(&columns(&[[0, 0]]).svg().unwrap()).contains(&"Nothing to show."));
}

#[test]
fn hostile_names_are_texts() {
    let hostile = "</text></svg><script>alert(1)</script>\"' onload=x & \u{202e}\u{0}\nlong";
    let tone = Tone::Plain;
    let mut heads = heading();
    heads.title = hostile.to_owned();
    let bar = Bar { label: hostile.to_owned(), value: 3, tone };
    let group = Group { heading: Some(hostile.to_owned()), bars: vec![bar], is_ordered: true };
    let series = vec![Series { name: hostile.to_owned(), tone }];
    let column = Column { label: hostile.to_owned(), values: vec![3] };
    let line = Line { name: hostile.to_owned(), tone, is_broken: false, points: vec![(0.0, 0.0)] };
    let mark = Some(Mark { name: hostile.to_owned(), at: 0.5 });
    let drawn = [
        Bars { heading: heads.clone(), groups: vec![group] }.svg().unwrap(),
        Columns { heading: heads.clone(), series, columns: vec![column] }.svg().unwrap(),
        Curve { heading: heads, scale: hostile.to_owned(), lines: vec![line], mark }.svg().unwrap(),
    ];
    for svg in drawn {
        // read as XML it has our elements and no other
        let mut reader = quick_xml::Reader::from_str(&svg);
        let (mut names, mut depth) = (Vec::new(), 0);
        loop {
            use quick_xml::events::Event;
            match reader.read_event().unwrap() {
                Event::Start(tag) => {
                    depth += 1;
                    names.push(tag.name().as_ref().to_owned());
                }
                Event::End(_) => depth -= 1,
                Event::Empty(tag) => names.push(tag.name().as_ref().to_owned()),
                Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(depth, 0, "{svg}");
        let ours = ["svg", "title", "text", "rect", "line", "polyline"];
        assert!(names.iter().all(|name| ours.contains(&name.as_str())), "{names:?}");
        assert_eq!(names.iter().filter(|name| *name == "svg").count(), 1, "{svg}");
        assert!(!svg.contains(['\u{0}', '\u{202e}']), "{svg}");
    }
}

#[test]
fn a_chart_has_no_size_no_style_and_the_same_bytes_each_time() {
    for (svg, again) in all().into_iter().zip(all()) {
        assert_eq!(svg, again);
        let first = svg.lines().next().unwrap();
        assert!(first.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 400 "), "{first}");
        assert!(first.ends_with(" role=\"img\">") && !first.contains(" width="), "{first}");
        assert!(svg.lines().nth(1).unwrap().starts_with("<title>"), "{svg}");
        for never in ["style", "<script", "class=", "href", " id=", "NaN", "inf"] {
            assert!(!svg.contains(never), "{never}: {svg}");
        }
    }
}

#[test]
fn every_colour_is_of_the_palette_and_the_docs_name_it() {
    let hex = |RGBColor(r, g, b): RGBColor| format!("#{r:02X}{g:02X}{b:02X}");
    let tones = [Tone::Plain, Tone::Waiting, Tone::Bad, Tone::Good, Tone::Beside].map(Tone::color);
    let palette: Vec<String> = tones.into_iter().chain([INK, SOFT, RULE]).map(hex).collect();
    let docs = include_str!("../../docs/MODERATION.md");
    assert!(palette.iter().all(|color| docs.contains(color)), "{palette:?}");
    for svg in all() {
        for color in svg.split("=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(palette.contains(&format!("#{color}")), "{color}");
        }
    }
}
