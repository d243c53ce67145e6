import { errorCatalogue, errorCodes } from '@devpulse/contract/errors';
import { scopes } from '@devpulse/contract/permissions';
import { tokenPattern } from '../tokens/token-format.ts';
import { type ApiDocument, type ApiOperation, listOperations } from './api-document.ts';
import { drawPage, type Html, html, withCode } from './html.ts';

/** The reference as one page: every operation, how to be let in, every error. */
export function drawDocs(document: ApiDocument): string {
  const operations = listOperations(document);
  const chapters = document.tags.map((tag) => ({
    tag,
    own: operations.filter(({ operation }) => operation.tags.includes(tag.name)),
  }));
  return drawPage(
    'DevPulse API',
    html`<h1>DevPulse API ${document.info.version}</h1>
      <p>Everything here is made from the routes themselves. For machines: <a href="/openapi.json">openapi.json</a>.</p>
      ${drawContents(chapters)} ${drawAccess()}
      ${chapters
        .filter(({ own }) => own.length > 0)
        .map(
          ({ tag, own }) =>
            html`<h2>${tag.name}</h2>
              <p>${withCode(tag.description)}</p>
              ${own.map(drawOperation)}`,
        )}
      ${drawErrors()}`,
  );
}

type Listed = ReturnType<typeof listOperations>[number];

function drawContents(chapters: { own: Listed[] }[]): Html {
  const lines = chapters.flatMap(({ own }) =>
    own.map(
      ({ method, path, operation }) =>
        html`<li>
          <code class="method">${method}</code> <a href="#${operation.operationId}"><code>${path}</code></a>
          ${operation.summary}
        </li>`,
    ),
  );
  return html`<ul>
    ${lines}
  </ul>`;
}

function drawAccess(): Html {
  return html`<h2 id="access">Being let in</h2>
    <p>Make a token under Settings, Security, or on the machine that runs DevPulse, and send it with every request:</p>
    <pre><code>npm run devpulse -- token create --scope read
curl -H "Authorization: Bearer $DEVPULSE_TOKEN" 'http://localhost:3000/api/v1/metrics'</code></pre>
    <table>
      <tr>
        <th>Scope</th>
        <th>Lets in to</th>
      </tr>
      ${Object.entries(scopes).map(
        ([name, text]) =>
          html`<tr>
            <td><code>${name}</code></td>
            <td>${text}</td>
          </tr>`,
      )}
    </table>
    <p>
      A token is seen once, when it is made; the store keeps a hash of it. For scanners that look for leaked secrets,
      tokens match <code>${tokenPattern}</code>; the last six characters are the CRC32 of the 32 before them in base 62
      (digits, capitals, small letters).
    </p>`;
}

function drawOperation({ method, path, operation }: Listed): Html {
  const scope = Object.values(operation.security[0] ?? {})[0]?.[0];
  return html`<section id="${operation.operationId}">
    <h3><code class="method">${method}</code> <code>${path}</code></h3>
    <p>
      ${operation.summary}${operation.summary.endsWith('?') ? '' : '.'}
      <span class="quiet">${scope === undefined ? 'Public.' : html`Scope <code>${scope}</code>.`}</span>
    </p>
    ${(operation.description ?? '')
      .split('\n\n')
      .filter((text) => text !== '')
      .map((text) => html`<p>${withCode(text)}</p>`)}
    ${drawParameters(operation)}
    ${operation.requestBody === undefined ? '' : html`<p class="quiet">Body: ${Object.keys(operation.requestBody.content).join(' or ')}</p>`}
    <table>
      <tr>
        <th>Answer</th>
        <th></th>
      </tr>
      ${Object.entries(operation.responses).map(
        ([status, answer]) =>
          html`<tr>
            <td>${status}</td>
            <td>${withCode(answer.description)}</td>
          </tr>`,
      )}
    </table>
  </section>`;
}

function drawParameters(operation: ApiOperation): Html {
  if (operation.parameters.length === 0) return html``;
  const rows = operation.parameters.map(
    (parameter) =>
      html`<tr>
        <td><code>${parameter.name}</code>${parameter.required === true ? ' *' : ''}</td>
        <td>${describeValues(parameter.schema)}</td>
        <td>${withCode(parameter.description ?? '')}</td>
      </tr>`,
  );
  return html`<table>
    <tr>
      <th>Parameter</th>
      <th>Value</th>
      <th></th>
    </tr>
    ${rows}
  </table>`;
}

function describeValues(schema: ApiOperation['parameters'][number]['schema']): string {
  const values = schema.enum?.map(String).join(', ') ?? [schema.type ?? 'text'].flat().join(' or ');
  return schema.default === undefined ? values : `${values}; ${JSON.stringify(schema.default)} when left out`;
}

function drawErrors(): Html {
  const rows = errorCodes.map((code) => {
    const { status, title, advice, retry } = errorCatalogue[code];
    return html`<section id="error-${code}">
      <h3><code>${code}</code> ${status}</h3>
      <p>${title}. ${withCode(advice)}${retry ? ' The same request may succeed later.' : ''}</p>
    </section>`;
  });
  return html`<h2 id="errors">Errors</h2>
    <p>Errors are <code>application/problem+json</code>. Go by <code>code</code>: it stays, the words may change.</p>
    ${rows}`;
}
