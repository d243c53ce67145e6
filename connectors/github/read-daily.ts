import { z } from 'zod';
import { heardAt, getAll, getOptional, keep, type Look, readItems, toEvent } from './look.ts';

const dailyAnswers = [
  ['languages', '/languages'],
  ['community', '/community/profile'],
  // GitHub forgets these after fourteen days.
  ['traffic-views', '/traffic/views'],
  ['traffic-clones', '/traffic/clones'],
] as const;

/** What has a reading for every day: it rises and falls, and nothing tells of it afterwards. */
export async function readDaily(look: Look): Promise<void> {
  const whole = await getOptional(look, look.live, '');
  if (whole !== null) await keep(look, [toEvent(heardAt(look, whole.at), 'repository', whole.json, {})]);
  for (const [shape, path] of dailyAnswers) {
    const answer = await getOptional(look, look.live, path);
    if (answer === null || answer.json === undefined) continue;
    await keep(look, [toEvent(heardAt(look, answer.at), shape, answer.json, {})]);
  }
  const comments = await getAll(look, look.live, '/comments?per_page=100');
  if (comments !== null && comments.items.length > 0)
    await keep(look, [toEvent(heardAt(look, comments.at), 'commit-comments', comments.items, {})]);
  const alerts = await getAll(look, look.live, '/dependabot/alerts?per_page=100');
  if (alerts !== null && alerts.items.length > 0)
    await keep(look, [toEvent(heardAt(look, alerts.at), 'alerts', alerts.items, {})]);
}

const ref = z.looseObject({ ref: z.string(), object: z.looseObject({ sha: z.string() }) });
/** Beyond that many, those that are gone are not told apart. */
const refsMax = 1000;

/** Where branches and tags stand; told when something moved. */
export async function readRefs(look: Look): Promise<void> {
  const { cursor } = look;
  const heads = await getOptional(look, look.live, '/git/matching-refs/heads/');
  const tags = await getOptional(look, look.live, '/git/matching-refs/tags/');
  if (heads === null || tags === null) return;
  const found = z.array(ref).parse([...readItems(heads.json), ...readItems(tags.json)]);
  const now = Object.fromEntries(found.map(({ ref: name, object }) => [name, object.sha]));
  const known = cursor.refs ?? {};
  const gone = Object.keys(known).filter((name) => now[name] === undefined);
  if (gone.length === 0 && found.every(({ ref: name, object }) => known[name] === object.sha)) return;
  await keep(look, [toEvent(heardAt(look, tags.at), 'refs', found, { gone })]);
  cursor.refs = found.length > refsMax ? null : now;
}
