/** The parts of an address that its pattern names, such as `team` in `/teams/$team`. */
export type Params = Readonly<Record<string, string>>;

/** What a pattern finds in an address; null where the address has another form. */
export function matchPath(pattern: string, pathname: string): Params | null {
  const wanted = splitPath(pattern);
  const found = splitPath(pathname);
  if (wanted.length !== found.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = decodePart(found[index] ?? '');
    if (value === null) return null;
    if (part.startsWith('$')) params[part.slice(1)] = value;
    else if (part !== value) return null;
  }
  return params;
}

/** The address that a pattern and its parts make. */
export function writePath(pattern: string, params: Params = {}): string {
  return pattern.replace(/\$(\w+)/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`${pattern} needs a ${name}`);
    return encodeURIComponent(value);
  });
}

function splitPath(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

/** Anybody can type an address that is no UTF-8. */
function decodePart(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
