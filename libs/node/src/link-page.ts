import { createHash } from 'node:crypto'
import type { LinkedItem, LinkView } from './link-view.js'

const style = `body{font:16px/1.45 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:1rem;color:#1c2430;background:#fff}
h1{font-size:1.35rem;margin:.2rem 0}h2{font-size:1.05rem;margin:1.6rem 0 .4rem}p{margin:.3rem 0}
.quiet{color:#5a6675;font-size:.9rem}.act{font-weight:600}ul{padding-left:1.1rem}li{margin:.5rem 0}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .6rem .35rem 0;border-bottom:1px solid #dfe4ea;vertical-align:top}
.held{color:#a11}@media(prefers-color-scheme:dark){body{color:#e6eaf0;background:#14181e}th,td{border-color:#333c47}.quiet{color:#9aa7b5}.held{color:#f88}}`

const states: Readonly<Record<LinkView['status'], string>> = { open: 'under way', delivered: 'delivered', cancelled: 'cancelled' }

/** The page may not load, run, frame or send anything; its one style is named by its hash. */
export const linkHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex, nofollow',
  'cache-control': 'no-store',
  vary: 'accept',
}

export function linkPage(view: LinkView): string {
  const { consignment, status, from, to, items, standing, expiresAt, shownAt } = view
  const reasons = standing.map(({ sentence, actionBy, items: ids, since, respondBy }) => {
    const who = actionBy.length > 0 ? `<br><span class="act">To act: ${actionBy.map(({ name }) => text(name)).join(' or ')}${respondBy === undefined ? '' : `, by ${time(respondBy)}`}</span>` : ''
    return `<li>${text(sentence)}${who}<br><span class="quiet">Since ${time(since)}: ${ids.map(text).join(', ')}</span></li>`
  })
  return page(`Consignment ${consignment}`, `<h1>${text(from.name)} → ${text(to.name)}</h1>
<p class="quiet">Consignment ${text(consignment)}, ${states[status]}, ${items.length === 1 ? 'one item' : `${items.length} items`}</p>
<h2>Why it stands, and who must act</h2>
<ul>${reasons.join('\n')}</ul>
<h2>Where each item is</h2>
<table><thead><tr><th>Item<th>Where<th>In whose hands<th>Expected at</thead>
<tbody>${items.map(row).join('\n')}</tbody></table>
<p class="quiet">As it was known at ${time(shownAt)}; load the page again for news. The link opens it until ${time(expiresAt)}. Whoever has the link can read this page: pass it on with care.</p>`)
}

/** The same whether there never was such a link, it has run out, or it was revoked. */
export const noLinkPage = page('Nothing here', '<h1>There is nothing here</h1>\n<p>The link is not complete, has run out, or was taken back. Ask whoever sent it for a new one.</p>')

function row({ id, holder, place, heldBy, expected }: LinkedItem): string {
  const held = heldBy.length > 0 ? `<br><span class="held">held by ${heldBy.map(({ name }) => text(name)).join(', ')}</span>` : ''
  const cells = [text(id), place ? `${text(place.name)}${place.at === undefined ? '' : `<br><span class="quiet">${time(place.at)}</span>`}` : '', `${text(holder.name)}${held}`, expected ? `${text(expected.name)}<br><span class="quiet">${time(expected.at)}</span>` : '']
  return `<tr>${cells.map((cell) => `<td>${cell}`).join('')}`
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<title>${text(title)}</title>
<style>${style}</style>
${body}
</html>
`
}

function text(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')
}

/** `2026-11-24T09:00:00Z` → `2026-11-24 09:00 UTC`. */
function time(value: string): string {
  return `${text(value.slice(0, 16).replace('T', ' '))} UTC`
}
