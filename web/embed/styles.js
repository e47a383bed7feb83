import { sheet } from "../shared/dom.js";

/**
 * How it looks. Colours follow the page's own text colour, so that light and dark come by themselves; what is inherited is the
 * page's: its font, its size, its direction.
 */
export const styles = sheet(`
:host {
  display: block;
  container-type: inline-size;
  --_accent: var(--rejoinder-accent, var(--_site, light-dark(#1f5fa6, #7db4f0)));
  --_on-accent: var(--rejoinder-on-accent, var(--_on-site, light-dark(#fff, #0b1520)));
  --_ink: var(--rejoinder-text, currentColor);
  --_accent-ink: color-mix(in oklab, var(--_accent) 55%, var(--_ink));
  --_quiet: var(--rejoinder-quiet, color-mix(in srgb, var(--_ink) 72%, transparent));
  --_line: var(--rejoinder-line, color-mix(in srgb, var(--_ink) 20%, transparent));
  --_tint: color-mix(in srgb, var(--_ink) 6%, transparent);
  --_radius: var(--rejoinder-radius, 8px);
  --_back: var(--rejoinder-background, Canvas);
}
:host([hidden]) { display: none }
*, ::before, ::after { box-sizing: border-box }
[hidden] { display: none !important }
.discussion { color: var(--_ink); line-height: 1.5; overflow-wrap: anywhere }
button, input, textarea, select { font: inherit; color: inherit; letter-spacing: inherit }
button { background: none; border: 0; padding: 0; cursor: pointer; text-align: start }
button[aria-disabled=true] { opacity: .55; cursor: default }
:focus-visible { outline: 2px solid var(--_accent-ink); outline-offset: 2px; border-radius: 4px }
.icon { inline-size: 1.05em; block-size: 1.05em; flex: none; fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round }
.icon-more { stroke-width: 2.6 }
.heard { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }

.top { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 4px 16px }
.title { font-size: 1.3em; line-height: 1.25; margin: 0; text-wrap: balance }
.me { font-size: .875em; color: var(--_quiet); display: flex; gap: 12px; align-items: center }
.state { margin: 12px 0 0; padding: 10px 14px; background: var(--_tint); border-radius: var(--_radius) }
.composer { margin-block: 14px }
.invitation { inline-size: 100%; min-block-size: 52px; padding: 0 16px; border: 1px solid var(--_line); border-radius: var(--_radius); color: var(--_quiet); background: var(--_tint) }
.invitation:hover { border-color: var(--_accent) }
.sorts { display: flex; gap: 4px 18px; flex-wrap: wrap; border-block-end: 1px solid var(--_line); margin-block-end: 8px }
.sort { min-block-size: 36px; min-inline-size: 28px; color: var(--_quiet); font-size: .9em; border-block-end: 2px solid transparent; margin-block-end: -1px }
.sort[aria-pressed=true] { color: var(--_ink); font-weight: 600; border-color: var(--_accent) }
.sort:hover { color: var(--_ink) }

.picks { margin-block-end: 14px; border: 1px solid var(--_line); border-radius: var(--_radius) }
.picks-title { display: flex; align-items: center; gap: 8px; min-block-size: 40px; padding-inline: 14px; font-weight: 600; font-size: .95em; cursor: pointer }
.picks-title .icon { color: var(--_accent-ink); fill: currentColor }
.picks-title::after { content: ""; margin-inline-start: auto; border: solid; border-width: 0 2px 2px 0; padding: 3px; transform: rotate(45deg) }
[open] > .picks-title::after { transform: rotate(-135deg) }
.pick { margin-inline: 14px; padding-block: 8px; border-block-start: 1px solid var(--_line) }
.pick-head { display: flex; flex-wrap: wrap; gap: 0 8px; margin: 0; font-size: .9em }
.pick .body { padding-inline-start: 0 }

.has-picks { min-block-size: 56px }
.bar { position: sticky; inset-block-start: 12px; block-size: 0; z-index: 2; display: flex; flex-direction: column; align-items: center; gap: 6px }
.arrived { display: flex; align-items: center; gap: 6px; background: var(--_accent); color: var(--_on-accent); border-radius: 99px; padding: 6px 18px; min-block-size: 36px; font-size: .9em; font-weight: 600; box-shadow: 0 3px 14px rgb(0 0 0 / .25); animation: come .25s ease-out }
@keyframes come { from { opacity: 0; transform: translateY(-8px) } }

ol { list-style: none; margin: 0; padding: 0 }
.threads[aria-busy] { opacity: .5 }
.threads > .node { padding: 0 8px 10px; margin-inline: -8px }
.many > .node { content-visibility: auto; contain-intrinsic-block-size: auto 300px }
.many > .node:focus-within { content-visibility: visible }
.threads > .node + .node::before { content: ""; display: block; border-block-start: 1px solid var(--_line); margin-block-end: 6px }
.below { margin-inline-start: 13px; padding-inline-start: 20px; border-inline-start: 2px solid var(--_line) }
.deep { margin-inline-start: 0; padding-inline-start: 0; border: 0 }
.reply { position: relative; padding: 10px 8px 4px; margin-inline: -8px; border-radius: var(--_radius); scroll-margin-block: 80px }
.reply:focus { outline: none }
.reply:focus-visible { outline: 2px solid var(--_accent-ink); outline-offset: -2px }
.linked { background: color-mix(in srgb, var(--_accent) 13%, transparent); box-shadow: inset 3px 0 var(--_accent) }
[dir=rtl] .linked { box-shadow: inset -3px 0 var(--_accent) }
.featured { background: color-mix(in srgb, var(--_accent) 8%, transparent) }
.head { display: flex; align-items: center; gap: 8px; font-size: .9em; min-block-size: 28px }
.disc { --_hue: 0; flex: none; inline-size: 28px; block-size: 28px; border-radius: 50%; display: grid; place-items: center; font-size: .85em; font-weight: 600; color: #fff; background: hsl(var(--_hue) 38% 34%) }
.who { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 8px; min-inline-size: 0; flex: 1 }
.name { font-weight: 650 }
.to, .time, .edited { color: var(--_quiet) }
.to:empty { display: none }
.time { text-decoration: none; min-block-size: 24px; line-height: 24px; white-space: nowrap }
.time:hover { text-decoration: underline }
.time:focus-visible::after { content: " · " attr(title); white-space: normal }
.marks { display: contents }
.mark { align-self: center; font-size: .8em; font-weight: 600; line-height: 1.6; padding: 0 7px; border-radius: 99px; border: 1px solid var(--_line); display: inline-flex; align-items: center; gap: 4px; white-space: nowrap; max-inline-size: 100%; overflow: hidden; text-overflow: ellipsis }
.mark.staff { background: var(--_accent); color: var(--_on-accent); border-color: transparent }
.mark.star, .mark.new { color: var(--_accent-ink); border-color: currentColor }
.mark .icon, .arrived .icon { fill: currentColor; stroke: none }
.edited { font-size: .9em; font-style: italic }
.toggle { flex: none; min-inline-size: 28px; min-block-size: 28px; border-radius: 6px; color: var(--_quiet); display: inline-flex; gap: 3px; align-items: center; justify-content: center }
.toggle:hover { background: var(--_tint); color: var(--_ink) }
.collapsed > :not(.reply), .collapsed > .reply > :not(.head) { display: none }
.collapsed > .reply > .head { opacity: .75 }
.body { padding-inline-start: 36px }
.below .body { padding-inline-start: 0 }
.body > :first-child { margin-block-start: 4px }
.body > :last-child { margin-block-end: 4px }
.body p, .body ul, .body ol, .body blockquote, .body pre { margin-block: .6em }
.body ul { padding-inline-start: 1.4em }
.body ol { list-style: decimal; padding-inline-start: 1.6em }
.body blockquote { margin-inline: 0; padding-inline-start: 12px; border-inline-start: 3px solid var(--_line); color: var(--_quiet) }
.body pre { overflow-x: auto; background: var(--_tint); padding: 8px 10px; border-radius: 6px }
.body code { font-size: .9em }
.body a, .link { color: var(--_accent-ink); text-decoration: underline; text-underline-offset: 2px }
.tombstone .body { color: var(--_quiet); font-style: italic; padding-inline-start: 0 }
.tombstone .head { float: inline-end; min-block-size: 0 }
.actions { display: flex; flex-wrap: wrap; gap: 0 4px; padding-inline-start: 28px; font-size: .875em; position: relative }
.below .actions { padding-inline-start: 0; margin-inline-start: -8px }
.act { min-block-size: 32px; min-inline-size: 32px; padding: 0 8px; border-radius: 6px; color: var(--_quiet); display: inline-flex; align-items: center; gap: 6px }
[dir=rtl] .icon-reply { transform: scaleX(-1) }
.act:hover, .act[aria-expanded=true] { background: var(--_tint); color: var(--_ink) }
.recommend[aria-pressed=true] { color: var(--_accent-ink); font-weight: 650 }
.recommend[aria-pressed=true] .icon { fill: currentColor }
.no-replies .answer { display: none }
.rest { padding: 2px 0 6px 34px }
.link { min-block-size: 28px; font-size: .9em }
.foot { margin-block: 12px; text-align: center }
.nothing { color: var(--_quiet); margin: 24px 0 }
.more-threads { min-block-size: 44px; padding: 0 28px; border: 1px solid var(--_line); border-radius: 99px; font-weight: 600 }
.more-threads:hover { border-color: var(--_accent); background: var(--_tint) }
.notes { position: sticky; inset-block-end: 12px; z-index: 3; display: grid; justify-items: center }
.status, .lost { margin: 4px 0 0; max-inline-size: 100%; padding: 8px 16px; border-radius: var(--_radius); background: CanvasText; color: Canvas; font-size: .9em; box-shadow: 0 3px 14px rgb(0 0 0 / .3) }
.status:empty, .lost:empty { margin: 0; padding: 0; box-shadow: none }
.status.heard { position: absolute }
.failed { text-align: center; padding: 24px 0 }

.wait { display: grid; gap: 12px; padding-block: 12px }
.wait div { block-size: 64px; border-radius: var(--_radius); background: var(--_tint); animation: breathe 1.2s ease-in-out infinite alternate }
.wait div:first-child { block-size: 28px; inline-size: 50% }
@keyframes breathe { to { opacity: .4 } }

@container (max-width: 560px) {
  .disc { inline-size: 24px; block-size: 24px; font-size: .75em }
  .below .disc { display: none }
  .body, .rest { padding-inline-start: 0 }
  .actions { padding-inline-start: 0; margin-inline-start: -8px }
  .below { margin-inline-start: 2px; padding-inline-start: 9px }
  .below .below .below .below { padding-inline-start: 6px }
  .below.below.below.below.deep { margin: 0; padding: 0 }
}
@media (prefers-reduced-motion: reduce) { *, ::before { animation: none !important; transition: none !important } }
@media (forced-colors: active) {
  .mark, .mark.staff, .arrived, .status:not(:empty), .lost:not(:empty), .disc { border: 1px solid CanvasText; background: Canvas; color: CanvasText }
  .linked, .featured { outline: 2px solid Highlight }
  .sort { border-color: Canvas }
  .sort[aria-pressed=true] { border-color: Highlight }
  .recommend[aria-pressed=true] { color: Highlight }
}
`);
