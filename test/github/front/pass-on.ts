import type { Ask, Reply } from './state.ts';

/** Everything the front does not know is the emulator's; its addresses become ours. */
export async function passOn(ask: Ask): Promise<Reply> {
  const { state, world, method, path, asked, body } = ask;
  const headers: Record<string, string> = { authorization: 'Bearer front' };
  for (const name of ['accept', 'content-type']) if (ask.headers[name] !== undefined) headers[name] = ask.headers[name];
  const answered = await fetch(`${state.emulator}${path}${asked.search}`, {
    method,
    redirect: 'manual',
    headers,
    ...(method === 'GET' || method === 'HEAD' ? {} : { body: new Uint8Array(body) }),
  });
  const here = (text: string) => {
    const origin = state.emulator.replace('127.0.0.1', 'localhost');
    return text.replaceAll(state.emulator, world.api).replaceAll(origin, world.api);
  };
  const kept: Record<string, string> = {};
  for (const name of ['content-type', 'link', 'location']) {
    const value = answered.headers.get(name);
    if (value !== null) kept[name] = here(value);
  }
  const text = here(await answered.text());
  const isJson = (kept['content-type'] ?? '').includes('json');
  return {
    status: answered.status,
    headers: kept,
    ...(isJson && text !== '' ? { body: JSON.parse(text) as unknown } : { text }),
  };
}
