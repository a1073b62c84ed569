/** The look of the dashboard (PatternFly's colours and sizes), for pages that are made here and need no script. */
export const SETUP_STYLE = `
:root { color-scheme: light dark;
  --surface: #ffffff; --sunken: #f2f2f2; --line: #c7c7c7; --text: #151515; --subtle: #4d4d4d; --link: #0066cc;
  --blue: #0066cc; --on-blue: #ffffff; --green: #3d7317; --orange: #a84b00; --red: #b1181c; --field: #ffffff;
  --warn-tint: #fdf4ea; --good-tint: #f3faf2; --bad-tint: #fdf1f0 }
@media (prefers-color-scheme: dark) { :root {
  --surface: #151515; --sunken: #1f1f1f; --line: #4d4d4d; --text: #ffffff; --subtle: #c7c7c7; --link: #92c5f9;
  --blue: #92c5f9; --on-blue: #151515; --green: #87bb62; --orange: #f8ae54; --red: #f7837f; --field: #1f1f1f;
  --warn-tint: #33281a; --good-tint: #1d2a17; --bad-tint: #351f1e } }
* { box-sizing: border-box }
body { margin: 0; background: var(--surface); color: var(--text);
  font: 0.875rem/1.5 "Red Hat Text", "RedHatText", system-ui, sans-serif; overflow-wrap: break-word }
h1, h2, .brand { font-family: "Red Hat Display", "RedHatDisplay", system-ui, sans-serif }
h1 { font-size: 1.5rem; line-height: 1.3; margin: 0; text-wrap: balance }
h2 { font-size: 1.0625rem; margin: 0 }
p, dl, ul, ol, pre, fieldset { margin: 0 }
code, pre { font-family: "Red Hat Mono", ui-monospace, monospace; font-size: 0.8125rem; overflow-wrap: anywhere }
a { color: var(--link); text-underline-offset: 0.2em }
:focus-visible { outline: 2px solid var(--blue); outline-offset: 2px }
.masthead { background: var(--sunken); border-bottom: 1px solid var(--line) }
.masthead > a { display: flex; gap: 0.5rem; align-items: center; max-width: 52rem; margin: 0 auto;
  min-height: 3.25rem; padding: 0 1rem; color: var(--text); text-decoration: none; font-weight: 600; font-size: 1.0625rem }
main { max-width: 52rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; display: grid; gap: 1.25rem;
  grid-template-columns: minmax(0, 1fr) }
section { display: grid; gap: 0.75rem; grid-template-columns: minmax(0, 1fr) }
.panel { border: 1px solid var(--line); border-radius: 4px; padding: 1rem 1.25rem 1.25rem }
.subtle { color: var(--subtle) }
.notice { border: 1px solid var(--line); border-left: 4px solid var(--orange); border-radius: 4px;
  background: var(--warn-tint); padding: 0.75rem 1rem }
.notice.good { border-left-color: var(--green); background: var(--good-tint) }
.notice.bad { border-left-color: var(--red); background: var(--bad-tint) }
.notice strong { display: block }
dl { display: grid; grid-template-columns: minmax(7rem, auto) minmax(0, 1fr); gap: 0.375rem 1.25rem }
dt { color: var(--subtle) }
dd { margin: 0 }
ul, ol { padding-left: 1.25rem; display: grid; gap: 0.25rem }
form { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr) }
.field, fieldset { display: grid; gap: 0.25rem; border: 0; padding: 0; min-width: 0 }
.field label, legend { font-weight: 600; padding: 0 }
input[type=text] { width: 100%; max-width: 30rem; min-height: 2.25rem; padding: 0.375rem 0.5rem; font: inherit;
  color: var(--text); background: var(--field); border: 1px solid var(--subtle); border-radius: 4px }
input[aria-invalid=true] { border-color: var(--red) }
.choice { display: flex; gap: 0.5rem; align-items: baseline; padding: 0.25rem 0 }
.error { color: var(--red) }
.button { display: inline-block; width: fit-content; max-width: 100%; min-height: 2.25rem; padding: 0.4375rem 1rem;
  font: inherit; font-weight: 500; text-decoration: none; text-align: center; cursor: pointer;
  border: 1px solid var(--blue); border-radius: 999px; background: var(--blue); color: var(--on-blue) }
.button.second { background: transparent; color: var(--link) }
.actions { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center }
pre { border: 1px solid var(--line); border-radius: 4px; background: var(--sunken); padding: 0.75rem;
  white-space: pre-wrap; user-select: all }
summary { cursor: pointer; color: var(--link); width: fit-content }
details[open] > summary { margin-bottom: 0.75rem }
@media (max-width: 30rem) { dl { grid-template-columns: minmax(0, 1fr); gap: 0 } dd { margin-bottom: 0.5rem } }
`
