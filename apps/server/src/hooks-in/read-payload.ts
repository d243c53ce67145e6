// What is read whole is small; what is larger is none of it.
const parsedBytesMax = 4 * 1024 * 1024;

/** The body as JSON, where it is that and not larger than such bodies are. */
export function readPayload(body: Buffer): unknown {
  if (body.length > parsedBytesMax) return undefined;
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    // Reading it into facts says so, with the reason.
    return undefined;
  }
}
