//! Texts that would run script where a check is forgotten: in through every way that there is, out through every other,
//! and a parser of HTML says what a browser would find in what came out.

use html5ever::{QualName, local_name, ns, parse_document, parse_fragment, tendril::TendrilSink};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use rejoinder::domain::safe_html::{ALLOWED_ATTRIBUTES, ALLOWED_SCHEMES, ALLOWED_TAGS, LINK_REL};
use serde_json::{Value, json};

use crate::{
    actors::{Person, Reply, Site, Story},
    app::App,
    import::import_of,
    plain,
};

/// One a line; the lines of a file would be read past.
const PAYLOADS: &str = r##"<script>alert(1)</script>
<ScRiPt/x>alert(1)</sCrIpT >
<script src=//a.example/x.js></script>
<script>/*</script><script>*/alert(1)//</script>
<<script>alert(1)//<</script>
<script x>alert(1)</script 0
<svg><script>alert&#40;1)</script>
<svg><script xlink:href=data:,alert(1) />
<svg onload=alert(1)>
<svg/onload=alert(1)//
<svg><animate onbegin=alert(1) attributeName=x dur=1s>
<svg><a xlink:href="javascript:alert(1)"><text y=9>x</text></a>
<svg><use href="data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg'><a href='javascript:1'/></svg>#x">
<svg><style><img src=x onerror=alert(1)></style>
<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">
<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>
<math><mtext><h1><a><h6></a></h6><mglyph><svg><mtext><style><a title="</style><img src onerror='alert(1)'>"></style></h1>
<math href="javascript:alert(1)">x</math>
<math><annotation-xml encoding="text/html"><script>alert(1)</script></annotation-xml></math>
<img src=x onerror=alert(1)>
<img/src=`x`/onerror=alert(1)//
<img src=x:x onerror=alert&lpar;1&rpar;>
<img src="x` `<script>alert(1)</script>"` `>
<img """><script>alert(1)</script>">
<image src=x onerror=alert(1)>
<img srcset=x onerror=alert(1)>
<picture><source srcset=x><img onerror=alert(1)></picture>
<video src=x onerror=alert(1)></video>
<video><source onerror=alert(1)></video>
<audio src=x onerror=alert(1)>
<iframe srcdoc="<script>alert(1)</script>">
<iframe src=javascript:alert(1)>
<object data=javascript:alert(1)></object>
<embed src=javascript:alert(1)>
<applet code=x></applet>
<a href="javascript:alert(1)">x</a>
<a href=" &#1;javascript:alert(1)">x</a>
<a href="java&Tab;script:alert(1)">x</a>
<a href="&#106;&#97;vascript:alert(1)">x</a>
<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>
<a href="vbscript:msgbox(1)">x</a>
<a href=https://a.example/ onclick=alert(1)>x</a>
<a href="https://a.example/" target=_self ping=//b.example rel=opener>x</a>
<a href="//a.example/">x</a>
<style>@import 'javascript:alert(1)'</style>
<style><style /><img src=x onerror=alert(1)></style>
<link rel=stylesheet href=//a.example/x.css>
<div style="background:url(javascript:alert(1))" onclick=alert(1)>x</div>
<p style="position:fixed;inset:0" class=x id=y name=z>x</p>
<noscript><p title="</noscript><img src=x onerror=alert(1)>">
<noembed><img title="</noembed><img src onerror=alert(1)>"></noembed>
<noframes><a title="</noframes><img src onerror=alert(1)>"></noframes>
<xmp><p title="</xmp><svg/onload=alert(1)>"></xmp>
<plaintext><script>alert(1)</script>
<title><p title="</title><svg onload=alert(1)>"></title>
<textarea><script>alert(1)</script></textarea><img src=x onerror=alert(1)>
<select><option><style></option></select><b><img src=x onerror=alert(1)></style></option></select>
<!--><img src=x onerror=alert(1)>-->
<!--!> <img src=x onerror=alert(1)> --!>
<!-- --!><img src=x onerror=alert(1)>
<![CDATA[<img src=x onerror=alert(1)>]]>
<?xml version="1.0"?><script>alert(1)</script>
<!DOCTYPE html [<!ENTITY x "<script>alert(1)</script>">]>&x;
<form action=javascript:alert(1)><input type=submit></form>
<form id=x></form><button form=x formaction=javascript:alert(1)>x</button>
<input autofocus onfocus=alert(1)>
<details open ontoggle=alert(1)>x</details>
<marquee onstart=alert(1)>x</marquee>
<body onload=alert(1)><base href=//a.example/>
<meta http-equiv=refresh content="0;url=javascript:alert(1)">
<template><script>alert(1)</script></template>
<template shadowrootmode=open><img src=x onerror=alert(1)></template>
<custom-x onpointerrawupdate=alert(1)>x</custom-x>
<table><td background=javascript:alert(1)>x</td></table>
</p></li></blockquote><script>alert(1)</script>
</code></pre><script>alert(1)</script>
<a
href="javascript:alert(1)"
>x</a>
&lt;script&gt;alert(1)&lt;/script&gt;
&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;
&#60script&#62alert(1)&#60/script&#62
[x](javascript:alert(1))
[x](JaVaScRiPt&colon;alert(1))
[x](java&#x0A;script:alert(1))
[x](java%0Ascript:alert(1))
[x](\javascript:alert(1))
[x](  javascript:alert(1))
[x](data:text/html;base64,PHNjcmlwdD4=)
[x](https://a.example/"onmouseover=alert(1)")
[x](https://a.example/ 'y" onmouseover="alert(1)')
[x](https://a.example/?a=`"><script>alert(1)</script>)
![x" onerror="alert(1)](https://a.example/x.png "y\" onload=\"alert(1)")
<javascript:alert(1)> <vbscript:x> <data:text/html,x>
<https://a.example/"onclick="alert(1)>
https://a.example/"onmouseover="alert(1)
http://a.example/<script>alert(1)</script>
www.a.example/'"><img/src=x/onerror=alert(1)>
`<script>`<script>alert(1)</script>
*<img src=x*onerror=alert(1)>*
| <script>alert(1)</script> |
x[^1] [^1]: <script>alert(1)</script>
:<script>: $<script>$ ==<script>== ++<script>++ {onclick=alert(1)}"##;

const WRAPPINGS: [fn(&str) -> String; 12] = [
    |p| p.to_owned(),
    |p| format!("> {p}"),
    |p| format!("1. {p}\n   - {p}"),
    |p| format!("*a {p} b* ~~{p}~~ **{p}**"),
    |p| format!("# {p}\n\n{p}\n==="),
    |p| format!("`{p}`"),
    |p| format!("```{p}\n{p}\n```"),
    |p| format!("[{p}](https://a.example/)"),
    |p| format!("[a]({p}) ![{p}](<{p}>)"),
    |p| format!("[a]: <{p}> \"{p}\"\n\n[a] ![a]"),
    |p| format!("https://a.example/{p} www.a.example/{p} a@b.example{p}"),
    |p| format!("<b>{p}<i\n\n{p}"),
];

/// Every payload in every wrapping, no two alike.
fn texts() -> Vec<String> {
    let payloads = PAYLOADS.lines().enumerate();
    let texts = payloads.flat_map(|(number, payload)| {
        WRAPPINGS.iter().enumerate().map(move |(way, wrap)| format!("{}\n\n{number} in {way}", wrap(payload)))
    });
    texts.collect()
}

/// What a parser finds in HTML that is not in the written list.
fn objection(html: &str) -> Option<String> {
    let context = QualName::new(None, ns!(html), local_name!("div"));
    // as in a browser that runs scripts
    let parsed = parse_fragment(RcDom::default(), html5ever::ParseOpts::default(), context, Vec::new(), true).one(html);
    let root = parsed.document.children.borrow();
    root.iter().flat_map(|node| node.children.borrow().clone()).find_map(|node| objection_to(&node))
}

fn objection_to(node: &Handle) -> Option<String> {
    match &node.data {
        NodeData::Text { .. } => None,
        NodeData::Element { name, attrs, .. } => {
            let tag = &*name.local;
            if name.ns != ns!(html) || !ALLOWED_TAGS.contains(&tag) {
                return Some(format!("the element {tag}"));
            }
            let attrs = attrs.borrow();
            let odd = attrs.iter().find(|attr| {
                let (attribute, value) = (&*attr.name.local, &*attr.value);
                match (tag, attribute) {
                    ("a", "rel") => value != LINK_REL,
                    ("a", "href") => value.split_once(':').is_none_or(|(scheme, _)| !ALLOWED_SCHEMES.contains(&scheme)),
                    ("ol", "start") => !value.bytes().all(|byte| byte.is_ascii_digit()),
                    pair => !ALLOWED_ATTRIBUTES.contains(&pair),
                }
            });
            if let Some(attr) = odd {
                return Some(format!("{}={} of {tag}", &*attr.name.local, &*attr.value));
            }
            if tag == "a" && !attrs.iter().any(|attr| &*attr.name.local == "rel") {
                return Some("a link without rel".to_owned());
            }
            node.children.borrow().iter().find_map(objection_to)
        }
        _ => Some("what is neither an element nor text".to_owned()),
    }
}

/// Looks at a page that is opened as it is: how many articles it holds, in which nothing stands but what is in the list.
fn articles_of_page(page: &str) -> usize {
    let parsed = parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(page);
    let html = children_of(&parsed.document).find(|node| tag_of(node) == "html").unwrap();
    let parts: Vec<Handle> = children_of(&html).filter(|node| !tag_of(node).is_empty()).collect();
    assert_eq!(parts.iter().map(tag_of).collect::<Vec<_>>(), ["head", "body"]);
    for node in children_of(&parts[0]) {
        let tag = tag_of(&node);
        assert!(["", "meta", "title", "style"].contains(&&*tag), "{tag} in the head");
    }
    children_of(&parts[1]).map(|node| articles_in(&node)).sum()
}

/// Looks at a plain page of a discussion: how many articles it holds, in whose texts nothing stands but what is in the list, and
/// around which there is nothing but what we write.
fn articles_of_plain_page(page: &str) -> usize {
    let parsed = parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(page);
    let html = children_of(&parsed.document).find(|node| tag_of(node) == "html").unwrap();
    let parts: Vec<Handle> = children_of(&html).filter(|node| !tag_of(node).is_empty()).collect();
    assert_eq!(parts.iter().map(tag_of).collect::<Vec<_>>(), ["head", "body"]);
    for node in children_of(&parts[0]) {
        let tag = tag_of(&node);
        assert!(["", "meta", "title", "link", "style"].contains(&&*tag), "{tag} in the head");
    }
    children_of(&parts[1]).map(|node| articles_around(&node)).sum()
}

fn articles_around(node: &Handle) -> usize {
    const OURS: [&str; 20] = [
        "a", "article", "b", "button", "form", "h1", "h2", "header", "input", "label", "li", "main", "nav", "ol", "p",
        "section", "span", "strong", "textarea", "time",
    ];
    let tag = tag_of(node);
    let NodeData::Element { attrs, .. } = &node.data else { return 0 };
    let attrs = attrs.borrow();
    let value = |name: &str| attrs.iter().find(|attr| &*attr.name.local == name).map(|attr| attr.value.to_string());
    match &*tag {
        "div" => {
            children_of(node).for_each(|node| assert_eq!(objection_to(&node), None));
            return 0;
        }
        "script" => assert_eq!(value("type").as_deref(), Some("application/ld+json")),
        _ => assert!(OURS.contains(&&*tag), "{tag}"),
    }
    assert!(attrs.iter().all(|attr| !attr.name.local.starts_with("on")), "{tag}");
    for target in ["href", "action"].into_iter().filter_map(value) {
        assert!(target.starts_with("http://") || target.starts_with("https://"), "{target}");
    }
    usize::from(tag == "article") + children_of(node).map(|node| articles_around(&node)).sum::<usize>()
}

fn articles_in(node: &Handle) -> usize {
    let tag = tag_of(node);
    let has_attributes = matches!(&node.data, NodeData::Element { attrs, .. } if !attrs.borrow().is_empty());
    if !["h1", "h2", "small", "dl", "dt", "dd", "article", "header"].contains(&&*tag) || has_attributes {
        assert_eq!(objection_to(node), None);
        return 0;
    }
    usize::from(tag == "article") + children_of(node).map(|node| articles_in(&node)).sum::<usize>()
}

fn children_of(node: &Handle) -> impl Iterator<Item = Handle> {
    node.children.borrow().clone().into_iter()
}

/// Empty of what is no element.
fn tag_of(node: &Handle) -> String {
    match &node.data {
        NodeData::Element { name, .. } => name.local.to_string(),
        _ => String::new(),
    }
}

/// Looks at all HTML in an answer: how much there was. Everything else in it is text, by its name.
fn looked_at(answer: &Value) -> usize {
    match answer {
        Value::Array(items) => items.iter().map(looked_at).sum(),
        Value::Object(fields) => fields.iter().map(|(name, value)| look(name, value)).sum(),
        _ => 0,
    }
}

fn look(name: &str, value: &Value) -> usize {
    match value.as_str() {
        Some(html) if name.ends_with("html") => {
            assert_eq!(objection(html), None, "{html}");
            1
        }
        _ => looked_at(value),
    }
}

/// All pages of a list, each looked at.
async fn looked_through(person: &Person, path: &str) -> usize {
    let (mut found, mut cursor) = (0, String::new());
    loop {
        let page = person.get(format!("{path}{cursor}")).expect(200).await.json();
        found += looked_at(&page);
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

/// A site without rules about links and repeats, its moderator and a reader.
async fn blog(app: &App) -> (Site, Person, Person) {
    let site = app.site("blog").await;
    site.policy(json!({
        "links": {"max": 1000, "newcomer_max": 1000, "pretending": "pass"},
        "repeats": {"own": "pass", "near": "pass"},
        "history": {"refused_percent": 0},
        "shape": {"shouting": "pass", "mostly_links": "pass", "mostly_symbols": "pass", "unusually_long": "pass",
                  "invisible": "pass", "direction": "pass"},
    }))
    .await;
    let moderator = site.moderator("mike").await;
    let reader = app.reader("ann").await;
    reader.patch("/api/v1/me").json(json!({"display_name": "<svg onload=alert(1)>"})).expect(200).await;
    (site, moderator, reader)
}

async fn posted(person: &Person, story: &Story, text: &str) -> Reply {
    let view = person.posting(story, text).expect(201).await.json();
    assert_eq!(looked_at(&view), 1, "{view}");
    assert_eq!(view["state"], "approved", "{view}");
    Reply {
        id: view["id"].as_str().unwrap().to_owned(),
        story_id: story.id.clone(),
        version: view["version"].as_i64().unwrap(),
        state: "approved".to_owned(),
    }
}

#[test]
fn the_parser_objects_to_what_is_not_in_the_list() {
    for html in [
        "<p><script>alert(1)</script></p>",
        "<p onclick=\"alert(1)\">a</p>",
        "<svg></svg>",
        "<svg><a href=\"https://a.example/\"></a></svg>",
        "<!-- a -->",
        "<a href=\"javascript:alert(1)\" rel=\"nofollow ugc noopener noreferrer\">a</a>",
        "<a href=\"/a\" rel=\"nofollow ugc noopener noreferrer\">a</a>",
        "<a href=\"https://a.example/\">a</a>",
        "<a href=\"https://a.example/\" rel=\"opener\">a</a>",
        "<ol start=\"a\"></ol>",
        "<p>a</p><img src=\"a\">",
    ] {
        assert!(objection(html).is_some(), "{html}");
    }
    let fine = "<p>a &lt;script&gt; <a href=\"https://a.example/\" rel=\"nofollow ugc noopener noreferrer\">b</a></p>";
    assert_eq!(objection(fine), None);
    let page = |body: &str| format!("<!doctype html><html><head><title>a</title></head><body>{body}</body></html>");
    assert_eq!(articles_of_page(&page("<article><header>a</header><p>b</p></article><article></article>")), 2);
    for body in ["<article><script>a</script></article>", "<article id=\"a\"></article>", "<form></form>"] {
        let page = page(body);
        assert!(std::panic::catch_unwind(|| articles_of_page(&page)).is_err(), "{body}");
    }
    assert_eq!(articles_of_plain_page(&page("<article><p>a</p><div dir=\"auto\"><p>b</p></div></article>")), 1);
    for body in [
        "<div><script>a</script></div>",
        "<script>a</script>",
        "<p onclick=\"a\">a</p>",
        "<a href=\"javascript:a\">a</a>",
        "<form action=\"javascript:a\"></form>",
        "<svg></svg>",
    ] {
        let page = page(body);
        assert!(std::panic::catch_unwind(|| articles_of_plain_page(&page)).is_err(), "{body}");
    }
}

#[actix_web::test]
async fn no_payload_runs_whichever_way_it_came_in_and_goes_out() {
    let app = App::start().await;
    let (site, moderator, reader) = blog(&app).await;
    let texts = texts();
    assert!(texts.len() >= 1_000, "{}", texts.len());
    let story = site.story("s1").await;
    let mut edited = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        let reply = posted(&reader, &story, text).await;
        // edited to what the neighbour says, by the author or a moderator
        let other = &texts[(number + WRAPPINGS.len()) % texts.len()];
        match number % 16 {
            0 => edited.push(reader.edits(&reply, other).await),
            8 => edited.push(moderator.edits(&reply, other).await),
            _ => {}
        }
        if number % 16 == 4 {
            let preview = reader.post("/api/v1/replies/preview").json(json!({"body": text})).expect(200).await.json();
            assert_eq!(looked_at(&preview), 1);
            let hostile = json!({
                "headline": "A <script>alert(1)</script>",
                "excerpt": "<img src=x onerror=alert(1)>",
                "commentary": {"label": "<b>View</b>", "author_name": "<svg onload=alert(1)>", "body": text},
            });
            let commented = site.story_with(&format!("c{number}"), hostile).await;
            let shown = app.get(format!("/api/v1/stories/{}", commented.id)).expect(200).await.json();
            assert_eq!(looked_at(&shown), 1, "{shown}");
            posted(&reader, &commented, text).await;
        }
    }
    app.settle().await;
    // public pages
    let all = texts.len();
    assert!(looked_through(&reader, &format!("/api/v1/stories/{}/replies?limit=100", story.id)).await >= all);
    assert!(looked_through(&reader, "/api/v1/sites/blog/replies?limit=100").await >= all);
    assert!(looked_through(&reader, &format!("/api/v1/accounts/{}/replies?limit=100", reader.id)).await >= all);
    looked_through(&reader, "/api/v1/sites/blog/stories?limit=100").await;
    assert!(looked_at(&reader.mine(&story).await) >= 1);
    looked_at(&app.get(format!("/api/v1/stories/{}/events?since=0", story.id)).expect(200).await.json());
    // the pages for browsers without script, and what stands in one of them for programs
    let mut next = Some("/embed/blog/s1?sort=oldest".to_owned());
    let mut articles = 0;
    while let Some(path) = next {
        let page = app.get(&path).expect(200).await.text();
        articles += articles_of_plain_page(&page);
        next = plain::next(&page);
    }
    assert!(articles >= all, "{articles} of {all}");
    let commented = app.get("/embed/blog/c4").expect(200).await.text();
    assert_eq!(articles_of_plain_page(&commented), 1);
    assert_eq!(plain::linked_data(&commented)["headline"], "A <script>alert(1)</script>");
    // what moderators see of what was edited and taken down; former texts are told as they were written
    for reply in &edited {
        let path = format!("/api/v1/moderation/replies/{}", reply.id);
        assert!(looked_at(&moderator.get(&path).expect(200).await.json()) >= 1);
        for below in ["revisions", "diff?from=1&to=2", "trace"] {
            looked_at(&moderator.get(format!("{path}/{below}")).expect(200).await.json());
        }
        moderator.decides(reply, "reject").await;
    }
    let rejected = "/api/v1/moderation/replies?queue=rejected&site=blog&limit=100";
    assert!(looked_through(&moderator, rejected).await >= edited.len());
    looked_through(&moderator, "/api/v1/moderation/search?q=alert&site=blog&limit=100").await;
    assert!(looked_at(&reader.mine(&story).await) >= 1);
    // the copy of his data is opened from his disk: its page is HTML as a whole
    reader.post("/api/v1/me/data").expect(202).await;
    app.tends_people().await;
    let files = reader.fetches().await;
    assert!(articles_of_page(&files["index.html"]) >= all);
}

#[actix_web::test]
async fn no_payload_of_an_import_runs() {
    let app = App::start().await;
    let texts = texts();
    let comment = |(id, text): (usize, &String)| {
        format!(
            "<wp:comment><wp:comment_id>{}</wp:comment_id><wp:comment_author><![CDATA[<svg onload=alert(1)>]]>\
             </wp:comment_author><wp:comment_date_gmt>2020-03-01 {:02}:{:02}:00</wp:comment_date_gmt>\
             <wp:comment_content><![CDATA[{}]]></wp:comment_content><wp:comment_approved>1</wp:comment_approved>\
             </wp:comment>",
            id + 1,
            id / 60 % 24,
            id % 60,
            text.replace("]]>", "]]]]><![CDATA[>")
        )
    };
    let export = format!(
        "<rss xmlns:wp='http://wordpress.org/export/1.2/' xmlns:content='http://purl.org/rss/1.0/modules/content/'>\
         <channel><title>Ledger</title><wp:wxr_version>1.2</wp:wxr_version><item>\
         <title><![CDATA[<script>alert(1)</script>]]></title><content:encoded><![CDATA[{}]]></content:encoded>\
         <wp:post_id>1</wp:post_id><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>{}</item></channel></rss>",
        PAYLOADS.replace("]]>", "]]]]><![CDATA[>"),
        texts.iter().enumerate().map(comment).collect::<String>()
    );
    let file = app.database.folder.path().join("payloads.xml");
    std::fs::write(&file, export).unwrap();
    let report = import_of(&app, file, false).await;
    // what holds nothing but elements that are taken away whole is left out as empty
    let imported = report.all_replies().new;
    assert!(imported >= 1_000, "{report:?}");
    let reader = app.reader("ann").await;
    let found = looked_through(&reader, "/api/v1/sites/ledger/replies?limit=100").await;
    assert!(u64::try_from(found).unwrap() >= imported, "{found} of {imported}");
    looked_through(&reader, "/api/v1/sites/ledger/stories?limit=100").await;
}
