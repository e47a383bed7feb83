import { sheet } from "../../shared/dom.js";

/** How writing looks; the colours are those of reading. */
export const writingStyles = sheet(`
.box { padding-block: 8px 12px }
.composer .box { padding: 0 }
.box-label { display: block; font-weight: 600; font-size: .9em; margin-block-end: 6px }
.input { inline-size: 100%; min-block-size: 44px; padding: 10px 12px; border: 1px solid color-mix(in srgb, currentColor 48%, transparent); border-radius: var(--_radius); background: var(--rejoinder-field, transparent); font-size: max(1em, 16px); line-height: 1.45 }
.input:focus { outline: 2px solid var(--_accent-ink); outline-offset: -1px }
.input::placeholder { color: var(--_quiet); opacity: 1 }
textarea.input { display: block; min-block-size: 6em; max-block-size: 60vh; resize: vertical; field-sizing: content }
.preview { padding: 10px 14px !important; border: 1px dashed var(--_line); border-radius: var(--_radius); min-block-size: 6em }
.left .input { max-block-size: 12em; margin-block: 6px 8px }
.other { min-block-size: 0; margin-block-end: 12px }
.trap { display: none }
.about { font-size: .82em; color: var(--_quiet) }
.box-foot { padding: 4px 2px; text-align: end }
.about { display: block; padding-block-start: 3px }
.about:empty { display: none }
.over, .wrong .about { color: var(--_bad); font-weight: 600 }
.wrong .input { border-color: var(--_bad) }
.wrong-note { color: var(--_bad); font-size: .92em; margin: 4px 0 8px }
.wrong-note:empty { display: none }
.buttons { display: flex; flex-wrap: wrap; gap: 6px; align-items: center }
.buttons .act { min-block-size: 40px; padding-inline: 12px; font-size: .92em }
.go { min-block-size: 40px; padding: 0 22px; border-radius: 99px; background: var(--_accent); color: var(--_on-accent); font-weight: 650; text-align: center }
.go:hover { filter: brightness(1.08) }
.editing > .body, .editing > .actions, .editing > .note { display: none }
:host { --_bad: light-dark(#b3261e, #ff9d94) }

.note { margin-block: 6px; padding: 8px 12px; border-radius: var(--_radius); background: color-mix(in srgb, var(--_accent) 10%, transparent); border-inline-start: 3px solid var(--_accent); font-size: .9em }
.note p { margin: 2px 0 }
.note-acts { display: flex; flex-wrap: wrap; margin-inline-start: -8px; font-size: .95em }
.mark.own { background: var(--_tint) }

.menu { position: absolute; inset-block-start: 100%; inset-inline-start: 0; z-index: 4; min-inline-size: 200px; max-inline-size: 100%; padding: 6px; border: 1px solid var(--_line); border-radius: var(--_radius); background: var(--_back); color: var(--_ink); box-shadow: 0 6px 24px rgb(0 0 0 / .25) }
.choose { display: block; inline-size: 100%; min-block-size: 40px; padding: 6px 12px; border-radius: 6px }
.choose:hover, .choose:focus-visible { background: var(--_tint) }

.dialog { color: CanvasText; --_ink: CanvasText; --_quiet: color-mix(in srgb, CanvasText 75%, transparent); background: Canvas; border: 1px solid var(--_line); border-radius: calc(var(--_radius) * 1.6); padding: 0; inline-size: min(420px, calc(100vw - 24px)); max-block-size: calc(100dvh - 24px); box-shadow: 0 16px 60px rgb(0 0 0 / .4); overscroll-behavior: contain }
.dialog::backdrop { background: rgb(0 0 0 / .5) }
.dialog-head { display: flex; justify-content: space-between; align-items: center; padding: 16px 14px 0 22px }
.dialog-title { margin: 0; font-size: 1.2em }
.dialog-content { padding: 8px 22px 20px }
.dialog-status { margin: 0; padding: 0 22px 18px; font-size: .95em }
.dialog-status:empty { display: none }
.form { display: grid; gap: 12px }
.form .go { min-block-size: 46px; margin-block-start: 4px }
.provider { min-block-size: 46px; padding: 8px 22px; line-height: 1.3; border: 1px solid color-mix(in srgb, currentColor 48%, transparent); border-radius: 99px; font-weight: 650; text-align: center }
.provider:hover { background: var(--_tint); border-color: var(--_accent) }
.or { display: flex; gap: 12px; align-items: center; margin: 4px 0 0; color: var(--_quiet); font-size: .9em }
.or::before, .or::after { content: ""; flex: 1; border-block-start: 1px solid var(--_line) }
.hint { margin: 0; color: var(--_quiet); font-size: .95em }
.field label { display: block; font-size: .88em; font-weight: 600; margin-block-end: 4px }
.digits { font-size: 1.3em; letter-spacing: .14em; font-variant-numeric: tabular-nums }
.ways { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 0 }
.choices { border: 0; padding: 0; margin: 0; display: grid }
.choices legend { font-weight: 600; padding: 0; font-size: .88em }
.choice { display: flex; gap: 10px; align-items: center; min-block-size: 38px; cursor: pointer }
.choice input { inline-size: 18px; block-size: 18px; flex: none; accent-color: var(--_accent) }
select.input { background: Canvas; color: CanvasText }
@media (forced-colors: active) { .go, .note { border: 1px solid } .go { background: ButtonFace; color: ButtonText } }
`);
