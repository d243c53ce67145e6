import type { Instance } from '../deps.ts';
import { drawPage, html } from './html.ts';

/** What the first page has to tell. */
export interface Welcome {
  instance: Instance;
  /** The address as the visitor knows it. */
  address: string;
  storeAnswers: boolean;
}

/** The first page until the web comes: what runs, and what to type next. Nothing of any workspace is on it. */
export function drawWelcome({ instance, address, storeAnswers }: Welcome): string {
  const kind = instance.store === 'embedded' ? 'Embedded PostgreSQL in the data folder' : 'External PostgreSQL';
  return drawPage(
    'DevPulse',
    html`<h1>DevPulse runs</h1>
      <dl>
        <dt>Version</dt>
        <dd>${instance.version}</dd>
        <dt>Address</dt>
        <dd><code>${address}</code></dd>
        <dt>Store</dt>
        <dd>${kind}, ${storeAnswers ? 'answering' : 'not answering at the moment; it is tried again by itself'}</dd>
      </dl>
      <h2>Next</h2>
      <p>
        Read a folder with git repositories in, say which of the people found are you, and make a token for the API:
      </p>
      <pre><code>npm run devpulse -- import ~/code
npm run devpulse -- person list
npm run devpulse -- person link &lt;identity&gt;
npm run devpulse -- token create --scope read</code></pre>
      <p>Then ask for a number, and for its proof:</p>
      <pre><code>curl -H "Authorization: Bearer $DEVPULSE_TOKEN" '${address}/api/v1/metrics/commits?subject=me&amp;by=week'
curl -H "Authorization: Bearer $DEVPULSE_TOKEN" '${address}/api/v1/metrics/commits/receipt?subject=me'</code></pre>
      <h2>More</h2>
      <ul>
        <li><a href="/docs">The API</a>, also as <a href="/openapi.json">openapi.json</a></li>
        <li>
          <a href="/healthz">healthz</a>, <a href="/readyz">readyz</a> and <a href="/metrics">metrics</a> for those who
          watch over it
        </li>
      </ul>`,
  );
}
