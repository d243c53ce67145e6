/** Leaves out the named schemas that nothing in the document refers to, directly or through others. */
export function dropUnusedSchemas<Document extends object>(document: Document): Document {
  const { components, ...rest } = document as Document & { components?: { schemas?: Record<string, unknown> } };
  const schemas = components?.schemas ?? {};
  const used = new Set<string>();
  const visit = (part: unknown): void => {
    for (const name of namesIn(part)) {
      if (used.has(name)) continue;
      used.add(name);
      visit(schemas[name]);
    }
  };
  visit(rest);
  const kept = Object.entries(schemas)
    .filter(([name]) => used.has(name))
    .toSorted(([a], [b]) => a.localeCompare(b, 'en'));
  return { ...rest, components: { ...components, schemas: Object.fromEntries(kept) } } as unknown as Document;
}

function namesIn(part: unknown): string[] {
  const references = JSON.stringify(part ?? null).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g);
  return [...references].map((match) => match[1] ?? '');
}
