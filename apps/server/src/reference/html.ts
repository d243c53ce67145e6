import { createHash } from 'node:crypto';

/** Text that is safe inside HTML; everything else has to be escaped before it becomes this. */
export interface Html {
  html: string;
}

/**
 * Writes HTML; whatever is filled in is escaped, unless it is `Html` itself.
 * @example html`<p>${name}</p>`
 */
export function html(parts: TemplateStringsArray, ...values: (string | number | Html | readonly Html[])[]): Html {
  const text = parts.map((part, index) => (index === 0 ? part : `${fill(values[index - 1] ?? '')}${part}`));
  return { html: text.join('') };
}

function fill(value: string | number | Html | readonly Html[]): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escapeHtml(value);
  return 'html' in value ? value.html : value.map((each) => each.html).join('');
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Escapes and sets what stands between backticks as code. */
export function withCode(text: string): Html {
  return { html: escapeHtml(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>') };
}

// The colours and measures of the interface, by value: these pages have to work before and without the web.
const style = `
:root{color-scheme:light dark;
--canvas:light-dark(oklch(.968 .004 95),oklch(.165 .008 240));--surface:light-dark(oklch(.995 .002 95),oklch(.2 .009 240));
--sunken:light-dark(oklch(.95 .005 95),oklch(.145 .007 240));--line:light-dark(oklch(.9 .006 95),oklch(.285 .01 240));
--ink:light-dark(oklch(.24 .015 235),oklch(.94 .005 95));--ink-2:light-dark(oklch(.42 .014 235),oklch(.78 .008 225));
--ink-3:light-dark(oklch(.52 .012 235),oklch(.68 .01 225));--accent:light-dark(oklch(.48 .082 217),oklch(.78 .095 205))}
*{box-sizing:border-box;margin:0}
body{font:400 .875rem/1.5 "Instrument Sans",ui-sans-serif,system-ui,"Segoe UI",sans-serif;font-variant-numeric:tabular-nums lining-nums;
color:var(--ink);background:var(--canvas);overflow-wrap:anywhere}
main{max-width:52rem;margin:0 auto;padding:48px 20px 96px}
h1{font-size:1.25rem;line-height:1.3;font-weight:600;letter-spacing:-.015em}h2{font-size:1rem;font-weight:600;margin:40px 0 8px}
h3{font-size:.875rem;font-weight:600}p,dl,table,pre,ul{margin:8px 0}p{max-width:42rem}.quiet{color:var(--ink-3)}
a{color:var(--accent);text-underline-offset:3px}:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
code,pre{font-family:"IBM Plex Mono",ui-monospace,Menlo,Consolas,monospace;font-size:.93em}
code{background:var(--sunken);border-radius:4px;padding:1px 4px}
pre{background:var(--sunken);border:1px solid var(--line);padding:12px 16px;overflow:auto;white-space:pre-wrap}pre code{background:none;padding:0}
section{background:var(--surface);border:1px solid var(--line);padding:14px 20px 16px;margin-top:-1px}section:target{border-left:2px solid var(--accent)}
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:4px 12px 4px 0;border-top:1px solid var(--line)}
th{font-weight:400;color:var(--ink-3);border:0}dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 20px}dt{color:var(--ink-3)}dd{margin:0}
ul{padding:0;list-style:none}.method{display:inline-block;min-width:7ch;background:none;color:var(--ink-2)}
@media(max-width:40rem){main{padding:24px 16px 64px}dl{grid-template-columns:1fr;gap:0 0}dd{margin-bottom:8px}td,th{padding-right:8px}}
`;

// Not within the template below: its blanks would change the hash.
const styleElement: Html = { html: `<style>${style}</style>` };

/** What a browser may do on these pages: draw this one style sheet, and nothing else. */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** A whole page, without scripts and without anything fetched from elsewhere. */
export function drawPage(title: string, body: Html): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${styleElement}
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html> `;
  return page.html;
}
