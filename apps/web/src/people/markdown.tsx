import './people.css';
import { micromark } from 'micromark';
import { Fragment, type ReactElement, type ReactNode, useMemo } from 'react';

/**
 * What somebody wrote of themselves. HTML in it is text; links tell no referrer and vouch for nobody; pictures are not fetched,
 * only what they are said to show is. Drawn from a list of known parts, never as markup.
 */
export function Markdown({ text }: { text: string }): ReactElement {
  const nodes = useMemo(() => draw(parse(text)), [text]);
  return <div className="markdown">{nodes}</div>;
}

function parse(text: string): Node[] {
  // Without scripts, and in a document of its own: nothing in it is fetched or run.
  const page = new DOMParser().parseFromString(micromark(text), 'text/html');
  return [...page.body.childNodes];
}

/** Parts that may be drawn, and as what: a heading within a profile would upset the order of the page's own. */
const drawn: Readonly<Record<string, 'p' | 'em' | 'strong' | 'code' | 'pre' | 'ul' | 'ol' | 'li' | 'blockquote'>> = {
  P: 'p',
  EM: 'em',
  STRONG: 'strong',
  CODE: 'code',
  PRE: 'pre',
  UL: 'ul',
  OL: 'ol',
  LI: 'li',
  BLOCKQUOTE: 'blockquote',
};

function draw(nodes: readonly Node[]): ReactNode {
  return nodes.map((node, index) => <Fragment key={index}>{drawOne(node)}</Fragment>);
}

function drawOne(node: Node): ReactNode {
  if (!(node instanceof Element)) return node.textContent;
  const Tag = drawn[node.tagName];
  const inside = draw([...node.childNodes]);
  if (Tag !== undefined) return <Tag>{inside}</Tag>;
  if (/^H[1-6]$/.test(node.tagName))
    return (
      <p>
        <strong>{inside}</strong>
      </p>
    );
  if (node.tagName === 'A') return drawLink(node.getAttribute('href') ?? '', inside);
  if (node.tagName === 'IMG') return node.getAttribute('alt');
  return node.tagName === 'BR' ? <br /> : inside;
}

function drawLink(href: string, inside: ReactNode): ReactNode {
  if (!/^(https?:|mailto:)/i.test(href)) return inside;
  return (
    <a href={href} className="link" rel="nofollow noopener noreferrer" target="_blank">
      {inside}
    </a>
  );
}
